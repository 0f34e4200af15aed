"""Second looks, parcels, refused cards and disputes stand on the first page and in the menu."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money
from rest_framework.test import APIClient

from shop.holds.models import Hold
from shop.payments.models import Dispute
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import approved_trial, delivered_trial
from tests.trials.returns.boxes_back import scanned
from tests.trials.returns.trials_with_charges import owed_charge, payment_of
from tests.trials.risk.assessed import declined_by_rule
from trials.console.queries.looked_after import counted_in_menus, looked_after, parcels_astray
from trials.console.queries.queues import Queue
from trials.home_trials.models import Trial
from trials.risk.services.looking import ask_for_look, decline_after_look
from trials.shipping.models import Leg, ShipmentState

pytestmark = pytest.mark.django_db
# By name, the page of each and what lists its rows.
PAGES = {
    "looks": "/console/risk/",
    "parcels": "/console/parcels/",
    "unheld": "/console/trials/?state=unheld",
    "disputes": "/console/disputes/",
}


@pytest.fixture
def console(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _look() -> Trial:
    trial = declined_by_rule(frames=1)
    ask_for_look(user=trial.user, number=trial.number, words="Please")
    return trial


def _held(trial: Trial, state: Hold.State, *, days_ago: int = 0, **more: Any) -> Hold:
    at = timezone.now() - timedelta(days=days_ago)
    return Hold.objects.create(
        user=trial.user,
        purpose="trial",
        reference=trial.number,
        amount=Money(200, "EUR"),
        captured=Money(0, "EUR"),
        card=trial.card,
        state=state,
        created_at=at,
        settled_at=at,
        **more,
    )


def _dispute(**more: Any) -> Dispute:
    payment = payment_of(owed_charge())
    number = f"dp_{Dispute.objects.count()}"
    values = {"amount": payment.amount, "status": "needs_response", "opened_at": timezone.now()}
    return Dispute.objects.create(stripe_dispute_id=number, payment=payment, **(values | more))


def _four() -> None:
    _look()
    scanned(delivered_trial(), Leg.RETURN, ShipmentState.FAILED)
    _held(approved_trial(), Hold.State.REFUSED, days_ago=2)
    _dispute()


def _counts() -> dict[str, int]:
    return {name: queue.count for name, queue in _queues().items()}


def _queues() -> dict[str, Queue]:
    return looked_after() | {"parcels": parcels_astray(timezone.now())}


def test_where_nothing_waits_nothing_is_counted(console: Client) -> None:
    assert _counts() == dict.fromkeys(PAGES, 0)
    assert all(queue.oldest is None for queue in _queues().values())


def test_each_has_a_card_that_leads_to_its_page_and_its_count_in_the_menu(console: Client) -> None:
    _four()

    page = console.get(reverse("console:home"))

    cards = {each.name: each for each in [*page.context["mine"], *page.context["others"]]}
    assert {name: (cards[name].count, cards[name].url) for name in PAGES} == {
        name: (1, url) for name, url in PAGES.items()
    }
    assert "2\xa0days" in cards["unheld"].note
    body = page.content.decode()
    for name, url in PAGES.items():
        assert f'<a class="queue" href="{url}"' in body
        (entry,) = re.findall(rf'(?s)<a href="{re.escape(url)}"[^>]*>.*?</a>', body)
        # Every page has the menu: what is looked through for the others grows with the years.
        assert ('<span class="num">1</span>' in entry) == (name in ("looks", "disputes"))
        assert console.get(url).status_code == 200


def test_the_menu_tells_where_of_the_list_of_trials_one_is(console: Client) -> None:
    page = console.get(PAGES["unheld"]).content.decode()
    assert page.count('aria-current="page"><svg') == 1
    assert '<a href="/console/trials/?state=unheld" aria-current="page">' in page


def test_what_was_seen_to_is_counted_no_more(console: Client) -> None:
    trial = _look()
    decline_after_look(trial_id=trial.pk, by=StaffFactory(), reason="Too many")
    _dispute(is_open=False)
    refused, taken = approved_trial(), approved_trial()
    lapsing = approved_trial()
    _held(refused, Hold.State.REFUSED, days_ago=2)
    _held(lapsing, Hold.State.RELEASED, days_ago=2)
    assert _counts() == {"looks": 0, "parcels": 0, "unheld": 1, "disputes": 0}

    until = timezone.now() + timedelta(days=4)
    stands = _held(
        refused, Hold.State.AUTHORISED, capture_before=until, stripe_payment_intent_id="pi_1"
    )
    assert _counts()["unheld"] == 0
    # It stands still, and the next one was refused: it will lapse.
    Hold.objects.filter(pk=stands.pk).update(created_at=timezone.now() - timedelta(days=1))
    _held(refused, Hold.State.REFUSED, renews=stands)
    assert _counts()["unheld"] == 1
    _held(taken, Hold.State.LAPSED)
    Trial.objects.filter(pk=taken.pk).update(state="cancelled", closed_at=timezone.now())
    assert _counts()["unheld"] == 1


def test_every_menu_is_told_without_reading_any_hold() -> None:
    _four()
    with CaptureQueriesContext(connection) as captured:
        assert counted_in_menus() == {"looks": 1, "disputes": 1}
    (asked,) = captured
    named = _read_by(asked["sql"])
    assert {"look_to_decide", "dispute_open"} <= named
    assert not {each for each in named if "hold" in each}


def test_what_waits_is_counted_by_one_statement_and_by_indexes() -> None:
    _four()
    with CaptureQueriesContext(connection) as captured:
        assert {queue.count for queue in looked_after().values()} == {1}
    (asked,) = captured
    named = _read_by(
        asked["sql"], "hold_by_reference", "one_renewal_a_hold", "one_hold_a_reference"
    )
    assert {"look_to_decide", "hold_failed", "dispute_open"} <= named


def test_parcels_are_found_by_their_own_rows_before_any_trial_is_read() -> None:
    _four()
    with CaptureQueriesContext(connection) as captured:
        assert parcels_astray(timezone.now()).count == 1
    found, counted = captured
    named = _read_by(found["sql"])
    assert {"shipment_to_look_after", "shipment_last_word"} <= named
    assert "trials_trial" not in found["sql"]
    assert "trials_shipment_pkey" in _read_by(counted["sql"])


def _read_by(statement: str, *dropped: str) -> set[str]:
    """Return the tables and indexes a statement reads by, without indexes that serve others."""
    with connection.cursor() as cursor:
        # Of tables as small as these all is read, or found by any index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for index in dropped:
            cursor.execute(f"DROP INDEX {index}")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return set(re.findall(r"(?:on|using) (\w+)", plan))


def test_programs_read_the_same_with_what_was_done_and_what_friends_said(console: Client) -> None:
    _four()
    api = APIClient()
    api.force_authenticate(StaffFactory())

    told = api.get("/api/v1/staff/today/").json()

    page = console.get(reverse("console:home"))
    shown = {each.name: each for each in [*page.context["mine"], *page.context["others"]]}
    queues = {each["name"]: each for each in told["queues"]}
    for name, card in shown.items():
        assert (queues[name]["count"], queues[name]["page"]) == (card.count, card.url)
        assert queues[name]["title"] == str(card.label)
    assert queues["looks"]["oldest"] is not None
    assert queues["stylist"] == {
        "name": "stylist",
        "title": "To answer",
        "count": 0,
        "oldest": None,
        "page": reverse("sharing:stylist_queue"),
    }
    done = {each["state"]: each["count"] for each in told["done"]}
    assert done == {"requested": 4, "packed": 2, "shipped": 2, "delivered": 1, "closed": 0}
    assert "reports" in queues
    # Who may not see what friends reported is told of none.
    stranger = StaffFactory()
    stranger.groups.clear()
    api.force_authenticate(stranger)
    named = {each["name"] for each in api.get("/api/v1/staff/today/").json()["queues"]}
    assert named == set(queues) - {"reports"}
