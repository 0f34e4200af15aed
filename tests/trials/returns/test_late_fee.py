"""A box that comes back late costs a fee a day after grace, up to a cap, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import broken, overdue_trial, payment_of, terms, told
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.programme.models import DayCount, ProgrammeVersion
from trials.programme.terms import terms_of
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.late_fees import late_fee
from trials.returns.services.reminding import remind
from trials.units.models import Grade

TWO, FIVE = Money("2.00", "EUR"), Money("5.00", "EUR")


def _comes_back(trial: Trial, at: datetime, *, handed_over: datetime | None = None) -> None:
    by = StaffFactory()
    with time_machine.travel(handed_over or at):
        mark_returning(trial_id=trial.pk, at=handed_over or at)
    with time_machine.travel(at):
        for barcode in trial.items.values_list("unit__barcode", flat=True):
            check_in_unit(
                trial_id=trial.pk, barcode=barcode, finding=Finding.GOOD, grade=Grade.A, by=by
            )
        finish_check_in(trial_id=trial.pk, by=by)


def _late(trial: Trial, days: int) -> datetime:
    assert trial.charge_at is not None
    return trial.charge_at + timedelta(days=days, minutes=-5)


def _fee(trial: Trial) -> TrialCharge | None:
    return trial.charges.filter(purpose="late").first()


def comes_back_late(*, days: int) -> TrialCharge:
    """Return what is owed, at two euros a day, for a box that came so many days late."""
    trial = terms(overdue_trial(), late_fee=TWO)
    _comes_back(trial, _late(trial, days))
    fee = _fee(trial)
    assert fee is not None
    return fee


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "amount"), [(0, None), (1, 2), (2, 4), (3, 5), (30, 5)])
def test_the_fee_grows_by_the_day_up_to_its_cap(days: int, amount: int | None) -> None:
    trial = terms(overdue_trial(), late_fee=TWO, late_fee_cap=FIVE)
    _comes_back(trial, _late(trial, days))

    fee = _fee(trial)
    trial.refresh_from_db()
    if amount is None:
        assert (fee, trial.state) == (None, "closed")
        return
    assert fee is not None
    assert (fee.amount, fee.item, fee.state) == (Money(amount, "EUR"), None, "owed")
    assert trial.state == "received"


@pytest.mark.django_db
def test_a_paid_fee_closes_the_trial_and_is_booked_as_such() -> None:
    trial = terms(overdue_trial(), late_fee=TWO)
    _comes_back(trial, _late(trial, 2))
    fee = _fee(trial)
    assert fee is not None
    assert payment_of(fee).purpose == "late_fee"
    told(payment_of(fee), "succeeded")

    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken() == set()


@pytest.mark.django_db
def test_days_on_which_the_parcel_was_under_way_cost_nothing() -> None:
    trial = terms(overdue_trial(), late_fee=TWO)
    _comes_back(trial, _late(trial, 9), handed_over=_late(trial, 0))

    assert _fee(trial) is None


@pytest.mark.django_db
def test_without_a_fee_in_the_programme_nobody_pays_one() -> None:
    trial = overdue_trial()
    _comes_back(trial, _late(trial, 9))

    trial.refresh_from_db()
    assert trial.state == "closed"


@pytest.mark.django_db
def test_the_reminder_says_what_a_late_day_costs() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=6))
    terms(trial, late_fee=TWO, late_fee_cap=FIVE)
    remind(trial_id=trial.pk)

    text = OutboxMessage.objects.filter(topic="mail.send").latest("created_at").payload["text"]
    assert "costs €2.00 a day, at most €5.00." in text


FRIDAY = datetime(2026, 12, 18, 12, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "days", "amount"),
    [
        (DayCount.EVERY_DAY, 3, 6),
        # Handed over on Saturday, Sunday and Monday.
        (DayCount.WORKING_DAYS, 1, None),
        (DayCount.WORKING_DAYS, 2, None),
        (DayCount.WORKING_DAYS, 3, 2),
        (DayCount.LAST_WORKING, 2, 2),
        (DayCount.LAST_WORKING, 3, 2),
        # Monday the week after, with both Christmas days and two weekends between.
        (DayCount.EVERY_DAY, 10, 20),
        (DayCount.WORKING_DAYS, 10, 10),
    ],
)
def test_late_days_are_counted_as_the_days_of_grace_were(
    count: DayCount, days: int, amount: int | None
) -> None:
    with time_machine.travel(FRIDAY - timedelta(days=12)):
        trial = terms(delivered_trial(), late_fee=TWO, day_count=count)
    Trial.objects.filter(pk=trial.pk).update(charge_at=FRIDAY)
    _comes_back(trial, FRIDAY + timedelta(days=days))

    fee = _fee(trial)
    assert (fee.amount if fee else None) == (Money(amount, "EUR") if amount else None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "words"),
    [
        (DayCount.WORKING_DAYS, "Only working days count for that."),
        (DayCount.LAST_WORKING, "Should the last late day be no working day, it lasts until"),
    ],
)
def test_the_reminder_says_which_late_days_count(count: DayCount, words: str) -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=6))
    terms(trial, late_fee=TWO, day_count=count)
    remind(trial_id=trial.pk)

    mail = OutboxMessage.objects.filter(topic="mail.send").latest("created_at").payload
    assert f"costs €2.00 a day. {words}" in mail["text"]
    assert f"costs €2.00 a day. {words}" in mail["html"]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (DayCount.EVERY_DAY, "€2.00 a day once the days of grace are over, €5.00 at most"),
        (
            DayCount.WORKING_DAYS,
            "€2.00 a day once the days of grace are over, €5.00 at most; only working days count",
        ),
        (
            DayCount.LAST_WORKING,
            "€2.00 a day once the days of grace are over, €5.00 at most; should the last late day"
            " be no working day, it lasts until the next one",
        ),
    ],
)
def test_the_terms_say_which_late_days_count(count: DayCount, words: str) -> None:
    rules = ProgrammeVersion(late_fee=TWO, late_fee_cap=FIVE, day_count=count)
    said = {each.name: each.text for each in terms_of(rules)}

    assert said["late"] == words
    assert ("working day" in said["grace"]) == (count != DayCount.EVERY_DAY)


@given(
    days=st.integers(0, 400),
    fee=st.decimals("0", "20", places=2),
    cap=st.decimals("0", "100", places=2),
)
def test_no_fee_is_above_its_cap_nor_falls_from_one_day_to_the_next(
    days: int, fee: object, cap: object
) -> None:
    rules = ProgrammeVersion(late_fee=Money(fee, "EUR"), late_fee_cap=Money(cap, "EUR"))
    today, tomorrow = late_fee(rules, days), late_fee(rules, days + 1)

    assert today <= tomorrow
    if rules.late_fee_cap.amount:
        assert tomorrow <= rules.late_fee_cap
