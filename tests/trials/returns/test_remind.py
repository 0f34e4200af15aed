"""Nobody is charged who was not reminded a day before; she is reminded once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.errors import NotYetChargeableError
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import trials_to_charge, trials_to_remind
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.reminding import remind
from trials.returns.tasks import remind_overdue, remind_trial
from trials.units.models import Grade


def _reminders() -> list[dict[str, str]]:
    mails = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at")
    return [each.payload for each in mails if "Please send" in each.payload["subject"]]


def _due_trial(**kwargs: object) -> Trial:
    """Return a trial whose days at home ended yesterday and whose grace goes on."""
    return delivered_trial(at=timezone.now() - timedelta(days=6), **kwargs)


def _far_too_late(**kwargs: object) -> Trial:
    return delivered_trial(at=timezone.now() - timedelta(days=20), **kwargs)


@pytest.mark.django_db
def test_a_customer_whose_days_are_over_reads_once_what_is_missing_and_until_when() -> None:
    trial = _due_trial(user=UserFactory(time_zone="UTC"))
    charge_at = trial.charge_at
    assert remind(trial_id=trial.pk)
    assert not remind(trial_id=trial.pk)

    trial.refresh_from_db()
    [mail] = _reminders()
    assert mail["to"] == trial.user.email
    for item in trial.items.select_related("variant__frame"):
        assert str(item.variant) in mail["text"]
        assert str(item.variant) in mail["html"]
    assert trial.charge_at == charge_at
    assert f"{charge_at:%A}, {charge_at.day} {charge_at:%B}" in mail["text"]


@pytest.mark.django_db
def test_nobody_is_reminded_while_the_frames_are_hers_to_try() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=4))

    assert not remind(trial_id=trial.pk)
    assert not trials_to_remind(timezone.now()).exists()


@pytest.mark.django_db
def test_what_is_back_is_not_asked_for() -> None:
    trial, by = _due_trial(), StaffFactory()
    back, missing = trial.items.select_related("unit", "variant__frame").order_by("pk")
    check_in_unit(
        trial_id=trial.pk, barcode=back.unit.barcode, finding=Finding.GOOD, grade=Grade.A, by=by
    )
    remind(trial_id=trial.pk)

    [mail] = _reminders()
    assert str(missing.variant) in mail["text"]
    assert str(back.variant) not in mail["text"]


@pytest.mark.django_db
def test_what_she_keeps_is_not_asked_for() -> None:
    """Told so before her days were over: it is charged, and may be in this very minute."""
    ProgrammeVersionFactory(mode=Mode.KEEP_AND_PAY)
    with time_machine.travel(timezone.now() - timedelta(days=6)):
        trial = delivered_trial(frames=2)
        kept, away = trial.items.select_related("variant__frame").order_by("pk")
        keep_frame(user=trial.user, number=trial.number, item_id=kept.pk)

    assert remind(trial_id=trial.pk)
    [mail] = _reminders()
    assert str(away.variant) in mail["text"]
    assert str(kept.variant) not in mail["text"]


@pytest.mark.django_db
def test_who_keeps_all_of_it_is_reminded_of_nothing() -> None:
    ProgrammeVersionFactory(mode=Mode.KEEP_AND_PAY)
    with time_machine.travel(timezone.now() - timedelta(days=6)):
        trial = delivered_trial(frames=1)
        keep_frame(user=trial.user, number=trial.number, item_id=trial.items.get().pk)

    assert not trials_to_remind(timezone.now()).exists()
    assert not remind(trial_id=trial.pk)


@pytest.mark.django_db
def test_a_box_on_its_way_back_is_asked_for_only_after_grace() -> None:
    in_time, lost = _due_trial(), _far_too_late()
    for trial in (in_time, lost):
        mark_returning(trial_id=trial.pk, at=timezone.now())

    assert list(trials_to_remind(timezone.now())) == [lost]
    assert not remind(trial_id=in_time.pk)


@pytest.mark.django_db
def test_a_reminder_that_comes_late_puts_the_charge_off() -> None:
    trial = delivered_trial(
        at=datetime(2026, 6, 1, 12, tzinfo=UTC), user=UserFactory(time_zone="UTC")
    )
    with time_machine.travel("2026-07-01T10:00Z"):
        remind(trial_id=trial.pk)

    trial.refresh_from_db()
    assert trial.charge_at == datetime.fromisoformat("2026-07-02T23:59:59.999999Z")
    assert "Thursday, 2 July" in _reminders()[0]["text"]


@pytest.mark.django_db
def test_nothing_is_charged_without_a_reminder() -> None:
    trial = _far_too_late()

    assert trials_to_charge(timezone.now()) == []
    with pytest.raises(NotYetChargeableError, match="reminded first"):
        charge_unreturned(trial_id=trial.pk, by=StaffFactory())


@pytest.mark.django_db
def test_nothing_is_charged_within_a_day_of_the_reminder_and_staff_read_when() -> None:
    trial, reminded = _far_too_late(), timezone.now()
    Trial.objects.filter(pk=trial.pk).update(reminded_at=reminded)
    after = reminded + timedelta(hours=24)

    with time_machine.travel(after - timedelta(minutes=1), tick=False):
        assert trials_to_charge(timezone.now()) == []
        with pytest.raises(NotYetChargeableError, match="was reminded") as refused:
            charge_unreturned(trial_id=trial.pk, by=StaffFactory())
    assert refused.value.extra["charge_at"] == after.isoformat()
    with time_machine.travel(after, tick=False):
        assert trials_to_charge(timezone.now()) == [trial.pk]
        assert len(charge_unreturned(trial_id=trial.pk)) == 2


@pytest.mark.django_db
def test_where_there_is_no_grace_she_still_has_a_day_after_the_reminder() -> None:
    ProgrammeVersionFactory(grace_days=0)
    trial = _due_trial()
    remind(trial_id=trial.pk)

    trial.refresh_from_db()
    assert trial.charge_at - trial.reminded_at >= timedelta(hours=24)


@pytest.mark.django_db
def test_the_beat_reminds_every_minute() -> None:
    remind_trial(str(_due_trial().pk))

    assert len(_reminders()) == 1
    assert {"task": remind_overdue.name, "schedule": 60.0} in (
        settings.CELERY_BEAT_SCHEDULE.values()
    )


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_remind_once() -> None:
    trial = _due_trial()

    def ask(_time: int) -> bool:
        try:
            return remind(trial_id=trial.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == [False, False, False, True]
    assert len(_reminders()) == 1
