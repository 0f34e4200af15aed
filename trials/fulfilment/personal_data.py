"""Batches and manifests say nothing of customers; they name who of staff did what."""

from shop.foundation.privacy import keep_personal_data, not_personal

WHO = "Who of staff did it."

keep_personal_data("trials.PickBatch", "created_by", why=WHO)
keep_personal_data("trials.Pick", "by", why=WHO)
keep_personal_data("trials.UnitNotFound", "by", why=WHO)
keep_personal_data("trials.Manifest", "created_by", why=WHO)
keep_personal_data("trials.ManifestParcel", "added_by", why=WHO)
not_personal("trials.Manifest", "carrier", why="The carrier's code.")
