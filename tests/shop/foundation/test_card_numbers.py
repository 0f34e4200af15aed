"""Card numbers are found however they are written, and other numbers are left in peace."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.foundation.card_numbers import (
    CardNumberError,
    contains_card_number,
    refuse_card_numbers,
    without_card_numbers,
)

# Stripe's documented test cards, one a brand and length.
CARDS = [
    "4242424242424242",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "36227206271667",
    "6011111111111117",
    "3566002020360505",
    "6205500000000000004",
    "6200000000000005",
]
SEPARATORS = [
    " ",
    "  ",
    "\u00a0",
    "\u202f",
    "-",
    " - ",
    "/",
    ".",
    "\n",
    "\r\n",
    ", ",
    "_",
    "\u200b",
]


def grouped(card: str, separator: str, *, size: int = 4) -> str:
    return separator.join(card[at : at + size] for at in range(0, len(card), size))


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("separator", ["", *SEPARATORS])
def test_every_brand_is_found_however_it_is_grouped(card: str, separator: str) -> None:
    assert contains_card_number(grouped(card, separator))


@pytest.mark.parametrize(
    "evasion",
    [
        "4242 4242 4242 4242 12/27 123",
        "card 1 4242 4242 4242 4242",
        "4242424242424242 12/27 123",
        "12/27 123 4242424242424242",
        "mycard4242424242424242x",
        "3782 822463 10005",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "４２４２ ４２４２ ４２４２ ４２４２",
        r"4242\n4242\n4242\n4242",
    ],
)
def test_what_stands_beside_or_between_hides_nothing(evasion: str) -> None:
    assert contains_card_number(evasion)
    with pytest.raises(CardNumberError):
        refuse_card_numbers("harmless", evasion)


@pytest.mark.parametrize(
    "harmless",
    [
        "4242 4242 4242 4241",
        "+49 151 4242 4242 42",
        "0151 42424242, 10115 Berlin",
        "4006381333931",
        "00340434161094042557",
        "1Z 999 AA1 01 2345 6784",
        "DE89 3704 0044 0532 0130 00",
        "2026-11-25 15:02:20.123456",
        "T-2345-6789",
    ],
)
def test_phones_barcodes_parcels_and_dates_are_left_in_peace(harmless: str) -> None:
    refuse_card_numbers(harmless)
    assert without_card_numbers(harmless) == harmless


def test_only_the_card_number_is_blotted_out() -> None:
    text = "first 4242 4242 4242 4242 12/27, then 378282246310005."
    assert without_card_numbers(text) == "first [card number] 12/27, then [card number]."


def with_check_digit(digits: str) -> str:
    doubled = sum(sum(divmod(int(each) * 2, 10)) for each in digits[::-2])
    return digits + str(-(doubled + sum(map(int, digits[-2::-2]))) % 10)


WORDS = st.text(alphabet=string.ascii_letters + " .,:()\n", max_size=20)


@given(
    card=st.from_regex(r"\A(?:4[0-9]|5[1-5])[0-9]{13}\Z").map(with_check_digit),
    separator=st.sampled_from(["", *SEPARATORS]),
    size=st.integers(min_value=2, max_value=6),
    before=WORDS,
    after=WORDS,
    beside=st.from_regex(r"\A(?:[0-9]{1,4})?\Z"),
)
def test_any_valid_card_number_is_found_in_any_text(
    card: str, separator: str, size: int, before: str, after: str, beside: str
) -> None:
    text = f"{before} {beside} {grouped(card, separator, size=size)} {beside} {after}"
    assert contains_card_number(text)
    assert grouped(card, separator, size=size) not in without_card_numbers(text)


@given(
    phone=st.from_regex(r"\A(?:\+[1-9]|0)[0-9]{1,3}(?:[ /-]?[0-9]{2,4}){2,3}\Z").filter(
        lambda each: sum(map(str.isdigit, each)) <= 13
    ),
    before=WORDS,
)
def test_no_phone_number_is_taken_for_a_card(phone: str, before: str) -> None:
    assert not contains_card_number(f"{before} {phone}")


@given(number=st.from_regex(r"\A(?:[0-9]{8}|[0-9]{12,13}|[0-9]{20,30})\Z"), before=WORDS)
def test_no_barcode_and_no_parcel_number_is_taken_for_a_card(number: str, before: str) -> None:
    assert not contains_card_number(f"{before} {number}")


@given(digits=st.from_regex(r"\A[01789][0-9]{12,18}\Z"))
def test_no_number_that_begins_like_no_card_is_taken_for_one(digits: str) -> None:
    assert not contains_card_number(digits)
