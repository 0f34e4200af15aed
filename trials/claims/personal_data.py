"""Claims: between the shop and a carrier, kept as books are."""

from shop.foundation.privacy import keep_personal_data, not_personal

keep_personal_data(
    "trials.Claim",
    "opened_by",
    "reason",
    why="Why a parcel was given up, and who of staff did so: kept with what was paid for it.",
)
not_personal("trials.Claim", "carrier", "reference", why="The carrier's own.")
