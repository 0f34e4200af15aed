"""What one card pays for a box at one go is one mail; what is paid later has a mail of its own."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.payments.links import payment_link
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    payment_of,
    refused,
    terms,
    told,
    told_what_lacks,
)
from trials.returns.models.charges import Notice, TrialCharge
from trials.returns.queries.charges import attempts_due, trials_to_tell
from trials.returns.services.asking import ask_attempt
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.letting_go import waive_charge
from trials.returns.services.telling import tell_paid
from trials.returns.tasks import tell_paid_due, tell_paid_of

pytestmark = pytest.mark.django_db
TOGETHER = "We have charged €435.00 for try-on box"


def _charges(frames: int = 3) -> list[TrialCharge]:
    return charge_unreturned(trial_id=overdue_trial(frames=frames).pk)


def _mails(*words: str) -> list[dict[str, Any]]:
    found = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at")
    mails = [each.payload for each in found]
    return [each for each in mails if any(word in each["subject"] for word in words)]


def _paid_mails() -> list[dict[str, Any]]:
    return _mails("is yours", "We have charged", "is paid")


def _clock() -> None:
    for trial_id in trials_to_tell(timezone.now()):
        tell_paid(trial_id=trial_id)


def test_frames_paid_at_one_go_are_one_mail_that_names_each_and_the_sum() -> None:
    charges = _charges()
    for charge in charges:
        told(payment_of(charge), "succeeded")

    (mail,) = _paid_mails()
    assert mail["subject"].startswith(TOGETHER)
    for kind in ("text", "html"):
        assert all(f"{charge.what}" in mail[kind] for charge in charges)
        assert mail[kind].count("€145.00") == 3
        assert "€435.00" in mail[kind]
        assert "•••• 4242" in mail[kind]
        assert "With that your trial is complete." in mail[kind]
    assert [each.kind for each in Notice.objects.filter(kind__startswith="trial_charged")] == [
        "trial_charged_together"
    ]


def test_told_again_by_stripe_nothing_is_written_again() -> None:
    charges = _charges()
    for charge in [*charges, *charges]:
        told(payment_of(charge), "succeeded")
    tell_paid(trial_id=charges[0].trial_id)

    assert len(_paid_mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_workers_who_hear_of_it_at_once_one_writes_the_mail() -> None:
    payments = [payment_of(charge) for charge in _charges()]
    at_once(
        [lambda each=each: told(each, "succeeded") for each in [*payments, *payments]], expected=()
    )

    (mail,) = _paid_mails()
    assert mail["subject"].startswith(TOGETHER)


def test_where_the_last_of_them_is_refused_the_others_are_told_of_then() -> None:
    first, second, third = _charges()
    told(payment_of(first), "succeeded")
    told(payment_of(second), "succeeded")
    assert _paid_mails() == []
    refused(third, "insufficient_funds")

    (mail,) = _paid_mails()
    assert mail["subject"].startswith("We have charged €290.00")
    assert third.what not in mail["text"]
    assert "complete" not in mail["text"]
    (refusal,) = _mails("We could not charge")
    assert third.what in refusal["text"]


def test_what_is_paid_on_a_later_day_has_a_mail_of_its_own() -> None:
    first, second = _charges(2)
    refused(second, "insufficient_funds")
    told(payment_of(first), "succeeded")
    assert [mail["subject"].split(" is yours")[0] for mail in _paid_mails()] == [first.what]

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        (attempt,) = attempts_due(timezone.now())
        assert ask_attempt(attempt_id=attempt)
        told(payment_of(second), "succeeded")
    assert [mail["subject"].split(" is yours")[0] for mail in _paid_mails()] == [
        first.what,
        second.what,
    ]


def test_steps_of_a_plan_that_are_due_at_once_are_one_mail() -> None:
    charges = _charges()
    for charge in charges:
        refused(charge, "insufficient_funds")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        # Each is asked by a worker of its own, and may be answered before the next is asked.
        for attempt in attempts_due(timezone.now()):
            ask_attempt(attempt_id=attempt)
            charge = TrialCharge.objects.get(attempts=attempt)
            told(payment_of(charge), "succeeded")

    (mail,) = _paid_mails()
    assert mail["subject"].startswith(TOGETHER)


def test_what_stripe_never_answers_holds_the_mail_up_for_an_hour_at_most() -> None:
    first, second, _unanswered = _charges()
    told(payment_of(first), "succeeded")
    told(payment_of(second), "succeeded")
    now = timezone.now()
    assert trials_to_tell(now + timedelta(minutes=59)) == []

    with time_machine.travel(now + timedelta(minutes=61)):
        tell_paid_of(str(first.trial_id))
        for _ring in range(3):
            _clock()
    (mail,) = _paid_mails()
    assert mail["subject"].startswith("We have charged €290.00")
    assert trials_to_tell(now + timedelta(days=1)) == []
    assert {"task": tell_paid_due.name, "schedule": 60.0} in (
        settings.CELERY_BEAT_SCHEDULE.values()
    )


def test_what_is_let_go_while_the_card_is_asked_holds_nothing_up_for_long() -> None:
    first, second = _charges(2)
    told(payment_of(first), "succeeded")
    waive_charge(charge_id=second.pk, by=ManagerFactory(), reason="Found at the carrier")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        _clock()

    assert [mail["subject"].split(" is yours")[0] for mail in _paid_mails()] == [first.what]


def test_a_late_fee_that_follows_at_once_is_told_with_the_frame() -> None:
    trial = terms(overdue_trial(frames=2), late_fee=Money(2, "EUR"))
    checked_in(item_of(trial, 0))
    finish_check_in(trial_id=trial.pk, by=ManagerFactory())
    told_what_lacks(trial)
    (charge,) = charge_unreturned(trial_id=trial.pk)
    told(payment_of(charge), "succeeded")
    assert _paid_mails() == []
    late = TrialCharge.objects.get(purpose="late")
    told(payment_of(late), "succeeded")

    (mail,) = _paid_mails()
    assert f"We have charged {charge.amount + late.amount}" in mail["subject"]
    assert f"came back after its days of grace: {late.amount}" in mail["text"]


def test_more_frames_take_no_more_statements_to_refuse() -> None:
    def statements(frames: int) -> int:
        first, *others = _charges(frames)
        with CaptureQueriesContext(connection) as counted:
            refused(first, "insufficient_funds")
        (mail,) = _mails("We could not charge")[-1:]
        assert all(payment_link(payment_of(each)) in mail["text"] for each in others)
        return len(counted)

    assert statements(5) == statements(2)
