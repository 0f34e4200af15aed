"""Contribution margins against a case worked by hand, and against the ledger of any history."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.payments.models import LedgerEntry, LedgerTransaction
from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.economics.costs import rates
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import broken, paid_charge
from trials.economics import views as economics_views
from trials.economics.queries import By, TrialMargins, trial_margins
from trials.home_trials.services.settling import settle_item
from trials.home_trials.states import ItemOutcome
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import finish_check_in
from trials.shipping.services.labels import create_labels
from trials.units.services.tending import send_to_repair

pytestmark = pytest.mark.django_db
PAGE, API = "/console/economics/", "/api/v1/economics/"


def _margins(by: By = By.PROGRAMME, days: float = 30) -> TrialMargins:
    now = timezone.now()
    return trial_margins(
        since=now - timedelta(days=days), until=now + timedelta(days=60), by=by, currency="EUR"
    )


def _tried_and_bought(after_days: float = 3) -> Any:
    """Return a trial of two frames of which one is bought: labels, packing, check-in, order."""
    user = UserFactory()
    trial = delivered_trial(frames=2, user=user)
    create_labels(trial_id=trial.pk, by=StaffFactory())
    for place in (0, 1):
        checked_in(item_of(trial, place))
    stock = StockRecordFactory(variant=item_of(trial).variant)
    with time_machine.travel(timezone.now() + timedelta(days=after_days)):
        mark_paid(placed_order(stock, user=user))
        carry_out_due()
    return trial


def test_a_trial_worked_by_hand() -> None:
    rates()
    trial = _tried_and_bought()
    price = item_of(trial).variant.price.amount

    [group] = _margins().groups

    assert group.accounts == {
        "sales": price,
        "goods": -price * Decimal("0.4"),
        "shipping": Decimal("-8.60"),
        # Two frames, two minutes to pack and three to check in each, at 24.00 an hour.
        "labour": Decimal("-4.00"),
        "refurbishment": Decimal("-1.60"),
    }
    assert group.margin == price * Decimal("0.6") - Decimal("14.20")
    assert (group.name, group.trials, group.mean) == ("At home", 1, group.margin)
    assert group.interval is None
    assert _margins().difference == 0
    assert broken() == set()


def test_an_order_31_days_after_the_delivery_belongs_to_no_trial() -> None:
    rates()
    _tried_and_bought(after_days=31)
    margins = _margins()

    assert margins.total("sales") == 0
    assert margins.rest.accounts["sales"] > 0
    assert margins.difference == 0


def test_an_order_of_two_tried_frames_counts_once() -> None:
    user = UserFactory()
    trial = delivered_trial(frames=2, user=user)
    stocks = [StockRecordFactory(variant=item_of(trial, place).variant) for place in (0, 1)]
    order = mark_paid(placed_order(*stocks, user=user))

    assert _margins().total("sales") == order.total.amount
    assert _margins().difference == 0


def test_an_order_of_another_frame_belongs_to_no_trial() -> None:
    user = UserFactory()
    delivered_trial(frames=1, user=user)
    mark_paid(placed_order(user=user))

    assert _margins().groups == []
    assert _margins().rest.accounts["sales"] > 0


def test_a_charge_for_what_did_not_come_back_is_income_of_its_trial_and_frame() -> None:
    charge = paid_charge()
    [group] = _margins(By.FRAME).groups

    assert group.accounts == {"unreturned": charge.amount.amount}
    assert group.name == charge.item.variant.frame.name


def test_frames_share_what_is_booked_for_the_box_to_the_cent() -> None:
    rates(shipping_out=Decimal("4.99"), shipping_back=Decimal("0"))
    trial = delivered_trial(frames=3)
    create_labels(trial_id=trial.pk, by=StaffFactory())
    margins = _margins(By.FRAME)

    shares = sorted(each.accounts["shipping"] for each in margins.groups)
    assert shares == [Decimal("-1.67"), Decimal("-1.66"), Decimal("-1.66")]
    assert margins.difference == 0


def test_customers_are_new_once() -> None:
    rates()
    user = UserFactory()
    first = delivered_trial(frames=1, user=user)
    checked_in(item_of(first))
    finish_check_in(trial_id=first.pk, by=StaffFactory())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        delivered_trial(frames=1, user=user)
    groups = {each.name: each.trials for each in _margins(By.CUSTOMER).groups}

    assert groups == {"new": 1, "returning": 1}


def test_an_entry_that_no_line_shows_is_found_by_the_audit() -> None:
    rates()
    delivered_trial(frames=1)
    name = "Trials and what belongs to none equal the ledger's accounts"
    assert name not in broken()
    # As if a join found two rows for one.
    [stated] = [each for each in all_invariants() if each.name == name]
    doubled = stated.sql.replace(
        "JOIN shop_ledgerentry e ON", "CROSS JOIN generate_series(1, 2) JOIN shop_ledgerentry e ON"
    )
    assert breaches(type(stated)(stated.number, stated.name, doubled))


acts = st.sampled_from(["good", "repair", "damaged", "lost", "lost_found", "order", "late_order"])
histories = st.lists(
    st.tuples(st.lists(acts, max_size=4), st.integers(1, 3), st.booleans()), min_size=1, max_size=3
)


def _live(history: list[tuple[list[str], int, bool]]) -> None:
    for steps, frames, labelled in history:
        user = UserFactory()
        trial = delivered_trial(frames=frames, user=user)
        if labelled:
            create_labels(trial_id=trial.pk, by=StaffFactory())
        items = [item_of(trial, place) for place in range(frames)]
        for step in steps:
            if step in ("order", "late_order"):
                stock = StockRecordFactory(variant=item_of(trial).variant)
                days = 2 if step == "order" else 45
                with time_machine.travel(timezone.now() + timedelta(days=days)):
                    mark_paid(placed_order(stock, user=user))
                break
            if not items:
                break
            item = items.pop()
            if step in ("lost", "lost_found"):
                settle_item(item_id=item.pk, outcome=ItemOutcome.LOST)
            if step != "lost":
                checked_in(item, Finding("good" if step == "lost_found" else step))
    send_to_repair(unit_id=TrialUnitFactory().pk, by=StaffFactory())
    carry_out_due()


@given(histories, st.integers(1, 9999), st.integers(0, 100))
@hypothesis_settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_lines_of_any_history_equal_the_ledger_by_every_grouping(
    history: list[tuple[list[str], int, bool]], cents: int, percent: int
) -> None:
    rates(shipping_out=Decimal(cents).scaleb(-2), goods_percent=percent)
    _live(history)
    for by in By:
        margins = _margins(by)
        assert margins.difference == 0
        income = LedgerEntry.objects.filter(account__in=margins.ledger)
        booked = -sum(income.values_list("amount", flat=True))
        assert margins.margin + margins.rest.margin == booked


@pytest.fixture
def manager(client: Client) -> Client:
    """Return the browser of a manager."""
    client.force_login(ManagerFactory())
    return client


@pytest.mark.parametrize("by", list(By))
def test_page_csv_and_api_show_the_same_in_as_many_statements_for_more_trials(
    manager: Client, by: By
) -> None:
    rates()
    delivered_trial(frames=2)
    asked = {"days": "28", "by": by.value}
    with CaptureQueriesContext(
        connection,
    ) as few:
        page = manager.get(PAGE, asked)
    assert "equal the ledger to the cent" in page.content.decode()
    for _each in range(3):
        delivered_trial(frames=2)
    with CaptureQueriesContext(connection) as many:
        assert manager.get(PAGE, asked).status_code == 200
    assert len(many) == len(few)

    told = manager.get(API, asked).json()
    assert Decimal(told["difference"]) == 0
    rows = manager.get(PAGE, {**asked, "format": "csv"}).content.decode().splitlines()
    assert len(rows) == len(told["groups"]) + 2
    assert {row.split(",")[-1] for row in rows[1:]} == {"descriptive"}


def test_an_empty_period_says_so(manager: Client) -> None:
    page = manager.get(PAGE).content.decode()

    assert "Nothing was booked for a trial in this period." in page
    assert "No cost rates are entered yet" in page
    assert not LedgerTransaction.objects.exists()


def test_ops_may_not_see_it(client: Client) -> None:
    client.force_login(StaffFactory())

    assert client.get(PAGE).status_code == 403


def test_a_page_shows_some_groups_and_leads_to_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(economics_views, "GROUPS_A_PAGE", 1)
    rates()
    _tried_and_bought()
    client.force_login(ManagerFactory())
    first = client.get(PAGE, {"by": "frame", "days": 90})
    assert len(first.context["group_rows"]) == 1
    assert not first.context["previous_url"]
    second = client.get(PAGE + first.context["next_url"])
    assert len(second.context["group_rows"]) == 1
    assert second.context["group_rows"] != first.context["group_rows"]
    assert not second.context["next_url"]
    assert {each["label"]: each["active"] for each in second.context["groupings"]}["Frame"]
