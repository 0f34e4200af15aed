"""Settings of carriers and parcels, as ``.env.example`` documents them."""

from typing import NamedTuple

import environ


class EasyPost(NamedTuple):
    """The account at EasyPost; without a key there is none.

    Attributes:
        key: of the API.
        base: its address; another makes the shop talk to a sandbox.
        webhook_secret: signs what it reports.
        service: "DHLPaket", or with its carrier "DHLPaket:DHLPaket"; empty for the cheapest.
    """

    key: str
    base: str
    webhook_secret: str
    service: str


class Parcels(NamedTuple):
    """How boxes are sent.

    Attributes:
        carrier: who labels are made with: "built-in" or "easypost".
        centimetres: a packed box: length, width, height.
        grams: its weight.
        silent_days: so many days without news, and somebody looks after a parcel.
        ship_within_days: so many working days after it is approved a box leaves in time.
        ship_cutoff_hour: what is approved at this hour or later counts as of the next working day.
        missed_after_days: so many days after it was shipped a customer may say that it never came.
        labels_besides: so many return labels a customer may ask for besides the one in her box.
    """

    carrier: str
    centimetres: list[int]
    grams: int
    silent_days: int
    labels_besides: int
    ship_within_days: int
    ship_cutoff_hour: int
    missed_after_days: int


def easypost(env: environ.Env) -> EasyPost:
    """Return the account that the environment names."""
    return EasyPost(
        key=env.str("EASYPOST_API_KEY", default=""),
        base=env.str("EASYPOST_API_BASE", default="https://api.easypost.com").rstrip("/"),
        webhook_secret=env.str("EASYPOST_WEBHOOK_SECRET", default=""),
        service=env.str("EASYPOST_SERVICE", default=""),
    )


def parcels(env: environ.Env) -> Parcels:
    """Return how the environment has boxes sent; by EasyPost where there is an account."""
    usual = "easypost" if env.str("EASYPOST_API_KEY", default="") else "built-in"
    return Parcels(
        carrier=env.str("CARRIER", default=usual),
        centimetres=env.list("PARCEL_CM", cast=int, default=[32, 24, 12]),
        grams=env.int("PARCEL_GRAMS", default=900),
        silent_days=env.int("PARCEL_SILENT_DAYS", default=5),
        labels_besides=env.int("RETURN_LABELS_BESIDES", default=2),
        ship_within_days=env.int("SHIP_WITHIN_DAYS", default=1),
        ship_cutoff_hour=env.int("SHIP_CUTOFF_HOUR", default=14),
        missed_after_days=env.int("BOX_MISSED_AFTER_DAYS", default=5),
    )
