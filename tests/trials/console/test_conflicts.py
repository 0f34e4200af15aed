"""Two of staff at one trial: the second is told what the first did, and sees how it stands."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.foundation.history import IllegalMoveError
from tests.factories.shop import StaffFactory
from tests.factories.trials import requested_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import approve_trial, cancel_trial

pytestmark = pytest.mark.django_db


def _act(client: Client, trial: Trial, act: str, **sent: str) -> str:
    here = reverse("console:trial", args=[trial.number])
    answer = client.post(
        reverse(f"console:trial_{act}", args=[trial.number]),
        sent,
        headers={"referer": f"http://testserver{here}"},
        follow=True,
    )
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].endswith(here)
    return answer.content.decode()


def test_a_refused_act_names_who_was_before_and_when(client: Client) -> None:
    trial = requested_trial()
    approve_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))
    client.force_login(StaffFactory(name="Bo Ops"))

    page = _act(client, trial, "approve")

    assert "Mia Ops made this “Approved” (" in page
    assert "Pack this box" in page


def test_an_act_still_allowed_is_not_done_on_an_outdated_page(client: Client) -> None:
    trial = requested_trial()
    client.force_login(StaffFactory(name="Bo Ops"))
    shown = client.get(reverse("console:trial", args=[trial.number])).content.decode()
    assert '<input type="hidden" name="seen" value="requested">' in shown
    approve_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))

    page = _act(client, trial, "cancel", seen="requested", reason="Double")

    assert "Nothing was done: Mia Ops made this trial “Approved” (" in page
    trial.refresh_from_db()
    assert trial.state == "approved"
    _act(client, trial, "cancel", seen="approved", reason="Double")
    trial.refresh_from_db()
    assert trial.state == "cancelled"


def test_a_customer_is_not_told_who_of_staff_it_was() -> None:
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))

    with pytest.raises(IllegalMoveError) as refused:
        cancel_trial(trial_id=trial.pk, by=trial.user)

    assert "Mia" not in str(refused.value)
    assert refused.value.extra.keys() == {"state"}
