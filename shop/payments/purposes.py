"""What payments are for. A room that wants to be paid registers its purpose here."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from shop.payments.models import LedgerEntry, Payment, Refund


@dataclass(frozen=True)
class Purpose:
    """What happens, in the settling transaction, when money moved for a purpose.

    Attributes:
        name: kept in every payment.
        account: where the income is booked.
        on_succeeded: called once, when it was paid.
        on_failed: called for every refusal; the debt stays open.
        on_refunded: called once for each refund that went through.
        on_refund_failed: called once for each refund that failed, be it days after it went through.
        on_link_opened: called when a person touched the page of its payment link; may be again.
        page: where the payer reads on once it is paid, a path; empty for the payment's own page.
        words: what is paid for, as the payer reads it above the amount.
        tax: the sales tax within its amounts, in %; booked beside the income.
        is_owed: whether it is still to be paid: what was let go is asked of no card.
    """

    name: str
    account: LedgerEntry.Account
    on_succeeded: Callable[[Payment], None]
    on_failed: Callable[[Payment], None]
    on_refunded: Callable[[Refund], None]
    on_refund_failed: Callable[[Refund], None]
    on_link_opened: Callable[[Payment], None]
    page: Callable[[Payment], str]
    words: Callable[[Payment], str]
    tax: Callable[[Payment], Decimal]
    is_owed: Callable[[Payment], bool]


_purposes: dict[str, Purpose] = {}


def _nothing(_: object) -> None:
    return None


def _own_page(_: Payment) -> str:
    return ""


def _no_words(_: Payment) -> str:
    return ""


def _no_tax(_: Payment) -> Decimal:
    return Decimal(0)


def _always(_: Payment) -> bool:
    return True


def register_purpose(
    name: str,
    *,
    account: LedgerEntry.Account,
    on_succeeded: Callable[[Payment], None],
    on_failed: Callable[[Payment], None] = _nothing,
    on_refunded: Callable[[Refund], None] = _nothing,
    on_refund_failed: Callable[[Refund], None] = _nothing,
    on_link_opened: Callable[[Payment], None] = _nothing,
    page: Callable[[Payment], str] = _own_page,
    words: Callable[[Payment], str] = _no_words,
    tax: Callable[[Payment], Decimal] = _no_tax,
    is_owed: Callable[[Payment], bool] = _always,
) -> None:
    """Register a purpose when its app is ready; see ``Purpose``."""
    _purposes[name] = Purpose(
        name=name,
        account=account,
        on_succeeded=on_succeeded,
        on_failed=on_failed,
        on_refunded=on_refunded,
        on_refund_failed=on_refund_failed,
        on_link_opened=on_link_opened,
        page=page,
        words=words,
        tax=tax,
        is_owed=is_owed,
    )


def purpose_of(payment: Payment) -> Purpose:
    """Return what a payment is for.

    Raises:
        KeyError: nobody registered it.
    """
    return _purposes[payment.purpose]
