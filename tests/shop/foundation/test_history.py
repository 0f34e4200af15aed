"""States: only legal steps, each written down, and every state can be reached."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.galleries import states as galleries
from sharing.referrals import states as referrals
from shop.foundation.history import IllegalMoveError, can_move, move
from shop.orders import states as orders
from shop.orders.models import Order, OrderTransition
from tests.factories.shop import StaffFactory
from tests.shop.orders.buying import placed_order
from trials.home_trials import states as trials
from trials.returns import states as charges
from trials.units import states as units

# States, moves, and the states something may begin in.
MACHINES: dict[str, tuple[Any, Mapping[Any, frozenset[Any]], set[str]]] = {
    "order": (orders.OrderState, orders.MOVES, {"pending_payment"}),
    "trial": (trials.TrialState, trials.MOVES, {"requested"}),
    "unit": (units.UnitState, units.MOVES, {"available"}),
    "charge": (charges.ChargeState, charges.CHARGE_MOVES, {"owed"}),
    "gallery": (galleries.GalleryState, galleries.MOVES, {"open"}),
    # She follows a link out of the blue, or the one an advocate made for her alone.
    "referral": (referrals.ReferralState, referrals.MOVES, {"clicked", "invited"}),
}
every_machine = pytest.mark.parametrize("name", MACHINES)


@every_machine
def test_every_state_can_be_reached_and_no_other(name: str) -> None:
    states, moves, beginnings = MACHINES[name]
    reached, edge = set(beginnings), set(beginnings)
    while edge:
        edge = {str(to) for at in edge for to in moves.get(at, ())} - reached
        reached |= edge

    assert reached == set(states.values)


@every_machine
def test_no_state_leads_to_itself(name: str) -> None:
    _states, moves, _beginnings = MACHINES[name]
    assert not [state for state, to in moves.items() if state in to]


@pytest.mark.django_db
def test_a_move_says_who_when_from_where_to_where_and_why() -> None:
    order, ops = placed_order(), StaffFactory()

    _move(order, "cancelled", by=ops, reason="She asked for it. " * 30)

    row = OrderTransition.objects.latest("pk")
    assert (row.subject, row.actor) == (order, ops)
    assert (row.from_state, row.to_state) == ("pending_payment", "cancelled")
    assert row.reason.startswith("She asked for it.")
    assert row.at >= order.placed_at
    assert Order.objects.get().state == "cancelled"


@pytest.mark.django_db
def test_an_illegal_move_changes_nothing_and_names_the_state() -> None:
    order = placed_order()
    rows = OrderTransition.objects.count()

    with pytest.raises(IllegalMoveError) as refused:
        _move(order, "completed")

    assert refused.value.extra == {"state": "pending_payment"}
    assert Order.objects.get().state == order.state == "pending_payment"
    assert OrderTransition.objects.count() == rows


@pytest.mark.django_db
def test_only_the_fields_that_are_named_are_written() -> None:
    order = placed_order()
    Order.objects.update(channel="mail")

    _move(order, "cancelled", fields={"link": "x"})

    assert Order.objects.values_list("channel", "link").get() == ("mail", "x")


def _move(order: Order, to_state: str, **more: Any) -> None:
    move(order, to_state, moves=orders.MOVES, history=OrderTransition, **more)


@given(st.sampled_from(orders.OrderState.values), st.text(max_size=20))
def test_a_state_nobody_knows_is_reached_from_nowhere(from_state: str, to_state: str) -> None:
    known = to_state in orders.OrderState.values
    assert known or not can_move(orders.MOVES, from_state, to_state)
