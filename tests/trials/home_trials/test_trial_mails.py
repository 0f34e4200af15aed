"""Every mail about a trial goes by the one door: recorded with its cause, and never ended."""

from pathlib import Path

import pytest
import time_machine
from django.core import mail

from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.messages.models import MessageItem
from shop.messages.topics import Topic
from tests.factories.shop import UserFactory
from tests.factories.trials import delivered_trial, requested_trial
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.requests import cancel_trial

pytestmark = pytest.mark.django_db
TRIALS = Path(__file__).parents[3] / "trials"
AT_NIGHT = "2026-03-02 23:30+00:00"


def test_no_room_of_trials_writes_a_mail_past_that_door() -> None:
    past = [path for path in TRIALS.rglob("*.py") if "queue_mail" in path.read_text()]
    assert past == []


@time_machine.travel(AT_NIGHT)
def test_each_step_a_customer_is_mailed_of_is_recorded_with_what_caused_it() -> None:
    trial = delivered_trial(user=UserFactory())
    while carry_out_due():
        pass

    sent = Event.objects.filter(name="email_sent", details__about=str(trial.pk))
    by_template = {each.details["template"]: each for each in sent}
    steps = ("requested", "shipped", "delivered")
    assert set(by_template) == {f"trial_{step}" for step in steps}
    for step in steps:
        event = by_template[f"trial_{step}"]
        cause = Event.objects.get(name=f"trial_{step}", subject_id=str(trial.pk))
        assert event.caused_by == cause.pk
        assert event.details["topics"] == [Topic.TRIAL]
    # At any hour, and with no way out: she must be told of what she ordered.
    assert len(mail.outbox) == len(steps)
    assert all("List-Unsubscribe" not in each.extra_headers for each in mail.outbox)


def test_what_is_called_off_is_recorded_too() -> None:
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=trial.user)
    told = MessageItem.objects.filter(template="trial_cancelled", about=str(trial.pk))
    assert [each.sent_at is not None for each in told] == [True]


def test_the_same_fact_is_mailed_once_and_another_again() -> None:
    trial = delivered_trial()
    facts = ("first", "first", "second")
    subjects = [mail_customer("trial_extended", trial, fact=fact) for fact in facts]
    assert [bool(each) for each in subjects] == [True, False, True]


def test_a_wish_is_confirmed_before_it_is_decided_on() -> None:
    """A decision may be told by a mail, too, such as that a deposit is asked for."""
    requested_trial(user=UserFactory())

    jobs = OutboxMessage.objects.filter(topic__in=["trials.requested", "trials.to_decide"])
    by_turn = jobs.order_by("due_at", "created_at").values_list("topic", flat=True)
    assert list(by_turn) == ["trials.requested", "trials.to_decide"]
