"""One sandbox process and one webhook receiver for all tests of this folder, emptied for each."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shop.payments.sandbox.running import Receiver, RunningSandbox


@pytest.fixture(scope="session")
def receiver_process() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def sandbox_process(
    tmp_path_factory: pytest.TempPathFactory, receiver_process: Receiver
) -> Iterator[RunningSandbox]:
    state = tmp_path_factory.mktemp("sandbox") / "state"
    running = RunningSandbox(state, webhook_url=receiver_process.url, hosts=("shop.example",))
    yield running
    assert running.stop() == 0


@pytest.fixture
def sandbox(sandbox_process: RunningSandbox, receiver_process: Receiver) -> RunningSandbox:
    sandbox_process.turn("reset")
    receiver_process.forget()
    return sandbox_process


@pytest.fixture
def receiver(sandbox: RunningSandbox, receiver_process: Receiver) -> Receiver:
    return receiver_process


@pytest.fixture
def client(sandbox: RunningSandbox) -> Any:
    return sandbox.stripe()


@pytest.fixture
def customer(client: Any) -> Any:
    return client.customers.create({"email": "ada@example.org", "name": "Ada"})
