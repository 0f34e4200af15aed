"""A frame is owed once, however it came to be; and a unit that another trial holds stays there."""

import pytest

from tests.factories.shop import ManagerFactory
from tests.factories.trials import accepted_all, requested_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, terms
from tests.trials.returns.trials_with_charges import overdue_trial
from trials.home_trials.models import Trial
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.errors import UnitNotOutError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.keeping import charge_kept
from trials.returns.services.letting_go import mark_lost
from trials.units.models import TrialUnit
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.tending import put_back_on_shelf

pytestmark = pytest.mark.django_db


def test_a_frame_that_is_charged_as_missing_is_not_charged_again_as_kept() -> None:
    terms(mode=Mode.KEEP_AND_PAY)
    trial = overdue_trial(frames=1)
    charge_unreturned(trial_id=trial.pk)
    item = item_of(trial)

    keep_frame(user=trial.user, number=trial.number, item_id=item.pk)
    charge_kept(trial_id=trial.pk)

    assert [each.purpose for each in TrialCharge.objects.all()] == ["unreturned"]


def given_out_again() -> tuple[Trial, Trial]:
    """Return a trial of which a frame was lost, and one that has its unit since it was found."""
    manager = ManagerFactory()
    old = overdue_trial(frames=1)
    mark_lost(trial_id=old.pk, by=manager, reason="Gone")
    unit = item_of(old).unit
    count = start_count(variant_id=unit.variant_id, by=manager)
    scan_unit(count_id=count.pk, barcode=unit.barcode, by=manager)
    finish_count(count_id=count.pk, by=manager)
    accepted_all(count, by=manager)
    put_back_on_shelf(unit_id=unit.pk, grade="B", by=manager)
    return old, requested_trial(variants=[unit.variant])


@pytest.mark.parametrize("finding", Finding.values)
def test_a_unit_found_and_given_out_again_is_not_taken_from_who_has_it_now(finding: str) -> None:
    old, new = given_out_again()
    assert item_of(new).unit_id == item_of(old).unit_id

    with pytest.raises(UnitNotOutError) as refused:
        checked_in(item_of(old), Finding(finding))

    assert refused.value.extra["state"] == "reserved"
    assert TrialUnit.objects.get(pk=item_of(new).unit_id).state == "reserved"
    assert broken_laws() == []
