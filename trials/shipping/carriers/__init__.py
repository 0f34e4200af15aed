"""Carriers: who takes parcels, makes their labels and tells where they are."""

from django.conf import settings

from trials.shipping.carriers.built_in import (
    BUILT_IN,
    SIGNATURE_HEADER,
    BuiltInCarrier,
    signature,
)
from trials.shipping.carriers.easypost import EASYPOST, EasyPostCarrier
from trials.shipping.carriers.interface import Carrier, Label, Word

__all__ = [
    "BUILT_IN",
    "CARRIERS",
    "EASYPOST",
    "SIGNATURE_HEADER",
    "Carrier",
    "Label",
    "Word",
    "carriers_that_tell",
    "default_carrier",
    "signature",
]

CARRIERS: dict[str, Carrier] = {BUILT_IN: BuiltInCarrier(), EASYPOST: EasyPostCarrier()}


def default_carrier() -> str:
    """Return the code of the carrier that labels are made with: ``CARRIER``."""
    code: str = settings.CARRIER
    return code


def carriers_that_tell() -> list[str]:
    """Return the codes of the carriers that can be asked where a parcel is."""
    return [code for code, carrier in CARRIERS.items() if carrier.tells]
