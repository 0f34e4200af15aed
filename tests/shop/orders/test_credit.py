"""A customer's credit goes towards an order, once, and comes back as credit."""

import re
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import transaction
from djmoney.money import Money
from rest_framework.test import APIClient

from shop.analytics.models import Event
from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.inventory.models import StockRecord
from shop.orders.errors import RefundChangedError, RefundForbiddenError
from shop.orders.models import Order
from shop.orders.services.checkout import place_order
from shop.orders.services.fulfilment import cancel_order
from shop.orders.services.refunding import refund_order
from shop.payments.errors import CreditShortError, RefundRefusedError
from shop.payments.models import CreditAccount, LedgerEntry, Payment, Refund
from shop.payments.queries import credit_of
from shop.payments.services import credit
from shop.payments.services.credit import grant_reward, reverse_reward
from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory, UserFactory
from tests.shop.foundation.at_once import at_once
from tests.shop.orders.buying import filled_cart, mark_paid, payment_of

pytestmark = pytest.mark.django_db
NOTHING = Money(0, "EUR")


def euros(amount: object) -> Money:
    return Money(str(amount), "EUR")


def reward(user: User, amount: object, reference: str = "r1") -> bool:
    with transaction.atomic():
        return grant_reward(
            user=user,
            amount=euros(amount),
            reference=reference,
            subject=("user", user.pk),
            caused_by=None,
            details={},
        )


def buy(user: User, *, credit: object = None, stock: StockRecord | None = None) -> Order:
    """Place an order of one frame of 145 euros."""
    wish = filled_cart(user, stock or StockRecordFactory())
    return place_order(**wish, use_credit=None if credit is None else euros(credit))


def broken() -> list[str]:
    return [each.name for each in all_invariants() if breaches(each)]


@pytest.fixture
def user() -> User:
    user = UserFactory()
    reward(user, 20)
    return user


def test_a_reward_is_booked_once_and_is_her_credit(user: User) -> None:
    assert reward(user, 20) is False
    assert credit_of(user) == euros(20)
    assert Event.objects.filter(name="reward_granted").count() == 1
    assert broken() == []


def test_part_of_an_order_is_paid_with_credit_and_the_card_is_asked_for_the_rest(
    user: User,
) -> None:
    order = buy(user, credit=15)
    assert (order.credit_used, order.to_pay) == (euros(15), euros(130))
    assert payment_of(order).amount == euros(130)
    assert credit_of(user) == euros(5)
    assert broken() == []
    assert not Event.objects.filter(name="reward_spent").exists()

    mark_paid(order)

    spent = Event.objects.get(name="reward_spent")
    assert (spent.amount, spent.caused_by) == (
        euros(15),
        Event.objects.get(name="reward_granted").pk,
    )
    assert Event.objects.get(name="order_paid").amount == euros(145)
    assert broken() == []


def test_an_order_wholly_paid_with_credit_is_paid_without_a_card(user: User) -> None:
    reward(user, 200, "r2")
    order = buy(user, credit=220)
    assert (order.state, order.to_pay) == ("paid", NOTHING)
    assert not Payment.objects.exists()
    assert credit_of(user) == euros(75)
    assert broken() == []


@pytest.mark.parametrize(
    ("has", "used"), [("144.80", "144.50"), ("145", "145"), ("144.5", "144.5")]
)
def test_what_is_left_for_the_card_is_never_less_than_a_card_can_be_charged(
    has: str, used: str
) -> None:
    user = UserFactory()
    reward(user, has)
    assert buy(user, credit=has).credit_used == euros(used)


def test_more_than_she_has_is_refused_and_nothing_is_written(user: User) -> None:
    with pytest.raises(CreditShortError):
        buy(user, credit="20.01")
    assert not Order.objects.exists()
    assert credit_of(user) == euros(20)
    assert not StockRecord.objects.exclude(reserved=0).exists()


def test_an_order_cancelled_before_it_is_paid_gives_the_credit_back(user: User) -> None:
    order = buy(user, credit=20)
    cancel_order(order_id=order.pk, by=None, reason="x")
    assert credit_of(user) == euros(20)
    assert broken() == []


def test_a_paid_order_cancelled_gives_the_card_its_part_and_the_credit_its_own(user: User) -> None:
    order = mark_paid(buy(user, credit=20))
    cancel_order(order_id=order.pk, by=None, reason="x")
    carry_out_due()
    assert Refund.objects.get().amount == euros(125)
    assert credit_of(user) == euros(20)
    assert broken() == []


def test_an_order_paid_with_credit_alone_is_cancelled_into_credit(user: User) -> None:
    reward(user, 125, "r2")
    order = buy(user, credit=145)
    cancel_order(order_id=order.pk, by=None, reason="x")
    assert credit_of(user) == euros(145)
    assert Event.objects.get(name="order_refunded").amount == euros(145)
    assert broken() == []


def test_a_refund_goes_to_the_card_first_and_then_into_credit(user: User) -> None:
    ensure_roles()
    manager, order = ManagerFactory(), mark_paid(buy(user, credit=20))

    def give(amount: object, given_back: object) -> None:
        refund_order(
            order_id=order.pk,
            amount=euros(amount),
            seen=euros(given_back),
            by=manager,
            reason="x",
        )

    give(100, 0)
    assert credit_of(user) == NOTHING
    give(35, 100)
    assert credit_of(user) == euros(10)
    with pytest.raises(RefundChangedError):
        give(1, 100)
    with pytest.raises(RefundRefusedError):
        give("10.01", 135)
    give(10, 135)
    assert credit_of(user) == euros(20)
    assert [each.amount.amount for each in Refund.objects.order_by("created_at")] == [100, 25]
    assert broken() == []


@pytest.mark.parametrize("given", [130, 145])
def test_an_order_cancelled_after_a_refund_gives_back_what_is_left_of_the_credit(
    user: User, given: int
) -> None:
    ensure_roles()
    manager, order = ManagerFactory(), mark_paid(buy(user, credit=20))
    refund_order(order_id=order.pk, amount=euros(given), seen=NOTHING, by=manager, reason="x")

    cancel_order(order_id=order.pk, by=manager, reason="x")

    carry_out_due()
    assert credit_of(user) == euros(20)
    assert Refund.objects.get().amount == euros(125)
    assert broken() == []


def test_whoever_may_not_give_money_back_gives_none(user: User) -> None:
    ensure_roles()
    order = mark_paid(buy(user, credit=20))
    with pytest.raises(RefundForbiddenError):
        refund_order(
            order_id=order.pk, amount=euros(1), seen=NOTHING, by=StaffFactory(), reason="x"
        )


def test_a_reward_taken_back_after_it_was_spent_leaves_credit_below_zero(user: User) -> None:
    mark_paid(buy(user, credit=20))
    for _twice in range(2):
        with transaction.atomic():
            reverse_reward(reference="r1", caused_by=None, details={})
    assert credit_of(user) == euros(-20)
    with pytest.raises(CreditShortError):
        buy(user, credit=1)
    reward(user, 30, "r2")
    assert credit_of(user) == euros(10)
    assert Event.objects.filter(name="reward_reversed").count() == 1
    assert broken() == []


def test_a_client_of_the_api_says_how_much_credit_to_use(user: User) -> None:
    client = APIClient()
    client.force_authenticate(user)
    wish = filled_cart(user, StockRecordFactory())
    body = {"address_id": wish["address_id"], "use_credit": "20.00"}
    answer = client.post("/api/v1/orders/", body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    assert answer.json()["to_pay"] == {"amount": "125.00", "currency": "EUR"}
    filled_cart(user, StockRecordFactory())
    answer = client.post("/api/v1/orders/", body, headers={"Idempotency-Key": "l"})
    assert (answer.status_code, answer.json()["code"]) == (409, "credit_short")


def test_a_balance_that_is_not_its_ledgers_is_found(user: User) -> None:
    CreditAccount.objects.update(balance=euros(21))
    assert broken() == ["A customer's credit equals its ledger's"]


def test_credit_of_an_order_that_is_not_booked_is_found(user: User) -> None:
    Order.objects.filter(pk=buy(user, credit=15).pk).update(credit_amount=16)
    assert broken() == [
        "Credit is held for an order until it is paid or cancelled, and gift and credit are booked"
    ]


# At once -------------------------------------------------------------------------------------


def race(user: User) -> int:
    """Let two open carts of one customer's each spend all of her credit; return how many may."""
    holds = [
        {"user": user, "amount": euros(20), "order_number": f"L-{number}"} for number in range(8)
    ]

    def hold(wish: dict[str, object]) -> bool:
        try:
            with transaction.atomic():
                credit.hold_credit(**wish)  # type: ignore[arg-type]
        except CreditShortError:
            return False
        return True

    return sum(at_once([lambda wish=wish: hold(wish) for wish in holds]))


@pytest.mark.django_db(transaction=True)
def test_the_same_credit_is_spent_once() -> None:
    user = UserFactory()
    reward(user, 20)
    assert race(user) == 1
    assert credit_of(user) == NOTHING


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_spends_it_more_than_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = UserFactory()
    reward(user, 20)

    two_have_read = Barrier(2)

    def only_read(model: type[CreditAccount], key: object) -> CreditAccount:
        account = model.objects.get(pk=key)
        # Nobody spends before another has read: else a busy machine may run them one by one.
        with suppress(BrokenBarrierError):
            two_have_read.wait(timeout=5)
        return account

    monkeypatch.setattr(credit, "lock_row", only_read)
    assert race(user) > 1
    assert "A customer's credit equals its ledger's" in broken()
    assert LedgerEntry.objects.filter(transaction__kind="credit_hold").count() > 2


def test_a_manager_gives_money_back_from_the_console(client, user: User) -> None:
    ensure_roles()
    client.force_login(ManagerFactory())
    order = mark_paid(buy(user, credit=20))
    page = client.get(f"/console/orders/{order.number}/").content.decode()
    shown = re.search(r'name="given_back" value="([^"]+)"', page)
    assert shown
    form = {"amount": "130.00", "given_back": shown[1], "reason": "It came back"}
    url = f"/console/orders/{order.number}/refund/"
    answer = client.post(url, form, follow=True)
    assert "The money is on its way back." in answer.content.decode()
    assert "€130.00" in answer.content.decode()
    assert credit_of(user) == euros(5)
    again = client.post(url, form, follow=True)
    assert "Something was given back meanwhile" in again.content.decode()
