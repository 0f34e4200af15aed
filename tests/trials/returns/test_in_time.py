"""Who handed her box over in time owes nothing, however late it was scanned, told of or opened."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from djmoney.money import Money

from shop.payments.models import Refund
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import (
    broken,
    payment_of,
    refused,
    terms,
    told,
    went_through,
)
from trials.console.overdue import overdue_rows
from trials.console.queries.overdue import overdue_page
from trials.home_trials.models import Trial
from trials.reports.services import tell_sent_back
from trials.returns.errors import AlreadyChargedError, NotYetChargeableError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import attempts_due, charged_after, trials_to_charge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.refunding import refund_due_charge
from trials.returns.services.reminding import remind
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.units.models import Grade

pytestmark = pytest.mark.django_db

BEGIN = datetime.fromisoformat("2026-06-01T10:00:00+00:00")
LATE = {"late_fee": Money("2.00", "EUR"), "late_return_percent": 50, "late_return_days": 0}


@pytest.fixture
def trial() -> Trial:
    """Return a trial at home since the first of June, reminded; grace ends on the ninth."""
    with time_machine.travel(BEGIN):
        made = terms(delivered_trial(at=BEGIN, frames=1), **LATE)
        create_labels(trial_id=made.pk, by=StaffFactory())
    with time_machine.travel(BEGIN + timedelta(days=6)):
        remind(trial_id=made.pk)
    made.refresh_from_db()
    assert made.charge_at is not None
    assert BEGIN + timedelta(days=8) < made.charge_at < BEGIN + timedelta(days=9)
    return made


def _scanned(trial: Trial, status: str, day: float, *, learned: float | None = None) -> None:
    with time_machine.travel(BEGIN + timedelta(days=learned or day)):
        record_tracking(
            tracking_number=trial.shipments.get(leg="return").tracking_number,
            carrier_event_id=status,
            status=status,
            occurred_at=BEGIN + timedelta(days=day),
        )


def _opened(trial: Trial, day: float) -> None:
    by = StaffFactory()
    with time_machine.travel(BEGIN + timedelta(days=day)):
        check_in_unit(
            trial_id=trial.pk,
            barcode=trial.items.get().unit.barcode,
            finding=Finding.GOOD,
            grade=Grade.A,
            by=by,
        )
        finish_check_in(trial_id=trial.pk, by=by)


def _charged(trial: Trial, day: float) -> TrialCharge:
    with time_machine.travel(BEGIN + timedelta(days=day)):
        (charge,) = charge_unreturned(trial_id=trial.pk)
    return charge


def _owes_nothing(trial: Trial) -> None:
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert not trial.charges.filter(purpose="late").exists()
    assert broken() == set()


def test_a_box_of_which_only_the_arrival_was_told_was_under_way_before(trial: Trial) -> None:
    _scanned(trial, "delivered", 12)
    _opened(trial, 13)
    _owes_nothing(trial)


def test_a_box_that_nobody_scanned_was_under_way_before(trial: Trial) -> None:
    _opened(trial, 13)
    _owes_nothing(trial)


def test_what_the_carrier_had_late_is_late(trial: Trial) -> None:
    _scanned(trial, "in_transit", 12)
    _scanned(trial, "delivered", 14)
    _opened(trial, 15)
    fee = trial.charges.get(purpose="late")
    assert fee.amount == Money("8.00", "EUR")


def test_her_word_stands_for_a_scan_that_comes_within_its_days(trial: Trial) -> None:
    with time_machine.travel(BEGIN + timedelta(days=8)):
        tell_sent_back(user=trial.user, number=trial.number)
    _scanned(trial, "in_transit", 11)
    _opened(trial, 15)
    _owes_nothing(trial)


def test_her_word_alone_makes_nobody_early(trial: Trial) -> None:
    with time_machine.travel(BEGIN + timedelta(days=8)):
        tell_sent_back(user=trial.user, number=trial.number)
    _scanned(trial, "in_transit", 13)
    _opened(trial, 15)
    assert trial.charges.get(purpose="late").amount == Money("10.00", "EUR")


def test_her_word_puts_the_charge_off_for_some_days(trial: Trial) -> None:
    due = BEGIN + timedelta(days=9, hours=1)
    assert trials_to_charge(due) == [trial.pk]
    with time_machine.travel(BEGIN + timedelta(days=8)):
        report = tell_sent_back(user=trial.user, number=trial.number)

    assert trials_to_charge(due) == []
    with time_machine.travel(due), pytest.raises(NotYetChargeableError, match="on its way back"):
        charge_unreturned(trial_id=trial.pk)
    assert charged_after(trial, said=report.told_at) == report.told_at + timedelta(days=4)
    page = overdue_page(kind="all", sort="age", after="", now=due, size=5)
    (row,) = overdue_rows(page, kind="all", now=due)
    assert (row.step, row.step_at) == ("charge", report.told_at + timedelta(days=4))
    assert [name for name, _at in row.answered] == ["said_sent"]
    later = report.told_at + timedelta(days=4, minutes=1)
    assert trials_to_charge(later) == [trial.pk]
    # People may charge before.
    with time_machine.travel(due):
        assert charge_unreturned(trial_id=trial.pk, by=StaffFactory())


def test_a_box_handed_over_in_time_and_lost_is_never_charged_by_the_clock(trial: Trial) -> None:
    _scanned(trial, "in_transit", 8)
    later = BEGIN + timedelta(days=60)

    assert trials_to_charge(later) == []
    with time_machine.travel(later), pytest.raises(NotYetChargeableError, match="in time"):
        charge_unreturned(trial_id=trial.pk)
    page = overdue_page(kind="lost", sort="age", after="", now=later, size=5)
    (row,) = overdue_rows(page, kind="lost", now=later)
    assert (row.kind, row.step, row.step_at) == ("lost", "decide", None)


def test_her_word_and_a_scan_soon_after_are_in_time_as_well(trial: Trial) -> None:
    with time_machine.travel(BEGIN + timedelta(days=8)):
        tell_sent_back(user=trial.user, number=trial.number)
    _scanned(trial, "in_transit", 11)
    later = BEGIN + timedelta(days=60)

    assert trials_to_charge(later) == []
    page = overdue_page(kind="lost", sort="age", after="", now=later, size=5)
    (row,) = overdue_rows(page, kind="lost", now=later)
    assert row.step == "decide"


def test_a_box_handed_over_late_and_lost_is_charged_after_the_longest_wait(trial: Trial) -> None:
    _scanned(trial, "in_transit", 9.5)
    assert trials_to_charge(BEGIN + timedelta(days=60)) == [trial.pk]


def test_all_of_a_charge_goes_back_where_only_the_scan_was_told_late(trial: Trial) -> None:
    charge = _charged(trial, 9.5)
    told(payment_of(charge), "succeeded")
    _scanned(trial, "in_transit", 8, learned=11)
    _opened(trial, 13)

    charge.refresh_from_db()
    assert not charge.to_decide
    refund_due_charge(charge_id=charge.pk)
    went_through(Refund.objects.get())
    charge.refresh_from_db()
    assert (charge.state, charge.refunded) == ("refunded", charge.amount)
    _owes_nothing(trial)


def test_what_came_late_goes_back_by_the_programmes_share(trial: Trial) -> None:
    terms(trial, late_return_days=30)
    charge = _charged(trial, 9.5)
    told(payment_of(charge), "succeeded")
    _scanned(trial, "in_transit", 11)
    _opened(trial, 13)

    charge.refresh_from_db()
    assert charge.refund_due == charge.amount / 2 - trial.charges.get(purpose="late").amount


def test_no_card_is_asked_again_for_what_was_handed_over_in_time(trial: Trial) -> None:
    charge = _charged(trial, 9.5)
    with time_machine.travel(BEGIN + timedelta(days=9.6)):
        refused(charge, "insufficient_funds", failed_charge="ch_1")
    later = timezone.now() + timedelta(days=30)
    assert len(attempts_due(later)) == 1

    _scanned(trial, "in_transit", 8, learned=10)

    assert attempts_due(later) == []
    _opened(trial, 11)
    charge.refresh_from_db()
    assert charge.state == "waived"
    _owes_nothing(trial)


@pytest.mark.parametrize(("hours", "late"), [(3, False), (11.9, False), (12.1, True)])
def test_what_is_scanned_in_the_night_after_its_last_day_was_handed_over_in_the_evening(
    trial: Trial, hours: float, late: bool
) -> None:
    end = (trial.charge_at - BEGIN) / timedelta(days=1)
    # As the clock charges at midnight, before anybody can have heard of it.
    with time_machine.travel(trial.charge_at + timedelta(minutes=5)):
        (charge,) = charge_unreturned(trial_id=trial.pk)
        told(payment_of(charge), "succeeded")
    _scanned(trial, "in_transit", end + hours / 24)
    if late:
        # Paid for and hers: a manager decides.
        with pytest.raises(AlreadyChargedError):
            _opened(trial, end + 3)
        return
    _opened(trial, end + 3)
    with time_machine.travel(BEGIN + timedelta(days=end + 4)):
        refund_due_charge(charge_id=charge.pk)
        went_through(Refund.objects.get())

    charge.refresh_from_db()
    assert charge.refunded == charge.amount
    assert not trial.charges.filter(purpose=TrialCharge.Purpose.LATE).exists()
    assert broken() == set()
