"""Whoever holds a payment's link pays it without an account; nobody can make one up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from config.logs import scrubbed
from shop.payments.links import payment_link, payment_token, read_payment_token
from shop.payments.models import Payment
from tests.factories.shop import UserFactory
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import DECLINED_LATER, answer_bank, confirm
from tests.shop.payments.sandbox.running import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Owe = Callable[..., Payment]
ASKS = "pm_card_threeDSecure2Required"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


def _secret(client: Client, payment: Payment) -> dict[str, Any]:
    answer = client.get(payment_link(payment))
    assert answer.status_code == 200
    form: dict[str, Any] = answer.context["card_form"]
    return form


def test_who_holds_the_link_pays_by_a_card_of_her_own_and_her_bank_may_ask(
    client: Client, owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    form = _secret(client, payment)
    intent = confirm(
        stripe_sandbox, "payment", form["intent_id"], form["client_secret"], method=ASKS
    )
    answer_bank(intent["next_action"]["redirect_to_url"]["url"])
    answer = client.get(payment_link(payment) + "done/", follow=True)

    assert heard.succeeded == [payment.pk]
    assert "Nothing to pay here" in answer.content.decode()


def test_a_refusal_leads_back_to_the_form(
    client: Client, owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    form = _secret(client, payment)
    confirm(stripe_sandbox, "payment", form["intent_id"], form["client_secret"], DECLINED_LATER)
    answer = client.get(payment_link(payment) + "done/", follow=True)

    assert "The card was declined" in answer.content.decode()
    assert answer.context["card_form"]["intent_id"] == form["intent_id"]


def test_a_refusal_is_told_in_her_language_on_the_page_of_her_account_too(
    client: Client, owe: Owe, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe(user=UserFactory(language="de"))
    client.force_login(payment.user)
    page = f"/payments/{payment.pk}/"
    form = client.get(page).context["card_form"]
    confirm(stripe_sandbox, "payment", form["intent_id"], form["client_secret"], DECLINED_LATER)
    answer = client.get(f"{page}done/", headers={"Accept-Language": "de"})

    (told,) = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told == "Die Karte wurde abgelehnt. Bitte versuch es mit einer anderen."


def test_the_page_shows_no_card_of_hers_and_is_kept_by_nobody(
    client: Client, owe: Owe, keep_card: Callable[..., Any]
) -> None:
    card = keep_card()
    payment = owe(user=card.user)
    answer = client.get(payment_link(payment))

    assert f"•••• {card.last4}" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_browser_that_looks_ahead_begins_nothing(client: Client, owe: Owe) -> None:
    payment = owe()
    client.get(payment_link(payment), headers={"Sec-Purpose": "prefetch"})
    client.head(payment_link(payment))

    payment.refresh_from_db()
    assert payment.stripe_payment_intent_id is None


def test_what_only_fetches_the_page_has_not_opened_it(
    client: Client, owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    for agent in ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36", "curl/8"):
        assert client.get(payment_link(payment), headers={"User-Agent": agent}).status_code == 200

    assert heard.opened == []


def test_the_page_tells_when_a_person_touched_it(client: Client, owe: Owe, heard: Heard) -> None:
    payment = owe()
    opened = payment_link(payment) + "opened/"
    robots = [client.post(opened, headers={"User-Agent": each}) for each in ("", "Proofpoint/1")]
    assert heard.opened == []
    person = client.post(opened, headers={"User-Agent": PHONE})

    assert [each.status_code for each in [*robots, person]] == [204] * 3
    assert heard.opened == [payment.pk]
    assert client.get(opened).status_code == 405
    assert client.post(f"/pay/{'x' * 64}/opened/").status_code == 404


def test_no_other_site_can_say_that_a_person_opened_it(owe: Owe, heard: Heard) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(payment_link(owe()) + "opened/", headers={"User-Agent": PHONE})

    assert answer.status_code == 403
    assert heard.opened == []


def test_who_tried_to_pay_has_opened_it(
    client: Client, owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    form = _secret(client, payment)
    confirm(stripe_sandbox, "payment", form["intent_id"], form["client_secret"], DECLINED_LATER)
    client.get(payment_link(payment) + "done/")

    assert heard.opened == [payment.pk]


def test_a_link_that_somebody_made_up_opens_nothing(client: Client, owe: Owe) -> None:
    token = payment_token(owe().pk)
    other = payment_token(owe(reference="fine-2").pk)
    forged = [token[:32] + other[32:], token[:-1], token[:32], "x" * 64, "é" * 64]

    assert [read_payment_token(each) for each in forged] == [None] * 5
    assert {client.get(f"/pay/{each}/").status_code for each in forged} == {404}


def test_the_logs_do_not_have_what_opens_the_page() -> None:
    assert scrubbed("GET /pay/" + "a1" * 32 + "/ 200") == "GET /pay/[key]/ 200"
