"""The pages without scripts: a card's form, the bank's question, and where they lead."""

import pytest
import requests

from tests.shop.payments.sandbox.acts import answer_3ds, keep, pay
from tests.shop.payments.sandbox.running import RETURN_URL

TYPED = {"name": "Ada", "number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"}
OUTSIDE = [
    "https://evil.example/",
    "//evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://localhost.evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://localhost\\@evil.example/",
    "http://evil.example\\@localhost/",
    "http://localhost:80:evil.example/",
    "http://shop.example.evil.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "/relative",
    "http://ada:secret@localhost/",
    "http://localhost/\r\nX-Injected: 1",
    "http://127.0.0.1\n.evil.example/",
    "",
]


def form(sandbox, intent, return_url=RETURN_URL):
    return (
        requests.Request(
            "GET",
            f"{sandbox.url}/card_form/{intent.id}",
            params={"client_secret": intent.client_secret, "return_url": return_url},
        )
        .prepare()
        .url
    )


def submit(url, **changes):
    return requests.post(url, data={**TYPED, **changes}, allow_redirects=False, timeout=5)


def test_the_form_keeps_a_card_and_leads_back(sandbox, client, customer):
    intent = client.setup_intents.create({"customer": customer.id})
    url = form(sandbox, intent, f"{RETURN_URL}?next=%2Fbox%2F")
    page = requests.get(url, timeout=5)
    assert page.status_code == 200
    assert '<form method="post"' in page.text
    assert "script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    answer = submit(url)
    assert answer.status_code == 303
    assert answer.headers["Location"] == (
        f"{RETURN_URL}?next=%2Fbox%2F&setup_intent={intent.id}"
        f"&setup_intent_client_secret={intent.client_secret}&redirect_status=succeeded"
    )
    assert len(client.customers.payment_methods.list(customer.id).data) == 1
    again = submit(url)
    assert again.headers["Location"] == answer.headers["Location"]
    assert len(client.customers.payment_methods.list(customer.id).data) == 1


def test_the_form_pays_and_names_the_amount_in_the_customers_language(sandbox, client):
    intent = client.payment_intents.create({"amount": 114500, "currency": "eur"})
    url = form(sandbox, intent)
    english = requests.get(url, headers={"Accept-Language": "fr, en;q=0.8"}, timeout=5)
    german = requests.get(url, headers={"Accept-Language": "de-AT,en;q=0.5"}, timeout=5)
    assert "Pay EUR 1,145.00" in english.text
    assert '<html lang="de">' in german.text
    assert "1.145,00 EUR zahlen" in german.text
    back = submit(url).headers["Location"]
    assert f"payment_intent={intent.id}" in back
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize(
    ("changes", "english", "german"),
    [
        ({"number": "4000000000009995"}, "insufficient funds", "nicht gedeckt"),
        ({"number": "4000000000000002"}, "was declined", "wurde abgelehnt"),
        ({"number": "4242424242424241"}, "number is incorrect", "nicht richtig"),
        ({"expiry": "soon"}, "Write month and year", "Schreib Monat"),
        ({"cvc": "1"}, "security code is invalid", "drei oder vier"),
    ],
)
def test_a_refused_card_is_explained_and_may_be_tried_again(
    sandbox, client, changes, english, german
):
    intent = client.setup_intents.create({})
    url = form(sandbox, intent)
    for language, words in (("en", english), ("de", german)):
        answer = requests.post(
            url, data={**TYPED, **changes}, headers={"Accept-Language": language}, timeout=5
        )
        assert answer.status_code == 402
        assert 'role="alert"' in answer.text
        assert words in answer.text
        assert changes.get("number", "4242 4242 4242 4242") not in answer.text
    assert submit(url).status_code == 303


def test_a_card_declined_on_the_page_is_noted_on_its_intent(sandbox, client):
    intent = client.payment_intents.create({"amount": 500, "currency": "eur"})
    assert submit(form(sandbox, intent), number="4000000000000002").status_code == 402
    noted = client.payment_intents.retrieve(intent.id)
    assert noted.last_payment_error.code == "card_declined"
    assert client.charges.retrieve(noted.latest_charge).status == "failed"


def test_a_3ds_card_goes_by_the_banks_page_and_then_back(sandbox, client):
    intent = client.payment_intents.create({"amount": 14500, "currency": "eur"})
    answer = submit(form(sandbox, intent), number="4000 0000 0000 3220")
    bank = answer.headers["Location"]
    assert bank.startswith(f"{sandbox.url}/3ds/{intent.id}?attempt=")
    page = requests.get(bank, timeout=5)
    assert "Complete authentication" in page.text
    assert "Fail authentication" in page.text
    assert "EUR 145.00" in page.text
    back = requests.post(bank, data={"outcome": "complete"}, allow_redirects=False, timeout=5)
    assert back.headers["Location"].startswith(RETURN_URL)
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


def test_the_banks_page_answers_once_and_only_to_those_who_were_sent_there(sandbox, client):
    intent = pay(client, "pm_card_threeDSecure2Required", return_url=RETURN_URL)
    page = intent.next_action.redirect_to_url.url
    guess = requests.post(
        f"{sandbox.url}/3ds/{intent.id}?attempt=payatt_guess",
        data={"outcome": "complete"},
        timeout=5,
    )
    assert guess.status_code == 404
    assert client.payment_intents.retrieve(intent.id).status == "requires_action"
    answer_3ds(intent, "complete")
    late = requests.post(page, data={"outcome": "fail"}, allow_redirects=False, timeout=5)
    assert late.headers["Location"].endswith("redirect_status=succeeded")
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_page_and_no_confirmation_leads_outside(sandbox, client, address):
    intent = client.setup_intents.create({})
    url = form(sandbox, intent, address)
    for answer in (requests.get(url, timeout=5), submit(url)):
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    confirmed = sandbox.post(
        f"/v1/setup_intents/{intent.id}/confirm",
        {
            "payment_method": "pm_card_threeDSecure2Required",
            "return_url": address,
            "client_secret": intent.client_secret,
        },
    )
    assert confirmed.status_code == 400
    assert client.setup_intents.retrieve(intent.id).status == "requires_payment_method"


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000/back",
        "http://127.0.0.1:8000/back",
        "http://127.9.9.9/back",
        "http://[::1]:8000/back",
        "https://shop.example/back",
    ],
)
def test_loopback_and_hosts_that_were_allowed_are_led_back_to(sandbox, client, address):
    intent = client.setup_intents.create({})
    assert submit(form(sandbox, intent, address)).headers["Location"].startswith(f"{address}?")


@pytest.mark.parametrize(
    "path",
    [
        "/card_form/seti_unknown?client_secret=x&return_url=http://localhost/",
        "/3ds/pi_unknown?attempt=x",
        "/3ds/pi_unknown",
        "/nothing",
        "/",
    ],
)
def test_a_page_that_does_not_exist_says_so(sandbox, path):
    answer = requests.get(sandbox.url + path, headers={"Accept-Language": "de"}, timeout=5)
    assert answer.status_code == 404
    assert "abgelaufen" in answer.text


def test_the_form_needs_the_intents_secret(sandbox, client):
    intent = client.setup_intents.create({})
    url = f"{sandbox.url}/card_form/{intent.id}?return_url=http://localhost/&client_secret=guess"
    assert requests.get(url, timeout=5).status_code == 404
    assert submit(url).status_code == 404


def test_what_a_customer_typed_is_escaped(sandbox, client):
    intent = client.setup_intents.create({})
    answer = submit(form(sandbox, intent), name='"><b>Ada', cvc="1")
    assert "<b>" not in answer.text
    assert "&quot;&gt;&lt;b&gt;Ada" in answer.text


def test_the_banks_page_of_a_cancelled_intent_leads_back(client, customer):
    intent = keep(client, customer, "pm_card_threeDSecure2Required")
    client.setup_intents.cancel(intent.id)
    page = intent.next_action.redirect_to_url.url
    answer = requests.get(page, allow_redirects=False, timeout=5)
    assert answer.headers["Location"].endswith("redirect_status=failed")
