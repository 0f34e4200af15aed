"""What was given back or is disputed, as Stripe tells and lists it, whoever did it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shop.payments.gateway import RefundResult, call, refund_of


def list_refunds(*, since: datetime) -> list[RefundResult]:
    """Return the refunds made since a moment, whoever made them, the oldest first."""
    found = call(
        lambda client: list(
            client.v1.refunds.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            ).auto_paging_iter()
        )
    )
    return [refund_of(each) for each in reversed(found)]


@dataclass(frozen=True)
class DisputeResult:
    """A dispute at Stripe.

    Attributes:
        id: Stripe's.
        intent_id: of the payment it is of.
        status: Stripe's word.
        reason: Stripe's word.
        amount: minor units that are disputed.
        currency: ISO 4217.
        opened_at: when.
        answer_by: until when evidence is taken, if at all.
        moved: minor units by Stripe's name of each entry of its balance: below zero what the bank
            took, above what it gave back.
        fees: minor units that Stripe took for itself with an entry, by its name, besides what
            moved; below zero where it gave a fee back.
    """

    id: str
    intent_id: str
    status: str
    reason: str
    amount: int
    currency: str
    opened_at: datetime
    answer_by: datetime | None
    moved: dict[str, int]
    fees: dict[str, int]


def retrieve_dispute(dispute_id: str) -> DisputeResult:
    """Return a dispute as it now stands."""
    return _dispute(call(lambda client: client.v1.disputes.retrieve(dispute_id)))


def list_disputes(*, since: datetime) -> list[DisputeResult]:
    """Return the disputes opened since a moment, the oldest first."""
    found = call(
        lambda client: list(
            client.v1.disputes.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            ).auto_paging_iter()
        )
    )
    return [_dispute(each) for each in reversed(found)]


def _dispute(found: Any) -> DisputeResult:
    due = getattr(found.evidence_details, "due_by", None)
    return DisputeResult(
        id=found.id,
        intent_id=str(found.payment_intent or ""),
        status=found.status,
        reason=found.reason or "",
        amount=found.amount,
        currency=found.currency.upper(),
        opened_at=datetime.fromtimestamp(found.created, UTC),
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
        moved={each.id: each.amount for each in found.balance_transactions},
        fees={each.id: each.fee for each in found.balance_transactions if each.fee},
    )
