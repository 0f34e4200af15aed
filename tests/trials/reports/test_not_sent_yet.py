"""That she has sent her box back, said by mistake, a customer takes back until it is scanned."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial, shipped_trial
from tests.trials.returns.boxes_back import parcels, scanned
from trials.at_home.errors import CannotExtendError
from trials.at_home.queries import extension_offer
from trials.at_home.services.extending import extend_trial
from trials.home_trials.errors import TrialMissingError
from trials.home_trials.models import Trial
from trials.reports.errors import SentBackStandsError
from trials.reports.models import CustomerReport
from trials.reports.services import tell_sent_back, undo_sent_back
from trials.returns.handing_over import said_sent_at
from trials.returns.queries.charges import trials_to_charge
from trials.returns.services.reminding import remind
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


def _tell(trial: Trial) -> CustomerReport:
    return tell_sent_back(user=trial.user, number=trial.number)


def _undo(trial: Trial) -> Trial:
    undo_sent_back(user=trial.user, number=trial.number)
    return Trial.objects.get(pk=trial.pk)


def _late() -> tuple[Trial, datetime]:
    """Return a trial whose charge is due, its customer reminded, and when that is."""
    begin = timezone.now() - timedelta(days=30)
    trial = delivered_trial(at=begin)
    assert trial.due_at is not None
    with time_machine.travel(trial.due_at + timedelta(hours=1)):
        remind(trial_id=trial.pk)
    trial.refresh_from_db()
    assert trial.charge_at is not None
    return trial, trial.charge_at + timedelta(hours=1)


def test_what_her_word_put_off_is_as_before_she_said_it() -> None:
    ProgrammeVersionFactory(number=2, extension_days=3)
    trial = delivered_trial()
    told = _tell(trial)
    with pytest.raises(CannotExtendError, match="tell us that first"):
        extend_trial(trial_id=trial.pk, by=trial.user)

    for _twice in range(2):
        _undo(trial)

    told.refresh_from_db()
    assert told.withdrawn_at is not None
    assert said_sent_at(Trial.objects.get(pk=trial.pk)) is None
    offer = extension_offer(trial)
    assert (offer.days, offer.sent_back) == (3, False)
    assert extend_trial(trial_id=trial.pk, by=trial.user).days == 3
    # And said anew, it stands from then on.
    assert _tell(trial).pk != told.pk


def test_a_charge_that_fell_due_meanwhile_comes_after_another_reminder_once() -> None:
    trial, due = _late()
    with time_machine.travel(due):
        _tell(trial)
        assert trials_to_charge(timezone.now()) == []
        assert _undo(trial).reminded_at is None
        assert trials_to_charge(timezone.now()) == []
        assert remind(trial_id=trial.pk)
    trial.refresh_from_db()
    assert trial.notices.filter(kind="trial_reminder").count() == 2
    assert trial.charge_at is not None
    assert trials_to_charge(trial.charge_at + timedelta(hours=1)) == [trial.pk]

    # While grace runs anew she may say both again, but no further reminder is waited for.
    with time_machine.travel(trial.charge_at - timedelta(hours=1)):
        _tell(trial)
        assert _undo(trial).reminded_at is not None
        _tell(trial)
    with (
        time_machine.travel(trial.charge_at + timedelta(hours=1)),
        pytest.raises(SentBackStandsError, match="taken this back before"),
    ):
        _undo(trial)
    assert trials_to_charge(trial.charge_at + timedelta(days=5)) == [trial.pk]


def _by_carrier(trial: Trial, status: ShipmentState) -> None:
    record_tracking(
        tracking_number=parcels(trial)[Leg.RETURN].tracking_number,
        carrier_event_id=status,
        status=status,
        occurred_at=timezone.now(),
    )


@pytest.mark.parametrize("status", ["in_transit", "failed", "delivered"])
def test_once_the_carrier_has_it_her_word_stands(status: str, client: Client) -> None:
    trial = delivered_trial()
    _tell(trial)
    _by_carrier(trial, ShipmentState(status))

    with pytest.raises(SentBackStandsError, match="The carrier has your box already"):
        _undo(trial)
    assert CustomerReport.objects.get().withdrawn_at is None
    client.force_login(trial.user)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert "I have not sent it yet" not in page


@pytest.mark.parametrize("made", [delivered_trial, shipped_trial])
def test_her_page_has_a_button_for_it(made: Any, client: Client) -> None:
    trial = made()
    client.force_login(trial.user)
    page_url = reverse("trials:trial", args=[trial.number])
    url = reverse("trials:box_sent_back", args=[trial.number])
    assert "I have not sent it yet" not in client.get(page_url).content.decode()
    client.post(url)
    page = client.get(page_url).content.decode()
    assert "I have not sent it yet" in page
    assert "I have sent it back" not in page

    page = client.post(url, {"undo": "1"}, follow=True).content.decode()

    assert "Noted: you have not sent it yet." in page
    assert "I have sent it back" in page
    assert "I have not sent it yet" not in page


def test_programs_take_it_back_too_each_of_her_own_trial_alone() -> None:
    trial, api = delivered_trial(), APIClient()
    api.force_authenticate(trial.user)
    url = f"/api/v1/trials/{trial.number}/sent-back/"
    assert api.post(url).status_code == 200
    assert api.delete(url).status_code == 204
    assert api.delete(url).status_code == 204
    assert api.get(f"/api/v1/trials/{trial.number}/reports/").json()["results"] == []

    api.post(url)
    scanned(trial, Leg.RETURN)
    refused = api.delete(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "sent_back_stands")

    api.force_authenticate(UserFactory())
    assert api.delete(url).status_code == 404
    with pytest.raises(TrialMissingError):
        undo_sent_back(user=StaffFactory(), number=trial.number)
