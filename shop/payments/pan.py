"""Card numbers in free text: found, so that they are never stored or logged."""

import re

# 13 to 19 digits, alone or in groups, as ISO/IEC 7812 has them.
CANDIDATE = re.compile(r"(?<!\d)(?:\d[ .-]?){12,18}\d(?!\d)")


def contains_card_number(text: str) -> bool:
    """Tell whether ``text`` holds a run of 13 to 19 digits that passes Luhn's check."""
    return any(_passes_luhn(re.sub(r"\D", "", found)) for found in CANDIDATE.findall(text))


def without_card_numbers(text: str) -> str:
    """Return ``text`` with every card number in it blotted out."""
    return CANDIDATE.sub(
        lambda found: "[card number]" if contains_card_number(found[0]) else found[0], text
    )


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (2 if place % 2 else 1)
        total += weighted - 9 if weighted > 9 else weighted
    return total % 10 == 0
