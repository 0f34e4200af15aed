"""Idempotency keys: one effect and one answer a key, under repeats, mistakes and concurrency."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

PATH = "/v1/payment_intents"
FIELDS = {"amount": "14500", "currency": "eur"}


def test_a_repeat_gets_the_stored_answer_and_changes_nothing(sandbox, client):
    first = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"})
    again = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"})
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.content == first.content
    assert len(client.payment_intents.list().data) == 1
    assert len(client.events.list().data) == 1


def test_a_card_error_is_replayed_too(client):
    def charge():
        return client.payment_intents.create(
            {
                "amount": 14500,
                "currency": "eur",
                "payment_method": "pm_card_chargeDeclined",
                "payment_method_types": ["card"],
                "confirm": True,
            },
            {"idempotency_key": "declined"},
        )

    intents = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            charge()
        intents.append(refusal.value.error.payment_intent.id)
    assert intents[0] == intents[1]
    assert refusal.value.headers["Idempotent-Replayed"] == "true"
    assert len(client.charges.list().data) == 1


def test_a_refused_parameter_leaves_the_key_free(client):
    for wrong in ({"currency": "eur"}, {"amount": 5, "currency": "eur", "colour": "red"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.payment_intents.create(wrong, {"idempotency_key": "k"})
    made = client.payment_intents.create(
        {"amount": 500, "currency": "eur"}, {"idempotency_key": "k"}
    )
    assert made.status == "requires_payment_method"


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        (PATH, {"amount": "14600", "currency": "eur"}, "same parameters"),
        ("/v1/customers", FIELDS, "same endpoint"),
    ],
)
def test_a_key_is_for_one_endpoint_with_one_set_of_parameters(sandbox, path, fields, words):
    sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"})
    other = sandbox.post(path, fields, **{"Idempotency-Key": "order-1"})
    assert other.status_code == 400
    assert other.json()["error"]["type"] == "idempotency_error"
    assert words in other.json()["error"]["message"]


def test_a_changed_security_code_or_card_under_one_key_is_told_apart_without_being_stored(sandbox):
    def post(number, cvc):
        card = {"type": "card", "card[number]": number, "card[exp_month]": "12"}
        card |= {"card[exp_year]": "2034", "card[cvc]": cvc}
        return sandbox.post("/v1/payment_methods", card, **{"Idempotency-Key": "card"})

    assert post("4242424242424242", "123").status_code == 200
    assert post("4242 4242 4242 4242", "456").headers["Idempotent-Replayed"] == "true"
    assert post("5555555555554444", "123").status_code == 400


def test_while_the_first_is_under_way_a_second_is_refused(sandbox, client):
    sandbox.turn("faults", action="delay", seconds=0.6, path=PATH)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(sandbox.post, PATH, FIELDS, **{"Idempotency-Key": "order-1"})
        time.sleep(0.25)
        second = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"})
        assert second.status_code == 409
        assert second.json()["error"]["code"] == "idempotency_key_in_use"
        assert first.result().status_code == 200
    third = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"})
    assert third.json() == first.result().json()


def test_of_many_at_once_one_takes_effect(sandbox, client):
    start = threading.Barrier(12)

    def post():
        start.wait()
        return sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "crowd"})

    with ThreadPoolExecutor(12) as pool:
        answers = [job.result() for job in [pool.submit(post) for _ in range(12)]]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.ok}) == 1
    assert len(client.payment_intents.list().data) == 1


def test_a_key_is_forgotten_after_24_hours(sandbox, client):
    first = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"}).json()["id"]
    sandbox.turn("clock", advance=24 * 3600 - 60)
    again = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"}).json()["id"]
    assert again == first
    sandbox.turn("clock", advance=61)
    new = sandbox.post(PATH, FIELDS, **{"Idempotency-Key": "order-1"}).json()["id"]
    assert new != first


def test_an_answer_lost_on_the_way_is_had_again_by_its_key(sandbox, client):
    sandbox.turn("faults", action="drop", when="after", path=PATH, method="POST")
    options = {"idempotency_key": "lost"}
    with pytest.raises(stripe.APIConnectionError):
        client.payment_intents.create(FIELDS, options)
    again = client.payment_intents.create(FIELDS, options)
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [intent.id for intent in client.payment_intents.list()] == [again.id]


def test_the_clients_own_retry_has_one_effect(sandbox, client):
    sandbox.turn("faults", action="500", when="after", path=PATH)
    made = sandbox.stripe(max_network_retries=2).payment_intents.create(FIELDS)
    assert [intent.id for intent in client.payment_intents.list()] == [made.id]


def test_the_browsers_key_replays_nothing_of_the_secret_key(sandbox):
    headers = {"Idempotency-Key": "shared"}
    fields = {"type": "card", "card[number]": "4242424242424242"}
    fields |= {"card[exp_month]": "12", "card[exp_year]": "2034"}
    first = sandbox.post("/v1/payment_methods", fields, **headers)
    second = sandbox.post("/v1/payment_methods", fields, key="pk_test_1", **headers)
    assert first.json()["id"] != second.json()["id"]
