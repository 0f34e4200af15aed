"""The page of the day counts what waits for us, and nothing that waits for others."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone
from rest_framework.test import APIClient

from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory
from tests.factories.trials import delivered_trial
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.boxes_back import scanned
from tests.trials.returns.trials_with_charges import owed_charge
from trials.claims.models import Claim
from trials.claims.services import file_claim
from trials.returns.models.charges import TrialCharge
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg

pytestmark = pytest.mark.django_db


@pytest.fixture
def console(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _cards(console: Client) -> dict[str, Any]:
    context = console.get(reverse("console:home")).context
    return {card.name: card for card in context["mine"]}


def _claim() -> Claim:
    back = delivered_trial()
    number = scanned(back, Leg.RETURN).tracking_number
    return lose_parcel(tracking_number=number, by=StaffFactory(), early=True)


def _to_decide(*, days_ago: int) -> TrialCharge:
    charge = owed_charge()
    since = timezone.now() - timedelta(days=days_ago)
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True, created_at=since)
    return charge


def test_refunds_to_decide_are_counted_the_first_of_them_said(console: Client) -> None:
    assert _cards(console)["to_decide"].count == 0
    _to_decide(days_ago=3)
    _to_decide(days_ago=9)
    owed_charge()

    card = _cards(console)["to_decide"]

    assert (card.count, card.url) == (2, f"{reverse('console:overdue')}?kind=to_decide")
    assert "1\xa0week" in card.note
    assert len(console.get(card.url).context["rows"]) == 2


def test_paid_orders_that_are_not_sent_are_counted(console: Client) -> None:
    assert _cards(console)["to_send"].count == 0
    placed_order(StockRecordFactory())
    paid = mark_paid(placed_order(StockRecordFactory()))

    card = _cards(console)["to_send"]

    assert (card.count, card.url) == (1, f"{reverse('orders:console_list')}?state=paid")
    assert [order.number for order in console.get(card.url).context["page"]] == [paid.number]


def test_a_claim_that_the_carrier_has_waits_for_nobody_here(console: Client) -> None:
    filed, _open = _claim(), _claim()
    assert _cards(console)["claims"].count == 2
    file_claim(claim_id=filed.pk, by=StaffFactory(), reference="C-1")

    assert _cards(console)["claims"].count == 1


def test_lost_parcels_begin_with_claims_to_see_to_and_say_since_when_others_are(
    console: Client,
) -> None:
    filed, unfiled = _claim(), _claim()
    file_claim(claim_id=filed.pk, by=StaffFactory(), reference="C-1")
    at = filed.transitions.get(to_state="filed").at
    api = APIClient()
    api.force_authenticate(StaffFactory())

    page = console.get(reverse("console:claim_list"))
    other = console.get(reverse("console:claim_list"), {"state": "filed"})
    (row,) = api.get("/api/v1/staff/claims/", {"state": "filed"}).json()["results"]

    assert [each["claim"] for each in page.context["rows"]] == [unfiled]
    active = [(str(pill["label"]), pill["active"]) for pill in page.context["pills"]]
    assert active[0] == ("To see to", True)
    assert sum(label == "To be filed" for label, _active in active) == 1
    assert [each["claim"] for each in other.context["rows"]] == [filed]
    day = formats.date_format(at.astimezone(ZoneInfo("Europe/Berlin")), "SHORT_DATE_FORMAT")
    assert f"Filed since {day}" in other.content.decode()
    assert row["filed_at"] is not None
    assert api.get("/api/v1/staff/claims/?state=open").json()["results"][0]["filed_at"] is None


def test_nothing_is_counted_that_nobody_here_can_do(console: Client) -> None:
    context = console.get(reverse("console:home")).context
    names = {card.name for card in [*context["mine"], *context["others"]]}

    assert "settling" not in names
    assert console.get(reverse("console:trial_list"), {"state": "settling"}).status_code == 200


def test_the_page_takes_as_many_statements_whatever_waits(console: Client) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            console.get(reverse("console:home"))
        return len(captured)

    taken()
    before = taken()
    for days in (1, 2):
        _to_decide(days_ago=days)
        mark_paid(placed_order(StockRecordFactory()))
        _claim()

    assert taken() == before


def test_giving_a_parcel_up_says_the_day_as_pages_do(console: Client) -> None:
    number = scanned(delivered_trial(), Leg.RETURN).tracking_number

    sent = {"reason": "x", "early": "1"}
    page = console.post(reverse("console:parcel_lose", args=[number]), sent, follow=True)

    due = Claim.objects.get().due_on
    words = page.content.decode()
    assert f"is to be filed by {formats.date_format(due, 'DATE_FORMAT')}." in words
    assert due.isoformat() not in words
