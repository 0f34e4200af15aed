"""What another site makes a browser do: change nothing, and lead nobody away."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.table import API, ROUTES
from tests.access.test_every_route import methods_of, world
from tests.access.world import World
from tests.factories.shop import PASSWORD, UserFactory

__all__ = ["world"]
pytestmark = pytest.mark.django_db
SIGNED = {name for name, route in ROUTES.items() if route.who == "signed"}
# Answer nobody by her session, so that there is nothing for another site to borrow.
NO_SESSION = {"api-frame-list", "api-frame", "messages:unsubscribe"}
EVIL = ["https://evil.example/", "//evil.example/", "http:///evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - SIGNED - NO_SESSION))
def test_no_change_is_taken_from_a_session_without_its_token(name: str, world: World) -> None:
    address = reverse(name, args=[world.things[thing] for thing in ROUTES[name].things])
    role = {"staff": "ops", "managers": "manager"}.get(ROUTES[name].who, "owner")
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(world.people[role])
    kind = {"content_type": "application/json"} if name in API else {}
    for method in set(methods_of(address)) - {"get"}:
        answer = getattr(browser, method)(address, {}, **kind)
        assert answer.status_code == 403, method


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_webhooks_are_signed_instead(name: str, world: World) -> None:
    address = reverse(name, args=[world.things[thing] for thing in ROUTES[name].things])
    answer = Client(enforce_csrf_checks=True).post(address, {}, content_type="application/json")
    assert answer.status_code in (400, 401, 403)


@pytest.mark.parametrize("evil", EVIL)
def test_no_log_in_log_out_or_choice_of_language_leads_to_another_site(evil: str) -> None:
    user = UserFactory()
    log_in = {"login": user.email, "password": PASSWORD, "next": evil}
    for way, data in (
        (reverse("account_login"), log_in),
        (reverse("account_logout"), {"next": evil}),
        (reverse("set_language"), {"language": "de", "next": evil}),
    ):
        answer: Any = Client().post(way, data)
        assert answer.status_code == 302, way
        assert answer["Location"].startswith("/"), way
        assert not answer["Location"].startswith("//"), way


@pytest.mark.parametrize("evil", EVIL)
def test_no_step_of_the_shop_leads_to_another_site(evil: str) -> None:
    browser = Client()
    browser.force_login(UserFactory())
    for name in ("customers:address_add", "payments:card_return", "catalogue:home"):
        for answer in (
            browser.get(reverse(name), {"next": evil}),
            browser.post(reverse(name), {"next": evil}, headers={"Referer": evil}),
        ):
            assert "evil.example" not in answer.get("Location", ""), name
            assert f'"{evil}"' not in answer.content.decode(), name
