"""Whose box is here and was opened reads which frames were not in it, not how to send a box."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of, parcels, scanned
from trials.home_trials.models import Trial
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.noting import note_empty_box
from trials.returns.services.reminding import remind, remind_now
from trials.shipping.models import Because, Leg, ShipmentState
from trials.shipping.services.return_labels import another_return_label

pytestmark = pytest.mark.django_db
CARRIER = ("Already handed to the carrier", "Schon dem Paketdienst gegeben")
SEND = "Please send your try-on box"


def _overdue(**kwargs: Any) -> Trial:
    return delivered_trial(at=timezone.now() - timedelta(days=6), **kwargs)


def _opened(trial: Trial, *, empty: bool) -> None:
    by = StaffFactory()
    if empty:
        label = parcels(trial)[Leg.RETURN].tracking_number
        note_empty_box(trial_id=trial.pk, by=by, label=label)
    else:
        checked_in(item_of(trial), by=by)
        finish_check_in(trial_id=trial.pk, by=by)


def _mail(trial: Trial) -> dict[str, str]:
    trial.refresh_from_db()
    notice = trial.notices.get(kind="trial_reminder")
    (sent,) = OutboxMessage.objects.filter(topic="mail.send", payload__subject=notice.subject)
    return sent.payload


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("by_staff", [True, False])
def test_it_reads_what_was_not_in_the_box_and_by_when(empty: bool, by_staff: bool) -> None:
    trial = _overdue(user=UserFactory(time_zone="UTC"), frames=2)
    _opened(trial, empty=empty)
    if by_staff:
        remind_now(trial_id=trial.pk, by=StaffFactory())
    else:
        assert remind(trial_id=trial.pk)

    mail = _mail(trial)
    assert mail["subject"] == f"Not all was in your try-on box {trial.number}"
    until = trial.charge_at
    assert until is not None
    missing = "these frames were not in it" if empty else "this frame was not in it"
    day = f"by the end of {until:%A}, {until.day} {until:%B} is charged to your card"
    for body in (mail["text"], mail["html"]):
        assert missing in body
        assert day in body
        assert [str(item_of(trial, place).variant) in body for place in (0, 1)] == [empty, True]
        assert not any(each in body for each in CARRIER)
        assert "Please send your frames back" not in body
        assert "answer this mail" in body


def test_what_comes_in_another_parcel_is_waited_for() -> None:
    trial = _overdue(user=UserFactory(time_zone="UTC"), frames=2)
    parcels(trial)
    _opened(trial, empty=False)
    made = another_return_label(trial_id=trial.pk, by=trial.user, because=Because.FURTHER)
    made.state = ShipmentState.IN_TRANSIT
    made.save()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert remind(trial_id=trial.pk)

    text = _mail(trial)["text"]
    assert "Another parcel of yours is on its way back. What has not reached us by" in text
    assert "What is not on its way back" not in text


def test_it_reads_so_in_german() -> None:
    trial = _overdue(user=UserFactory(language="de"), frames=2)
    _opened(trial, empty=False)
    assert remind(trial_id=trial.pk)

    mail = _mail(trial)
    assert mail["subject"] == f"In deiner Anprobebox {trial.number} war nicht alles"
    assert "war nicht darin" in mail["text"]
    assert not any(each in mail["text"] for each in CARRIER)


@pytest.mark.parametrize("under_way", [True, False])
def test_a_box_that_was_not_opened_is_asked_for_as_before(under_way: bool) -> None:
    trial = _overdue()
    if under_way:
        scanned(trial, Leg.RETURN)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert remind(trial_id=trial.pk)

    mail = _mail(trial)
    assert mail["subject"].startswith(SEND)
    assert (CARRIER[0] in mail["text"]) is not under_way
    assert "not in it" not in mail["text"]
