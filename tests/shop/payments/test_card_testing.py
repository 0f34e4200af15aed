"""Whoever tries stolen cards is stopped after a few; a customer who mistypes is not."""

import secrets
from ipaddress import IPv6Address
from typing import Any

import pytest
from django.test import Client

from shop.foundation.errors import TooManyError
from shop.payments.models import CardSetup
from shop.payments.services.cards import SETUPS_AN_HOUR, finish_card_setup, start_card_setup
from tests.factories.shop import UserFactory
from tests.shop.payments.conftest import NUMBERS_OF_ITS_OWN
from tests.shop.payments.paying import DECLINED, confirm, deliver, next_of
from tests.shop.payments.sandbox.running import Receiver, RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
FAILED = "setup_intent.setup_failed"


def customer() -> Any:
    return UserFactory(pk=NUMBERS_OF_ITS_OWN + secrets.randbelow(10**8))


@pytest.fixture
def address() -> str:
    """An address nobody else is counted by: Redis is shared by all processes of a test run."""
    return str(IPv6Address(secrets.randbits(128)))


def test_a_tester_who_begins_again_after_each_refusal_is_stopped(
    client: Client, stripe_sandbox: RunningSandbox
) -> None:
    client.force_login(customer())
    intents = set()
    for _try in range(SETUPS_AN_HOUR):
        begun = client.post("/api/v1/cards/setup/")
        assert begun.status_code == 201
        body = begun.json()
        intents.add(body["intent_id"])
        confirm(stripe_sandbox, "setup", body["intent_id"], body["client_secret"], DECLINED)

    refused = client.post("/api/v1/cards/setup/")

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert len(intents) == SETUPS_AN_HOUR
    assert client.get("/account/cards/new/").status_code == 429
    # Nor does the last intent take another card.
    again = confirm(stripe_sandbox, "setup", body["intent_id"], body["client_secret"])
    assert again["error"]["code"] == "setup_intent_unexpected_state"


def test_a_tester_who_stays_with_one_intent_is_stopped_by_what_stripe_tells(
    client: Client, stripe_sandbox: RunningSandbox, stripe_webhooks: Receiver, address: str
) -> None:
    user = customer()
    start = start_card_setup(user=user, address=address)
    for _try in range(SETUPS_AN_HOUR):
        confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, DECLINED)
        assert deliver(client, next_of(stripe_webhooks, FAILED)) == 200

    again = confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret)

    assert again["error"]["code"] == "setup_intent_unexpected_state"
    with pytest.raises(TooManyError):
        start_card_setup(user=user, address=address)


def test_refusals_count_against_the_address_they_come_from(
    client: Client, stripe_sandbox: RunningSandbox, stripe_webhooks: Receiver, address: str
) -> None:
    start = start_card_setup(user=customer(), address=address)
    confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, DECLINED)
    assert deliver(client, next_of(stripe_webhooks, FAILED)) == 200

    # One account's beginning and refusal are two of the sixty that a network has.
    for _other in range(SETUPS_AN_HOUR * 6 - 2):
        start_card_setup(user=customer(), address=address)
    with pytest.raises(TooManyError):
        start_card_setup(user=customer(), address=address)


def test_a_page_loaded_again_goes_on_with_the_same_intent(
    stripe_sandbox: RunningSandbox, address: str
) -> None:
    user = customer()
    begun = [start_card_setup(user=user, address=address) for _load in range(SETUPS_AN_HOUR + 5)]
    assert len({start.intent_id for start in begun}) == 1


def test_a_customer_whose_card_was_refused_tries_another_on_the_same_page(
    client: Client, stripe_sandbox: RunningSandbox, stripe_webhooks: Receiver, address: str
) -> None:
    user = customer()
    start = start_card_setup(user=user, address=address)
    confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, DECLINED)
    deliver(client, next_of(stripe_webhooks, FAILED))

    confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret)

    assert finish_card_setup(user=user, setup_intent_id=start.intent_id).last4 == "4242"
    assert CardSetup.objects.get().state == CardSetup.State.SUCCEEDED
