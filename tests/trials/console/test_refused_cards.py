"""Staff read of a refused card in their own words, in their own language, by pages and API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from shop.payments.models import Payment
from tests.factories.shop import StaffFactory
from tests.trials.returns.test_late_fee import TWO, comes_back_late
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    paid_charge,
    payment_of,
    refused,
)
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned

pytestmark = pytest.mark.django_db
CUSTOMERS = "Your card"


@pytest.fixture
def charge() -> TrialCharge:
    made = owed_charge()
    refused(made, "insufficient_funds")
    Payment.objects.filter(pk=payment_of(made).pk).update(
        failure_message="Your card has insufficient funds."
    )
    return made


def _page(language: str, path: str) -> Any:
    client = Client(headers={"Accept-Language": language})
    client.force_login(StaffFactory(language=language))
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Card declined: insufficient funds"),
        ("de", "Karte abgelehnt: Konto nicht gedeckt"),
    ],
)
def test_tables_say_why_in_words_of_staff(charge: TrialCharge, language: str, words: str) -> None:
    paths = [
        reverse("console:charge_list"),
        reverse("console:trial", args=[charge.trial.number]),
    ]
    for path in paths:
        page = _page(language, path)
        assert words in page
        assert CUSTOMERS not in page
    # The table of charges, and what happened.
    assert page.count(words) == 2


# By API -------------------------------------------------------------------------------------


def _told(trial: Trial, language: str = "en") -> dict[str, Any]:
    api = APIClient(headers={"Accept-Language": language})
    api.force_authenticate(StaffFactory(language=language))
    answer = api.get(f"/api/v1/staff/trials/{trial.number}/")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def _charge(trial: Trial, language: str = "en") -> dict[str, Any]:
    (told,) = (charge for item in _told(trial, language)["items"] for charge in item["charges"])
    found: dict[str, Any] = told
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Card declined: insufficient funds"),
        ("de", "Karte abgelehnt: Konto nicht gedeckt"),
    ],
)
def test_a_program_reads_the_same_words_and_when_the_card_is_asked_again(
    charge: TrialCharge, language: str, words: str
) -> None:
    asked, planned = charge.attempts.all()

    shown = _charge(charge.trial, language)

    assert (shown["purpose"], shown["refused_because"]) == ("unreturned", words)
    assert shown["next_step"] == "ask_again"
    assert datetime.fromisoformat(shown["next_step_at"]) == planned.due_at
    assert planned.due_at - asked.refused_at == timedelta(days=1)
    first, next_one = shown["attempts"]
    assert (first["number"], first["refused_because"]) == (0, words)
    assert (next_one["number"], next_one["asked_at"], next_one["refused_because"]) == (1, None, "")
    assert CUSTOMERS not in str(shown)


def test_a_card_that_is_being_asked_is_told_so_and_one_that_is_never_asked_again() -> None:
    asking, given_up = owed_charge(), owed_charge()
    refused(given_up, "stolen_card")

    shown = _charge(asking.trial)
    assert (shown["refused_because"], shown["next_step"], shown["next_step_at"]) == (
        "",
        "asking",
        None,
    )
    shown = _charge(given_up.trial)
    assert shown["refused_because"] == "Card declined: reported stolen"
    assert (shown["next_step"], shown["next_step_at"]) == ("decide", None)


def test_of_what_is_paid_nothing_comes_next() -> None:
    shown = _charge(paid_charge().trial)

    assert (shown["state"], shown["refused_because"]) == ("paid", "")
    assert (shown["next_step"], shown["next_step_at"]) == (None, None)


def test_what_a_box_owes_as_a_whole_is_told_with_the_box() -> None:
    fee = comes_back_late(days=2)
    refused(fee, "insufficient_funds")

    shown = _told(fee.trial)

    (of_box,) = shown["charges"]
    assert (of_box["purpose"], of_box["amount"]["amount"]) == ("late", str((TWO * 2).amount))
    assert of_box["refused_because"] == "Card declined: insufficient funds"
    assert of_box["next_step"] == "ask_again"
    assert not any(item["charges"] for item in shown["items"])


def test_four_refused_frames_take_as_many_statements_as_one() -> None:
    taken = []
    for frames in (1, 4):
        trial = overdue_trial(frames=frames)
        for charge in charge_unreturned(trial_id=trial.pk):
            refused(charge, "insufficient_funds")
        _told(trial)
        with CaptureQueriesContext(connection) as captured:
            shown = _told(trial)
        assert sum(len(item["charges"]) for item in shown["items"]) == frames
        taken.append(len(captured))
    assert taken[0] == taken[1]
