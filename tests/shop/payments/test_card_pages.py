"""Pages that begin something at Stripe begin it for a person who opened them."""

import pytest
from django.test import Client

from shop.payments.models import CardSetup
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", ["Sec-Purpose", "Purpose"])
def test_a_browser_that_looks_ahead_begins_no_card(client: Client, purpose: str) -> None:
    client.force_login(UserFactory())
    ahead = client.get("/account/cards/new/", headers={purpose: "prefetch;prerender"})
    asked = client.head("/account/cards/new/")
    assert (ahead.status_code, asked.status_code) == (403, 200)
    assert not CardSetup.objects.exists()
