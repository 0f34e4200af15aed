"""What happened to a trial is told to programs as its page tells it to staff."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from djmoney.money import Money
from rest_framework.test import APIClient

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import scanned
from trials.claims.services import file_claim, note_payment
from trials.home_trials.models import Trial
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg

pytestmark = pytest.mark.django_db
TITLE = re.compile(r'class="timeline__title">([^<]+)<')


@pytest.fixture
def trial() -> Trial:
    """One whose box was lost on its way back, which its carrier paid."""
    trial = delivered_trial(frames=2)
    number = scanned(trial, Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=StaffFactory(), reason="Lost", early=True)
    file_claim(claim_id=claim.pk, by=StaffFactory(), reference="C-1")
    note_payment(claim_id=claim.pk, by=ManagerFactory(name="Max Boss"), paid=Money(30, "EUR"))
    return trial


def _timeline(number: str, *, language: str = "en") -> tuple[int, Any]:
    api = APIClient(headers={"Accept-Language": language})
    api.force_authenticate(StaffFactory())
    answer = api.get(f"/api/v1/staff/trials/{number}/timeline/")
    said = answer.json()
    return answer.status_code, said.get("entries", said)


def test_a_program_reads_what_the_page_shows_in_the_same_order(trial: Trial) -> None:
    browser = Client()
    browser.force_login(StaffFactory())
    page = browser.get(f"/console/trials/{trial.number}/").content.decode()

    status, entries = _timeline(trial.number)

    assert status == 200
    assert [each["title"] for each in entries] == [unescape(each) for each in TITLE.findall(page)]
    assert entries == sorted(entries, key=lambda each: each["at"], reverse=True)
    [paid] = [each for each in entries if "30.00" in each["title"]]
    assert paid["by"] == "Max Boss"


def test_it_is_told_in_the_language_that_is_asked_for(trial: Trial) -> None:
    english, german = (_timeline(trial.number, language=each)[1] for each in ("en", "de"))
    assert len(english) == len(german)
    assert {each["title"] for each in english} != {each["title"] for each in german}


def test_a_number_there_is_not_is_answered_as_such() -> None:
    status, problem = _timeline("T-000000")
    assert status == 404
    assert "T-000000" in str(problem)
