"""What most tests begin with: a card typed, kept or charged, the bank's question answered."""

import requests

from tests.shop.payments.sandbox.running import RETURN_URL


def pay(client, method, **extra):
    return client.payment_intents.create(
        {
            "amount": 14500,
            "currency": "eur",
            "payment_method": method,
            "payment_method_types": ["card"],
            "confirm": True,
            **extra,
        }
    )


def keep(client, customer, method):
    """Set a card up for later, going through 3-D Secure where it is asked for."""
    return client.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": method,
            "payment_method_types": ["card"],
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )


def typed(number, **changes):
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123", **changes}
    return {"type": "card", "card": card}


def answer_3ds(intent, outcome):
    """Press a button on the bank's page; where it sends the browser then."""
    page = intent.next_action.redirect_to_url.url
    assert requests.get(page, timeout=5).status_code == 200
    answer = requests.post(page, data={"outcome": outcome}, allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    return answer.headers["Location"]
