"""Out of goodwill: a manager gives back of any charge that was paid, and nobody does so twice."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.payments.models import Payment, Refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import owed_charge, paid_charge, went_through
from trials.returns.models.charges import TrialCharge

pytestmark = pytest.mark.django_db
LIST = "/console/charges/"
SEEN = re.compile(r'name="seen_left" value="([^"]*)"')


@pytest.fixture
def bo(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _page(client: Client, state: str = "paid") -> str:
    return client.get(LIST, {"state": state}).content.decode()


def _give(client: Client, charge: TrialCharge, amount: str, seen: str, reason: str) -> Any:
    url = reverse("console:charge_refund", args=[charge.pk])
    sent = {"amount": amount, "reason": reason, "seen_left": seen}
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
    assert SEEN.findall(page) == [str(charge.amount.amount - 10)]


def test_two_who_looked_at_once_give_back_once(bo: Client) -> None:
    charge = paid_charge()
    (seen,) = SEEN.findall(_page(bo))
    _give(bo, charge, "10.00", seen, "A late mail of ours")

    # With the same words, and while Stripe has not told of the first yet.
    told = _give(bo, charge, "10.00", seen, "A late mail of ours").content.decode()

    assert f"Nothing was given back: {charge.amount - Refund.objects.get().amount} are left" in told


def test_what_goes_back_by_the_terms_right_now_is_waited_for(bo: Client) -> None:
    charge = paid_charge()
    (seen,) = SEEN.findall(_page(bo))
    due = charge.amount / 2
    TrialCharge.objects.filter(pk=charge.pk).update(refund_due=due)

    told = _give(bo, charge, "5.00", seen, "We were late").content.decode()

    assert f"{due} go back by the terms right now" in told
    charge.refresh_from_db()
    assert charge.refund_due == due
    assert not Refund.objects.exists()


def test_it_is_not_offered_of_what_cannot_go_back(bo: Client) -> None:
    charge = paid_charge()
    Payment.objects.update(dispute=Payment.Dispute.OPEN)
    assert SEEN.search(_page(bo)) is None
    Payment.objects.filter(reference=str(charge.pk)).update(dispute="", refunded=charge.amount)
    assert SEEN.search(_page(bo)) is None


def test_only_managers_see_it_and_only_of_what_was_paid(client: Client, bo: Client) -> None:
    owed_charge()
    assert SEEN.search(_page(bo, "all")) is None
    paid_charge()
    assert len(SEEN.findall(_page(bo, "all"))) == 1
    client.force_login(StaffFactory())
    assert SEEN.search(_page(client, "all")) is None
