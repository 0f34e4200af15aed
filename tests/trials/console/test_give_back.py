"""Out of goodwill: a manager gives back of any charge that was paid, and nobody does so twice."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.payments.models import Refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import owed_charge, paid_charge, went_through
from trials.returns.models import TrialCharge

pytestmark = pytest.mark.django_db
LIST = "/console/charges/"
SEEN = re.compile(r'name="seen_reason" value="([^"]*)"')


@pytest.fixture
def bo(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _page(client: Client, state: str = "paid") -> str:
    return client.get(LIST, {"state": state}).content.decode()


def _give(client: Client, charge: TrialCharge, amount: str, seen: str, reason: str) -> Any:
    url = reverse("console:charge_refund", args=[charge.pk])
    sent = {"amount": amount, "reason": reason, "seen_reason": seen}
    return client.post(url, sent, headers={"Referer": LIST}, follow=True)


def test_the_list_of_what_was_paid_gives_back_and_says_how_much_is_left(bo: Client) -> None:
    charge = paid_charge()
    (seen,) = SEEN.findall(_page(bo))

    answer = _give(bo, charge, "10.00", unescape(seen), "A late mail of ours")

    assert answer.redirect_chain[-1][0] == f"{LIST}?state=paid"
    refund = Refund.objects.get()
    assert refund.amount.amount == 10
    went_through(refund)
    page = _page(bo, "partly_refunded")
    assert "€10.00 given back" in page
    assert f"Amount, up to {charge.amount - refund.amount}" in page
    assert SEEN.findall(page) == ["A late mail of ours"]


def test_two_who_looked_at_once_give_back_once(bo: Client) -> None:
    charge = paid_charge()
    (seen,) = SEEN.findall(_page(bo))
    _give(bo, charge, "10.00", seen, "A late mail of ours")

    told = _give(bo, charge, "10.00", seen, "We were late").content.decode()
    answer = bo.post(
        f"/api/v1/staff/charges/{charge.pk}/refund/",
        {"amount": "10.00", "reason": "Late", "seen_reason": seen},
        content_type="application/json",
        headers={"Idempotency-Key": "late"},
    )

    assert "Nothing was given back" in told
    assert "A late mail of ours" in told
    assert (answer.status_code, answer.json()["code"]) == (409, "decided_meanwhile")
    assert Refund.objects.count() == 1


def test_only_managers_see_it_and_only_of_what_was_paid(client: Client, bo: Client) -> None:
    owed_charge()
    assert SEEN.search(_page(bo, "all")) is None
    paid_charge()
    assert len(SEEN.findall(_page(bo, "all"))) == 1
    client.force_login(StaffFactory())
    assert SEEN.search(_page(client, "all")) is None
