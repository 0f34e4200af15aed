"""Booking what an act cost, in the transaction of the act, once.

A unit's moves say what was done to it, so that its work, cleaning, repair and write-off are booked
where it is moved and nowhere else; a parcel's cost is booked when its label is made.
"""

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db.models import Sum
from djmoney.money import Money

from shop.orders.models import Order
from shop.payments.models import LedgerEntry, LedgerTransaction
from shop.payments.services.ledger import Entry, book
from trials.costs.models import CostRates, TrialCost

Account = LedgerEntry.Account


class CostKind(StrEnum):
    """What was spent; the kind of its transactions in the ledger."""

    SHIPPING = "cost_shipping"
    REFURBISHMENT = "cost_refurbishment"
    LABOUR = "cost_labour"
    WRITE_OFF = "cost_write_off"
    GOODS = "cost_goods"
    CLAIM = "cost_claim"


# The account of the cost, and the one it is owed from or taken out of.
ACCOUNTS = {
    CostKind.SHIPPING: (Account.SHIPPING, Account.COSTS_ACCRUED),
    CostKind.REFURBISHMENT: (Account.REFURBISHMENT, Account.COSTS_ACCRUED),
    CostKind.LABOUR: (Account.LABOUR, Account.COSTS_ACCRUED),
    CostKind.WRITE_OFF: (Account.WRITE_OFFS, Account.INVENTORY),
    CostKind.GOODS: (Account.GOODS, Account.INVENTORY),
    # Taken off what the shop owes to carriers.
    CostKind.CLAIM: (Account.CLAIMS, Account.COSTS_ACCRUED),
}
GONE = frozenset({"lost", "retired"})
# Taken from its shelf for a box that was called off: nobody wore it.
NEVER_LEFT = frozenset({("reserved", "inspection"), ("packed", "inspection")})


def book_cost(
    *,
    kind: CostKind,
    reference: str,
    amount: Money,
    trial_id: uuid.UUID | None = None,
    unit_id: int | None = None,
    variant_id: int | None = None,
) -> bool:
    """Book a cost of a trial, in the caller's transaction, once a kind and reference.

    Args:
        kind: what was spent.
        reference: names the act, up to 80 characters.
        amount: what it cost; below zero where a cost is taken back. Nothing is booked of zero.
        trial_id: for which trial; nothing where it was for none.
        unit_id: for which of its units.
        variant_id: the variant of that unit.

    Returns:
        Whether it was booked now.
    """
    if not amount.amount:
        return False
    cost, source = ACCOUNTS[kind]
    if not book(
        kind=kind, reference=reference, entries=[Entry(cost, amount), Entry(source, -amount)]
    ):
        return False
    booked = LedgerTransaction.objects.get(kind=kind, reference=reference)
    TrialCost.objects.create(
        transaction=booked, trial_id=trial_id, unit_id=unit_id, variant_id=variant_id
    )
    return True


def book_parcel(
    *, shipment_id: uuid.UUID, trial_id: uuid.UUID, outbound: bool, postage: Money | None
) -> None:
    """Book what a parcel costs: what the carrier asked for its label, else the shop's rate.

    Args:
        shipment_id: the parcel; booked once.
        trial_id: whose.
        outbound: whether it goes to the customer.
        postage: what the carrier asked, if it said.
    """
    if postage is None:
        rates = CostRates.current()
        if rates is None:
            return
        postage = rates.money("shipping_out" if outbound else "shipping_back")
    book_cost(kind=CostKind.SHIPPING, reference=str(shipment_id), amount=postage, trial_id=trial_id)


def take_back_parcel(*, shipment_id: uuid.UUID) -> None:
    """Book back what a parcel cost that never went, once; of one that cost nothing, nothing."""
    _book_reversed(str(shipment_id), under=f"back:{shipment_id}")


def book_parcel_again(*, shipment_id: uuid.UUID) -> None:
    """Book once more what a parcel cost that was taken back, for it went after all."""
    _book_reversed(f"back:{shipment_id}", under=f"again:{shipment_id}")


def book_claim(*, claim_id: uuid.UUID, trial_id: uuid.UUID, paid: Money, step: str = "") -> None:
    """Book what a carrier paid for a lost parcel, for the trial whose parcel it was.

    Args:
        claim_id: for which claim.
        trial_id: the trial.
        paid: below zero where it was given back.
        step: names what follows the first payment; each is booked once.
    """
    reference = f"{claim_id}:{step}" if step else str(claim_id)
    book_cost(kind=CostKind.CLAIM, reference=reference, amount=-paid, trial_id=trial_id)


def _book_reversed(reference: str, *, under: str) -> None:
    """Book the reverse of what was booked for a parcel; nothing where nothing was."""
    entry = (
        LedgerEntry.objects.filter(
            transaction__kind=CostKind.SHIPPING,
            transaction__reference=reference,
            account=Account.SHIPPING,
        )
        .select_related("transaction__trial_cost")
        .first()
    )
    if entry is not None:
        book_cost(
            kind=CostKind.SHIPPING,
            reference=under,
            amount=-entry.amount,
            trial_id=entry.transaction.trial_cost.trial_id,
        )


def book_moves(moves: Sequence[Any], *, sold: bool = False, anew: bool = False) -> None:
    """Book what moves of units cost, by the rates of now.

    Packing and checking in are work; what came back is cleaned, but not what never left; what goes
    to the workshop is repaired; what is lost or retired is written off at its cost, or costs goods
    where it was sold, and what turns up after that is taken back at the same.

    Args:
        moves: rows of the movements just written, each with its unit as ``subject``.
        sold: whether those that are gone were sold.
        anew: whether what came back is only judged once more: that was worked on before.
    """
    costing = [
        move
        for move in moves
        if move.to_state in {"packed", "inspection", "repair", *GONE}
        and move.from_state
        and (move.from_state, move.to_state) not in NEVER_LEFT
    ]
    rates = CostRates.current() if costing else None
    if rates is None:
        return
    for move in costing:
        where = {
            "reference": f"move:{move.pk}",
            "trial_id": move.trial_id,
            "unit_id": move.subject.pk,
            "variant_id": move.subject.variant_id,
        }
        if move.to_state == "packed":
            book_cost(kind=CostKind.LABOUR, amount=rates.work(rates.pack_minutes), **where)
        elif move.to_state == "repair":
            book_cost(kind=CostKind.REFURBISHMENT, amount=rates.money("repair"), **where)
        elif move.to_state == "inspection":
            if not anew:
                book_cost(kind=CostKind.LABOUR, amount=rates.work(rates.check_in_minutes), **where)
                book_cost(kind=CostKind.REFURBISHMENT, amount=rates.money("cleaning"), **where)
            if move.from_state in GONE:
                _take_back_write_off(move)
        elif move.from_state not in GONE:
            value = rates.value(move.subject.variant.price)
            book_cost(kind=CostKind.GOODS if sold else CostKind.WRITE_OFF, amount=value, **where)


def take_back_repair(*, move_id: int) -> None:
    """Book back, once, what a move to the workshop cost where it should not have gone there.

    Args:
        move_id: of the movement; of one that cost nothing, nothing is booked.
    """
    entry = (
        LedgerEntry.objects.filter(
            transaction__kind=CostKind.REFURBISHMENT,
            transaction__reference=f"move:{move_id}",
            account=Account.REFURBISHMENT,
        )
        .select_related("transaction__trial_cost")
        .first()
    )
    if entry is None:
        return
    cost = entry.transaction.trial_cost
    book_cost(
        kind=CostKind.REFURBISHMENT,
        reference=f"back:move:{move_id}",
        amount=-entry.amount,
        trial_id=cost.trial_id,
        unit_id=cost.unit_id,
        variant_id=cost.variant_id,
    )


def _take_back_write_off(move: Any) -> None:
    """Take a unit that turned up back into stock, for the trial it was written off for."""
    gone = (CostKind.WRITE_OFF, CostKind.GOODS)
    written = TrialCost.objects.filter(
        unit_id=move.subject.pk, transaction__kind__in=gone
    ).order_by("-pk")
    last = written.first()
    if last is None:
        return
    of_unit = LedgerEntry.objects.filter(
        transaction__trial_cost__in=written, account__in=[ACCOUNTS[kind][0] for kind in gone]
    )
    sums = of_unit.values_list("transaction__kind", "amount_currency").annotate(total=Sum("amount"))
    for kind, currency, amount in sums:
        book_cost(
            kind=CostKind(kind),
            reference=f"move:{move.pk}",
            amount=Money(-amount, currency),
            trial_id=last.trial_id,
            unit_id=last.unit_id,
            variant_id=last.variant_id,
        )


def book_goods(*, order_id: uuid.UUID) -> bool:
    """Book what the frames of a paid order cost the shop, in the caller's transaction, once."""
    rates = CostRates.current()
    order = Order.objects.get(pk=order_id)
    if rates is None or order.paid_at is None:
        return False
    amount = sum((rates.value(line.amount) for line in order.lines.all()), start=order.total * 0)
    if not amount.amount:
        return False
    cost, source = ACCOUNTS[CostKind.GOODS]
    return book(
        kind=CostKind.GOODS,
        reference=order.number,
        entries=[Entry(cost, amount), Entry(source, -amount)],
        order_number=order.number,
    )
