"""An order: a frame into the cart, placed, and paid at the Stripe sandbox, by API."""

import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.test import override_settings
from rest_framework.test import APIClient

from shop.catalogue.models import Variant
from shop.inventory.models import StockRecord
from shop.orders.models import Order, OrderLine
from shop.payments.models import LedgerEntry
from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import INSERT
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.load import Act, Result, dealt, run_load
from tests.benchmarks.people import Customer, make_customers
from tests.benchmarks.report import Figure
from tests.benchmarks.server import analyse
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import Answer, Wire, form_bytes, json_bytes

# Eight times what the best of the peers measured does from cart to placed order.
LEAST = 8 * 21
LINES, ORDERS = "/api/v1/cart/lines/", "/api/v1/orders/"
CARD = "pm_card_visa"
# Paying goes through the sandbox four times an order, so fewer are paid in a turn than placed.
PAID_SHARE = 4

Walk = Callable[[APIClient, Customer, int, str], list[Any]]


def run(bench: Bench) -> list[Figure]:
    """Measure cart to placed and cart to paid beside one durable insert."""
    ensure_products(bench.scale.products)
    variants = list(Variant.objects.filter(position=3).order_by("pk").values_list("pk", flat=True))
    rounds, acts = bench.scale.rounds, bench.scale.acts
    to_place = iter([make_customers(acts) for _round in range(rounds)])
    to_pay = iter([make_customers(max(acts // PAID_SHARE, 1)) for _round in range(rounds)])
    analyse()

    def go(customers: list[Customer], way: Callable[[Customer, int], Act]) -> Result:
        walks = [
            way(customer, variants[number % len(variants)])
            for number, customer in enumerate(customers)
        ]
        hands = dealt(walks, hands=bench.scale.connections)
        return run_load(bench.shop, hands, expected=(201,))

    floor, placed, paid = bench.in_turns(
        bench.floor("/insert/", method="POST"),
        lambda: go(next(to_place), _placing),
        lambda: go(next(to_pay), lambda who, what: _paying(who, what, stripe=bench.stripe)),
    )
    _check(bench, placed=sum(each.done for each in placed), paid=sum(each.done for each in paid))
    return [
        figure(
            "order, cart to placed",
            placed,
            floor=floor,
            floor_name=INSERT,
            least=LEAST,
            statements=_counted(_place, variants[0], bench),
        ),
        figure(
            "order, cart to paid, Stripe sandbox included",
            paid,
            floor=floor,
            floor_name=INSERT,
            least=LEAST,
            statements=_counted(_pay, variants[0], bench),
        ),
    ]


def _add(customer: Customer, variant_id: int) -> bytes:
    return json_bytes("POST", LINES, {"variant_id": variant_id}, headers=customer.headers())


def _order(customer: Customer) -> bytes:
    headers = customer.headers(**{"Idempotency-Key": str(uuid.uuid4())})
    return json_bytes("POST", ORDERS, {"address_id": customer.address_id}, headers=headers)


def _placing(customer: Customer, variant_id: int) -> Act:
    add, order = _add(customer, variant_id), _order(customer)

    def walk(wire: Wire) -> int:
        added = wire.ask(add)
        return wire.ask(order).status if added.status == 200 else added.status

    return walk


def _paying(customer: Customer, variant_id: int, *, stripe: str) -> Act:
    add, order = _add(customer, variant_id), _order(customer)

    def walk(wire: Wire) -> int:
        wire.ask(add)
        placed = wire.ask(order)
        if placed.status != 201:
            return placed.status
        payment = f"{ORDERS}{json.loads(placed.body)['number']}/payment/"
        started = wire.ask(json_bytes("POST", payment, {}, headers=customer.headers()))
        if started.status != 200:
            return started.status
        confirmed = _confirm(stripe, json.loads(started.body))
        if confirmed.status != 200:
            return confirmed.status
        seen = wire.ask(json_bytes("POST", f"{payment}refresh/", {}, headers=customer.headers()))
        paid = seen.status == 200 and json.loads(seen.body)["state"] == "paid"
        return placed.status if paid else seen.status

    return walk


def _confirm(stripe: str, start: dict[str, Any]) -> Answer:
    """Confirm the intent with Stripe, as the customer's app does without us."""
    wire = Wire(int(stripe.rpartition(":")[2]))
    answer = wire.ask(
        form_bytes(
            f"/v1/payment_intents/{start['intent_id']}/confirm",
            {"client_secret": start["client_secret"], "payment_method": CARD},
            headers={"Authorization": f"Bearer {settings.STRIPE_PUBLISHABLE_KEY}"},
        )
    )
    wire.close()
    return answer


def _check(bench: Bench, *, placed: int, paid: int) -> None:
    waiting = Order.objects.filter(state="pending_payment").count()
    bench.check("orders that wait for payment", found=waiting, expected=placed)
    settled = Order.objects.filter(state="paid").count()
    bench.check("orders paid", found=settled, expected=paid)
    bench.check("lines", found=OrderLine.objects.count(), expected=placed + paid)
    held = StockRecord.objects.aggregate(held=Sum("reserved"))["held"]
    bench.check("pieces held", found=held, expected=placed + paid)
    total = Order.objects.filter(state="paid").aggregate(sum=Sum("total"))["sum"]
    booked = LedgerEntry.objects.filter(account="stripe").aggregate(sum=Sum("amount"))["sum"]
    bench.check("booked in the ledger", found=booked or Decimal(0), expected=total or Decimal(0))


def _place(client: APIClient, customer: Customer, variant_id: int, stripe: str) -> list[Any]:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    return [
        client.post(LINES, {"variant_id": variant_id}, headers=customer.headers()),
        client.post(ORDERS, {"address_id": customer.address_id}, headers=customer.headers(**key)),
    ]


def _pay(client: APIClient, customer: Customer, variant_id: int, stripe: str) -> list[Any]:
    answers = _place(client, customer, variant_id, stripe)
    payment = f"{ORDERS}{answers[-1].json()['number']}/payment/"
    answers.append(client.post(payment, headers=customer.headers()))
    assert _confirm(stripe, answers[-1].json()).status == 200
    answers.append(client.post(f"{payment}refresh/", headers=customer.headers()))
    assert answers[-1].json()["state"] == "paid"
    return answers


def _counted(walk: Walk, variant_id: int, bench: Bench) -> str:
    (customer,) = make_customers(1)
    with override_settings(STRIPE_API_BASE=bench.stripe):
        return statements(lambda client: walk(client, customer, variant_id, bench.stripe))
