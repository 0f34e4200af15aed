"""The Stripe sandbox for every test that pays: one process a run, emptied before each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shop.payments.sandbox.running import WEBHOOK_SECRET, Receiver, RunningSandbox


@pytest.fixture(scope="session")
def webhook_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def stripe_process(
    tmp_path_factory: pytest.TempPathFactory, webhook_receiver: Receiver
) -> Iterator[RunningSandbox]:
    state = tmp_path_factory.mktemp("stripe") / "state"
    running = RunningSandbox(state, webhook_url=webhook_receiver.url, hosts=("testserver",))
    yield running
    assert running.stop() == 0


@pytest.fixture
def stripe_sandbox(
    stripe_process: RunningSandbox, webhook_receiver: Receiver, settings: Any
) -> RunningSandbox:
    """An empty sandbox that the shop pays through."""
    stripe_process.turn("reset")
    webhook_receiver.forget()
    settings.STRIPE_API_BASE = settings.STRIPE_BROWSER_BASE = stripe_process.url
    settings.STRIPE_SECRET_KEY = "sk_test_123"
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_123"
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    return stripe_process


@pytest.fixture
def stripe_webhooks(stripe_sandbox: RunningSandbox, webhook_receiver: Receiver) -> Receiver:
    """What the sandbox sends to the shop, kept until a test delivers it."""
    return webhook_receiver
