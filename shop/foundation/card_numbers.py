"""Card numbers in free text: found, so that they are never stored or logged."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shop.foundation.errors import InvalidError

GROUP = re.compile(r"\d+")
# What stands between groups where people write naturally or try what passes: spaces of any kind,
# dashes, dots, slashes, line ends; and line ends as JSON writes them into a log.
BETWEEN_GROUPS = re.compile(r"(?:\\[nrt]|[\W_]){1,4}")
LONGEST = 19
# How the numbers of each brand begin and how long they are, as the brands publish it. Visa's old
# 13 digits are left out: none was issued for decades, and the barcode of every article made in
# Germany would look like one.
BRANDS = (
    ("Visa", re.compile(r"4"), {16, 19}),
    ("Mastercard", re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    ("American Express", re.compile(r"3[47]"), {15}),
    ("Diners Club", re.compile(r"30[0-5]|3095|3[689]"), {14, 16, 19}),
    ("Discover", re.compile(r"6011|64[4-9]|65"), {16, 19}),
    ("JCB", re.compile(r"352[89]|35[3-8]"), {16, 19}),
    ("UnionPay", re.compile(r"62"), {16, 17, 18, 19}),
    ("Maestro", re.compile(r"5018|5020|5038|5893|6304|6759|676[1-3]"), {16, 18, 19}),
)


class CardNumberError(InvalidError):
    """A text holds a card number, which the shop keeps nowhere."""

    code = "card_number"


def contains_card_number(text: str) -> bool:
    """Tell whether ``text`` holds a card number, alone or among other digits.

    Whole groups of digits are looked at, each with those that follow it, so that an expiry date
    or a house number beside a card number hides nothing. Of other numbers as long and beginning
    like a card's, one in ten passes the check digit and is taken for one.
    """
    return any(_spans(text))


def without_card_numbers(text: str) -> str:
    """Return ``text`` with every card number in it blotted out."""
    parts, at = [], 0
    for start, end in _spans(text):
        parts += [text[at:start], "[card number]"]
        at = end
    return "".join([*parts, text[at:]])


def refuse_card_numbers(*texts: str) -> None:
    """Make sure that none of ``texts`` holds a card number before they are stored.

    Raises:
        CardNumberError: one does.
    """
    if any(contains_card_number(text) for text in texts):
        raise CardNumberError(_("This looks like a card number. Please leave it out."))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers stand, from left to right and without overlap."""
    groups = list(GROUP.finditer(text))
    first = 0
    while first < len(groups):
        last = _last_group(text, groups, first)
        if last is None:
            first += 1
        else:
            yield groups[first].start(), groups[last].end()
            first = last + 1


def _last_group(text: str, groups: list[re.Match[str]], first: int) -> int | None:
    """Return the group with which the longest card number that begins with ``first`` ends."""
    digits, found = "", None
    for at in range(first, len(groups)):
        if at > first and not BETWEEN_GROUPS.fullmatch(
            text, groups[at - 1].end(), groups[at].start()
        ):
            break
        digits += groups[at][0]
        if len(digits) > LONGEST:
            break
        if _is_card_number(digits):
            found = at
    return found


def _is_card_number(digits: str) -> bool:
    # Other scripts have digits, too, and phones that type them.
    plain = "".join(str(int(digit)) for digit in digits)
    return _passes_luhn(plain) and any(
        len(plain) in lengths and begins.match(plain) for _name, begins, lengths in BRANDS
    )


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (2 if place % 2 else 1)
        total += weighted - 9 if weighted > 9 else weighted
    return total % 10 == 0
