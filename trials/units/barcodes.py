"""Barcodes of trial units: ``LG``, eight digits, a check digit."""

import secrets

PREFIX = "LG"
DIGITS = 8


def check_digit(digits: str) -> str:
    """Return the Luhn check digit of ``digits`` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_well_formed(barcode: str) -> bool:
    """Tell whether ``barcode`` looks like one of ours and was read without an error."""
    digits = barcode.removeprefix(PREFIX)
    return (
        barcode.startswith(PREFIX)
        and digits.isascii()
        and digits.isdigit()
        and len(digits) == DIGITS + 1
        and check_digit(digits[:-1]) == digits[-1]
    )


def new_barcode() -> str:
    """Return a random barcode, which may be taken already."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return f"{PREFIX}{digits}{check_digit(digits)}"


def normalised(scanned: str) -> str:
    """Return what a scanner or a tired hand typed as it is stored."""
    return "".join(scanned.split()).upper()
