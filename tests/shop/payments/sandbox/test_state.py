"""What stays after a restart, what is never written down, and how the process ends."""

import contextlib
import os
import re
import subprocess
import sys
import time

import pytest
import requests
import stripe

from tests.shop.payments.sandbox.acts import pay, typed
from tests.shop.payments.sandbox.running import ROOT, RunningSandbox

NUMBERS = ["4242424242424242", "4000000000000002", "5555555555554444", "4111111111111111"]
CVC = "7319"


@pytest.fixture
def own(tmp_path):
    running = RunningSandbox(tmp_path / "state")
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0


def test_everything_survives_a_restart(tmp_path):
    (tmp_path / "with a space").mkdir()
    running = RunningSandbox(tmp_path / "with a space" / "state")
    client = running.stripe()
    customer = client.customers.create({"email": "ada@example.org"})
    held = pay(client, "pm_card_visa", capture_method="manual")
    kept = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    first = client.payment_intents.create(
        {"amount": 500, "currency": "eur"}, {"idempotency_key": "k"}
    )
    running.turn("clock", advance=3600)
    running.turn("faults", action="500", path="/v1/refunds")
    assert running.stop() == 0
    running.start()
    client = running.stripe()
    assert running.look("clock")["offset"] == 3600
    assert len(running.look("faults")["data"]) == 1
    assert client.customers.retrieve(customer.id).email == "ada@example.org"
    assert client.payment_methods.retrieve(kept.id).card.fingerprint == kept.card.fingerprint
    assert client.payment_intents.capture(held.id).status == "succeeded"
    again = client.payment_intents.create(
        {"amount": 500, "currency": "eur"}, {"idempotency_key": "k"}
    )
    assert again.id == first.id
    running.turn("clock", advance=8 * 86400)
    assert client.payment_intents.retrieve(held.id).status == "succeeded"
    assert running.stop() == 0


def test_a_hold_that_ended_while_the_server_was_down_lapses_at_the_next_start(tmp_path):
    running = RunningSandbox(tmp_path / "state")
    held = pay(running.stripe(), "pm_card_visa", capture_method="manual")
    running.turn("clock", advance=7 * 86400 - 1)
    running.kill()
    time.sleep(1.2)
    running.start()
    assert running.stripe().payment_intents.retrieve(held.id).status == "canceled"
    assert running.stop() == 0


def test_card_numbers_and_security_codes_are_written_nowhere(tmp_path):
    running = RunningSandbox(tmp_path / "state")
    client = running.stripe()
    for number in NUMBERS:
        for shape in (number, " ".join(number[i : i + 4] for i in range(0, 16, 4))):
            fields = {"payment_method_data": typed(shape, cvc=CVC), "confirm": True}
            fields |= {"amount": 500, "currency": "eur", "payment_method_types": ["card"]}
            for options in ({}, {"idempotency_key": f"key-{shape[-3:]}-{len(shape)}"}):
                with contextlib.suppress(stripe.CardError):
                    client.payment_intents.create(fields, options)
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_methods.create({**typed(NUMBERS[0], cvc=CVC), "colour": "red"})
    wrong = typed(NUMBERS[0], cvc=CVC, exp_month=f"{NUMBERS[0]}x")
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_methods.create(wrong)
    requests.get(f"{running.url}/v1/payment_methods?card={NUMBERS[0]}", timeout=5)
    answers = str(running.look("requests")) + str(running.look("deliveries"))
    answers += str(client.events.list({"limit": 100}).to_dict())
    assert running.process.stdout is not None
    assert running.stop() == 0
    written = b"".join(path.read_bytes() for path in running.state.iterdir())
    written += running.output.read_bytes() + running.process.stdout.read() + answers.encode()
    for number in NUMBERS:
        assert number.encode() not in written
        assert number[:12].encode() not in written
    # As a value of its own: random ids and times hold any four digits now and then.
    assert not re.search(rf"(?<![\w.-]){CVC}(?![\w-])".encode(), written)
    assert b"pm_card_visa" in written


def test_it_needs_no_django_and_nothing_of_the_project():
    loaded = (
        "import sys, shop.payments.sandbox.__main__ as _; "
        "print(sorted(n for n in sys.modules if n.split('.')[0] in "
        "('django', 'config', 'trials', 'sharing', 'shop') "
        "and not n.startswith('shop.payments.sandbox')))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, env=clean, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "['shop', 'shop.payments']"


def test_it_ends_at_sigterm_though_a_webhook_and_a_connection_are_open(own):
    with requests.Session() as session:
        session.get(f"{own.url}/v1/balance", timeout=5)
        own.turn("faults", action="timeout", seconds=60)
        with pytest.raises(requests.Timeout):
            session.get(f"{own.url}/v1/balance", timeout=0.2)
        started = time.monotonic()
        assert own.stop() == 0
        assert time.monotonic() - started < 3


def test_a_connection_serves_many_requests(sandbox):
    with requests.Session() as session:
        for _ in range(3):
            answer = session.get(
                f"{sandbox.url}/v1/balance",
                headers={"Authorization": "Bearer sk_test_1"},
                timeout=5,
            )
            assert answer.headers.get("Connection") != "close"
    large = requests.post(f"{sandbox.url}/v1/customers", data=b"x" * 1_000_001, timeout=5)
    assert large.status_code == 413
