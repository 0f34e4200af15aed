"""New units have barcodes of their own that a scanner's slip does not turn into another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.shop import StaffFactory, VariantFactory
from trials.units.barcodes import check_digit, is_well_formed, new_barcode, normalised
from trials.units.errors import UnitCountError
from trials.units.models import TrialUnit, UnitMovement
from trials.units.queries import available_counts
from trials.units.services.making import create_units


@pytest.mark.django_db
def test_units_are_on_the_shelf_with_distinct_barcodes_and_a_first_movement() -> None:
    variant, ops = VariantFactory(), StaffFactory()

    units = create_units(variant_id=variant.pk, count=50, location="B2", by=ops)

    assert len({unit.barcode for unit in units}) == 50
    assert all(is_well_formed(unit.barcode) for unit in units)
    assert available_counts([variant.pk]) == {variant.pk: 50}
    assert UnitMovement.objects.filter(to_state="available", actor=ops).count() == 50


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1001])
def test_a_count_out_of_range_makes_none(count: int) -> None:
    with pytest.raises(UnitCountError):
        create_units(variant_id=VariantFactory().pk, count=count)

    assert not TrialUnit.objects.exists()


@pytest.mark.django_db
def test_a_variant_without_units_has_none_free() -> None:
    variant = VariantFactory()

    assert available_counts([variant.pk]) == {variant.pk: 0}


def test_luhn_of_the_standards_example() -> None:
    assert check_digit("7992739871") == "3"


@given(st.integers(0, 7), st.integers(1, 9))
def test_one_digit_misread_is_noticed(place: int, off_by: int) -> None:
    barcode = new_barcode()
    at = place + 2
    wrong = (int(barcode[at]) + off_by) % 10

    assert is_well_formed(barcode)
    assert not is_well_formed(f"{barcode[:at]}{wrong}{barcode[at + 1 :]}")


def test_what_a_tired_hand_types_is_read_as_the_barcode() -> None:
    assert normalised(" lg 1234 5678 9\n") == "LG123456789"
