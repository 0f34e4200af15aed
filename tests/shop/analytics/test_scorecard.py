"""The scorecard against cases worked by hand, and against a recount of random histories."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from shop.analytics.models import Event
from shop.analytics.recount import comparable, recount
from shop.analytics.scorecard import CONVERSION_DAYS, Scorecard, scorecard
from shop.customers.roles import ensure_roles
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.shop.analytics.facts import MONDAY, SOCIAL, bought, delivered

pytestmark = pytest.mark.django_db
PAGE, API = "/console/scorecard/", "/api/v1/scorecard/"


def _period(days: float, *, judged: float = 1000) -> dict[str, Any]:
    return {
        "since": MONDAY,
        "until": MONDAY + timedelta(days=days),
        "now": MONDAY + timedelta(days=judged),
    }


def _card(days: float = 90, *, judged: float = 1000) -> Scorecard:
    period = _period(days, judged=judged)
    card = scorecard(**period)
    assert comparable(card) == recount(**period)
    return card


def test_who_reached_a_stage_reached_all_before_it() -> None:
    delivered("none", day=0, customer="a")
    for number, upto in enumerate(SOCIAL):
        delivered(upto, day=0, customer=f"b{number}", upto=upto)
    bought("a", day=1)
    bought("b3", day=1)

    assert _card().stages == {
        "delivered": 5,
        "gallery": 4,
        "shared": 3,
        "seen": 2,
        "voted": 1,
        "ordered": 1,
    }
    assert [(stage, rate.part, rate.whole) for stage, rate in _card().steps] == [
        ("gallery", 4, 5),
        ("shared", 3, 4),
        ("seen", 2, 3),
        ("voted", 1, 2),
        ("ordered", 1, 1),
    ]


def test_a_stage_without_the_one_before_is_not_reached() -> None:
    delivered("t", day=0, customer="a", acts=["link_shared", "vote_cast"])

    assert [name for name, count in _card().stages.items() if count] == ["delivered"]


def test_a_link_that_somebody_opened_was_shared_though_nobody_saw_how() -> None:
    delivered("made", day=0, customer="a", acts=["gallery_created", "link_created"])
    delivered("opened", day=0, customer="b", acts=["gallery_created", "link_viewed"])
    delivered("sent", day=0, customer="c", acts=["gallery_created", "link_shared"])

    stages = _card().stages

    assert (stages["gallery"], stages["shared"], stages["seen"]) == (3, 2, 1)


def test_a_vote_that_is_left_out_of_the_standing_is_left_out_here() -> None:
    delivered("t", day=0, customer="a", upto="vote_cast", counted=False)

    assert (_card().stages["seen"], _card().stages["voted"]) == (1, 0)


@pytest.mark.parametrize(
    ("day", "counts"),
    [(-0.01, 0), (0, 1), (CONVERSION_DAYS - 0.01, 1), (CONVERSION_DAYS, 0)],
)
def test_an_order_counts_from_the_delivery_for_thirty_days(day: float, counts: int) -> None:
    delivered("t", day=0, customer="a")
    bought("a", day=day)

    assert _card().conversion.part == counts


def test_an_order_of_somebody_else_counts_for_nobody() -> None:
    delivered("t", day=0, customer="a", upto="vote_cast")
    bought("b", day=1)

    assert (_card().conversion.part, _card().stages["ordered"]) == (0, 0)


@pytest.mark.parametrize(("day", "inside"), [(-0.01, 0), (0, 1), (89.99, 1), (90, 0)])
def test_a_trial_belongs_to_the_period_of_its_delivery(day: float, inside: int) -> None:
    delivered("t", day=day, customer="a")

    assert _card(90).stages["delivered"] == inside


def test_a_young_cohort_is_open_and_in_no_rate_of_conversion() -> None:
    delivered("old", day=0, customer="a")
    delivered("young", day=7, customer="b")
    bought("b", day=8)

    card = _card(judged=CONVERSION_DAYS + 1)

    assert [(week.monday, week.is_open) for week in card.weeks] == [
        (MONDAY.date(), False),
        (MONDAY.date() + timedelta(days=7), True),
    ]
    assert (card.conversion.part, card.conversion.whole) == (0, 1)
    assert card.stages["delivered"] == 2
    assert _card(judged=CONVERSION_DAYS + 7).conversion.whole == 2


def test_sharers_stand_beside_the_others_and_that_is_only_descriptive() -> None:
    for number in range(40):
        sharer = number < 20
        delivered(f"t{number}", day=0, customer=str(number), upto="link_shared" if sharer else "")
        if number % 4 == 0 or (sharer and number % 2 == 0):
            bought(str(number), day=2)

    card = _card()

    assert (card.sharers.part, card.sharers.whole) == (10, 20)
    assert (card.others.part, card.others.whole) == (5, 20)
    assert card.sharing_ratio == 2.0
    assert {card.sharers.label, card.others.label, card.conversion.label} == {"descriptive"}


def test_orders_by_friends_links_are_attributed_by_channel() -> None:
    bought("a", day=0, link="1", channel="whatsapp", price="99.50")
    bought("b", day=1, link="2", channel="whatsapp", price="0.50")
    bought("c", day=1, link="3", channel="mail", price="10")
    bought("d", day=1, channel="mail", price="1000")
    bought("e", day=91, link="4", channel="mail")

    orders = _card().link_orders

    assert [(each.channel, each.orders, each.revenue) for each in orders] == [
        ("mail", 1, Decimal(10)),
        ("whatsapp", 2, Decimal(100)),
    ]
    assert {each.label for each in orders} == {"attributed"}


def test_an_empty_shop_has_no_rates_and_no_error() -> None:
    card = _card()

    assert set(card.stages.values()) == {0}
    assert (card.conversion.value, card.sharing_ratio, card.link_orders) == (None, None, [])


days = st.sampled_from([-1, 0, 0.5, 6.99, 7, 29.99, 30, 30.01, 45, 89.99, 90, 120, 150])
trials = st.tuples(days, st.integers(0, 3), st.sets(st.sampled_from(SOCIAL)), st.booleans())
orders = st.tuples(days, st.integers(0, 3), st.sampled_from(["", "1"]), st.integers(1, 99999))


@given(st.lists(trials, max_size=8), st.lists(orders, max_size=6), days)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_scorecard_equals_a_recount_of_any_history(
    told: list[Any], sales: list[Any], judged: float
) -> None:
    with transaction.atomic():
        for number, (day, who, acts, counted) in enumerate(told):
            delivered(f"t{number}", day=day, customer=str(who), acts=sorted(acts), counted=counted)
        for day, who, link, cents in sales:
            bought(
                str(who), day=day, link=link, channel="mail", price=str(Decimal(cents).scaleb(-2))
            )
        _card(judged=judged)
        transaction.set_rollback(True)


def _told_recently() -> None:
    delivered("shared", day=0, customer="a", upto="vote_cast")
    delivered("alone", day=1, customer="b")
    bought("a", day=2, link="1", channel="whatsapp", price="145.50")


@pytest.fixture
def manager() -> Any:
    ensure_roles()
    return ManagerFactory()


@time_machine.travel(MONDAY + timedelta(days=60), tick=False)
def test_page_file_and_api_say_the_same(manager: Any) -> None:
    _told_recently()
    browser, api = Client(), APIClient()
    browser.force_login(manager)
    api.force_authenticate(manager)

    answer = api.get(f"{API}?days=90").json()
    rows = list(csv.reader(StringIO(browser.get(f"{PAGE}?days=90&format=csv").content.decode())))
    page = browser.get(f"{PAGE}?days=90").context

    by_api = [(step["stage"], step["count"]) for step in answer["funnel"]]
    by_file = [(row[1], int(row[2])) for row in rows if row[0] == "funnel"]
    by_page = [row["count"] for row in page["funnel"]]
    assert by_api == by_file
    assert [count for _stage, count in by_api] == by_page == [2, 1, 1, 1, 1, 1]
    rates = {row[1]: row for row in rows if row[0] == "conversion"}
    for name, part, whole in (("sharers", 1, 1), ("others", 0, 1)):
        assert (answer[name]["part"], answer[name]["whole"]) == (part, whole)
        assert float(rates[name][3]) == answer[name]["value"]
        assert float(rates[name][4]) == answer[name]["low"]
        assert page[name][0] == f"{part} of {whole}", "of so few no percentage is written"
        assert answer[name]["figure_label"] == rates[name][6] == "descriptive"
    assert page["ratio"] == "n/a"
    assert answer["sharing_ratio"] is None
    (link,) = answer["link_orders"]
    (row,) = [row for row in rows if row[0] == "link orders"]
    assert (link["channel"], link["orders"], link["figure_label"]) == ("whatsapp", 1, "attributed")
    assert row[1:4] == ["whatsapp", "1", f"{link['revenue']} EUR"]
    assert row[6] == "attributed"
    assert page["link_rows"][0][:2] == ["WhatsApp", 1]
    assert page["link_rows"][0][2].amount == Decimal(link["revenue"])


@pytest.mark.parametrize("role", ["ops", "customer"])
def test_only_who_may_read_it_reads_it(role: str, manager: Any) -> None:
    reader = StaffFactory() if role == "ops" else ManagerFactory(is_staff=False)
    if role == "customer":
        reader.groups.clear()
    browser, api = Client(), APIClient()
    browser.force_login(reader)
    api.force_authenticate(reader)

    assert browser.get(PAGE).status_code == (403 if role == "ops" else 404)
    assert api.get(API).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("days", ["", "x", "0", "-5", "99999999999999999999", "²"])
def test_a_period_that_makes_no_sense_is_no_error(days: str, manager: Any) -> None:
    browser, api = Client(), APIClient()
    browser.force_login(manager)
    api.force_authenticate(manager)

    assert browser.get(PAGE, {"days": days}).status_code == 200
    assert api.get(API, {"days": days}).status_code == 200


@time_machine.travel(MONDAY + timedelta(days=60), tick=False)
def test_more_events_take_no_more_queries(manager: Any) -> None:
    browser, api = Client(), APIClient()
    browser.force_login(manager)
    api.force_authenticate(manager)
    # The first call reads what she may do, and this very user remembers it.
    api.get(API)
    counts = []
    for doubled in range(2):
        for number in range(4):
            name = f"{doubled}{number}"
            delivered(name, day=number * 8, customer=name, upto="vote_cast")
            bought(name, day=number * 8 + 1, link=name, channel=f"channel{name}")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == 200
            assert api.get(API).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_command_recounts_and_fails_where_the_two_differ(monkeypatch: Any) -> None:
    with time_machine.travel(MONDAY + timedelta(days=60), tick=False):
        _told_recently()
        said = StringIO()
        call_command("recount_scorecard", stdout=said)
        assert said.getvalue().count("equal ") == 4
        assert "'delivered': 2" in said.getvalue()

        short = Event.objects.exclude(name="order_paid")
        monkeypatch.setattr(Event.objects, "order_by", lambda *names: short)
        with pytest.raises(CommandError, match="differ"):
            call_command("recount_scorecard", stdout=said)
