"""A debt to be paid, and what the room that asks for it hears."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction
from djmoney.money import Money

from shop.payments import purposes
from shop.payments.models import LedgerEntry, Payment, Refund, SavedCard
from shop.payments.services.cards import finish_card_setup, start_card_setup
from shop.payments.services.charges import request_payment
from tests.factories.shop import UserFactory
from tests.shop.payments.paying import VISA, answer_bank, confirm
from tests.shop.payments.sandbox.running import RunningSandbox

PURPOSE = "library_fine"
# Users of tests that count: no other process's and no earlier run's have such numbers.
NUMBERS_OF_ITS_OWN = 10_000_000


class KilledError(BaseException):
    """No code of ours catches it: all that is not committed is gone, as after a kill."""


@dataclass
class Heard:
    """What a purpose was told, by payment or refund.

    Where ``dies`` is set, its worker is killed while it is told of the next success.
    """

    succeeded: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)
    refunded: list[Any] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)
    dies: bool = False


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    """Forgets what earlier runs, whose users had the same numbers, counted against limits."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter("lorgnette:limit:card-setup:user:*"):
        # Who has a number above it is counted by a test that runs beside this one.
        if int(key.rpartition(b":")[2]) < NUMBERS_OF_ITS_OWN:
            store.delete(key)
    for key in store.scan_iter("lorgnette:limit:card-kept:*"):
        store.delete(key)


@pytest.fixture
def heard() -> Iterator[Heard]:
    told = Heard()

    def on_succeeded(payment: Payment) -> None:
        if told.dies:
            told.dies = False
            raise KilledError
        told.succeeded.append(payment.pk)

    def on_failed(payment: Payment) -> None:
        told.failed.append((payment.pk, payment.failure_code))

    def on_refunded(refund: Refund) -> None:
        told.refunded.append(refund.pk)

    def on_link_opened(payment: Payment) -> None:
        told.opened.append(payment.pk)

    purposes.register_purpose(
        PURPOSE,
        account=LedgerEntry.Account.UNRETURNED,
        on_succeeded=on_succeeded,
        on_failed=on_failed,
        on_refunded=on_refunded,
        on_link_opened=on_link_opened,
    )
    yield told
    del purposes._purposes[PURPOSE]


@pytest.fixture
def owe(heard: Heard) -> Callable[..., Payment]:
    """Writes a debt down, as a room does in a transaction of its own."""

    def owe_money(**changes: Any) -> Payment:
        fields = {"purpose": PURPOSE, "reference": "fine-1", "amount": Money("95.00", "EUR")}
        fields |= changes
        fields.setdefault("user", None)
        if fields["user"] is None:
            fields["user"] = UserFactory()
        with transaction.atomic():
            return request_payment(**fields)

    return owe_money


@pytest.fixture
def keep_card(stripe_sandbox: RunningSandbox) -> Callable[..., SavedCard]:
    """Saves a card of somebody's, with the bank's question where it asks one."""

    def keep(user: Any = None, method: str = VISA) -> SavedCard:
        user = user or UserFactory()
        start = start_card_setup(user=user)
        intent = confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, method)
        if intent.get("next_action"):
            answer_bank(intent["next_action"]["redirect_to_url"]["url"])
        return finish_card_setup(user=user, setup_intent_id=start.intent_id)

    return keep
