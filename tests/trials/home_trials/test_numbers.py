"""A trial's number tells of a slip of the pen."""

from hypothesis import given
from hypothesis import strategies as st

from trials.home_trials.numbers import ALPHABET, is_well_formed, new_number


@given(st.integers(0, 6), st.integers(1, len(ALPHABET) - 1))
def test_one_wrong_character_is_noticed(place: int, off_by: int) -> None:
    number = new_number()
    at = place + 2
    other = ALPHABET[(ALPHABET.index(number[at]) + off_by) % len(ALPHABET)]

    assert is_well_formed(number)
    assert not is_well_formed(f"{number[:at]}{other}{number[at + 1 :]}")


@given(st.integers(0, 5))
def test_two_characters_swapped_are_noticed(place: int) -> None:
    number = new_number()
    at = place + 2
    swapped = f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"

    assert swapped == number or not is_well_formed(swapped)
