"""At the packing table nothing wrong goes into a box unnoticed."""

import pytest

from shop.foundation.history import IllegalMoveError
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, requested_trial
from trials.home_trials.errors import (
    AlreadyPackedError,
    NotAllPackedError,
    NotPackableError,
    UnknownBarcodeError,
    WrongUnitError,
)
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.packing import finish_packing, pack_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    return approved_trial(frames=2)


def _pack(trial: Trial, barcode: str) -> TrialItem:
    return pack_unit(trial_id=trial.pk, barcode=barcode, by=StaffFactory())


def _barcodes(trial: Trial) -> list[str]:
    return list(trial.items.values_list("unit__barcode", flat=True))


def test_each_unit_is_scanned_and_the_box_closed(trial: Trial) -> None:
    for barcode in _barcodes(trial):
        item = _pack(trial, f" {barcode.lower()} ")
        item.unit.refresh_from_db()
        assert item.unit.state == "packed"

    assert finish_packing(trial_id=trial.pk, by=StaffFactory()).state == "packed"


def test_a_box_that_lacks_a_frame_is_not_closed(trial: Trial) -> None:
    first, second = _barcodes(trial)
    _pack(trial, first)

    with pytest.raises(NotAllPackedError, match=second):
        finish_packing(trial_id=trial.pk, by=StaffFactory())


def test_a_unit_scanned_twice_is_refused(trial: Trial) -> None:
    barcode = _barcodes(trial)[0]
    _pack(trial, barcode)

    with pytest.raises(AlreadyPackedError):
        _pack(trial, barcode)


def test_an_unknown_barcode_is_refused(trial: Trial) -> None:
    with pytest.raises(UnknownBarcodeError, match="LG000000000"):
        _pack(trial, "LG000000000")


def test_a_unit_of_another_box_is_refused_by_that_boxs_number(trial: Trial) -> None:
    other = approved_trial()

    with pytest.raises(WrongUnitError, match=other.number):
        _pack(trial, _barcodes(other)[0])


def test_another_piece_of_the_right_frame_is_refused_naming_the_right_one(trial: Trial) -> None:
    item = trial.items.select_related("unit", "variant").first()
    twin = TrialUnitFactory(variant=item.variant)

    with pytest.raises(WrongUnitError, match=item.unit.barcode):
        _pack(trial, twin.barcode)


def test_a_unit_from_the_shelf_is_refused(trial: Trial) -> None:
    with pytest.raises(WrongUnitError, match="shelf"):
        _pack(trial, TrialUnitFactory().barcode)


def test_only_approved_trials_are_packed() -> None:
    trial = requested_trial()

    with pytest.raises(NotPackableError):
        _pack(trial, _barcodes(trial)[0])
    with pytest.raises((IllegalMoveError, NotAllPackedError)):
        finish_packing(trial_id=trial.pk, by=StaffFactory())
