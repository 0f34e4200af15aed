"""Staff read of a refused card in their own words, and in their own language."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.payments.models import Payment
from tests.factories.shop import StaffFactory
from tests.trials.returns.trials_with_charges import owed_charge, payment_of, refused
from trials.returns.models import TrialCharge

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
