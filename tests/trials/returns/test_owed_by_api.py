"""A customer's program reads what she owes of a trial and where it is paid, as on her page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.payments.links import payment_link
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    payment_of,
    refused,
    told,
)
from trials.home_trials.models import Trial
from trials.returns.services.charging import charge_unreturned

pytestmark = pytest.mark.django_db


def _asked(trial: Trial, user: User) -> Any:
    api = APIClient()
    api.force_authenticate(user)
    return api.get(f"/api/v1/trials/{trial.number}/charges/")


def test_of_a_trial_that_owes_nothing_there_are_none() -> None:
    trial = delivered_trial()
    assert _asked(trial, trial.user).json()["results"] == []


def test_what_a_card_refused_is_told_with_the_page_where_it_is_paid(client: Client) -> None:
    charge = owed_charge()
    trial = charge.trial
    (asked,) = _asked(trial, trial.user).json()["results"]
    # The card is being asked: it may be paid in a moment.
    assert (asked["state"], asked["pay_path"]) == ("owed", "")

    refused(charge, "insufficient_funds")

    (owed,) = _asked(trial, trial.user).json()["results"]
    assert owed["pay_path"] == payment_link(payment_of(charge))
    assert owed["purpose"] == "unreturned"
    assert owed["amount"] == {"amount": f"{charge.amount.amount:.2f}", "currency": "EUR"}
    assert (owed["id"], owed["item_id"]) == (str(charge.pk), str(charge.item_id))
    assert owed["frame"] == str(charge.what)
    client.force_login(trial.user)
    assert owed["pay_path"] in client.get(f"/trials/{trial.number}/").content.decode()


def test_what_is_paid_is_listed_and_paid_no_more() -> None:
    charge = owed_charge()
    told(payment_of(charge), "succeeded")
    (paid,) = _asked(charge.trial, charge.trial.user).json()["results"]
    assert (paid["state"], paid["pay_path"]) == ("paid", "")
    assert paid["settled_at"] is not None


@pytest.mark.parametrize("other", [UserFactory, StaffFactory])
def test_nobody_else_reads_what_she_owes(other: Any) -> None:
    charge = owed_charge()
    assert _asked(charge.trial, other()).status_code == 404


def test_the_list_takes_as_many_statements_for_one_charge_as_for_three() -> None:
    taken = []
    for frames in (1, 3):
        trial = overdue_trial(frames=frames)
        for charge in charge_unreturned(trial_id=trial.pk):
            refused(charge, "insufficient_funds")
        _asked(trial, trial.user)
        with CaptureQueriesContext(connection) as captured:
            listed = _asked(trial, trial.user).json()["results"]
        assert [bool(each["pay_path"]) for each in listed] == [True] * frames
        taken.append(len(captured))
    assert taken[0] == taken[1]
