"""Staff who may not do something in the console are told so there, and never to log in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from shop.foundation.errors import ForbiddenError
from shop.foundation.problem_pages import not_allowed, problem_page
from tests.access.table import ROUTES
from tests.access.test_every_route import asked_to_log_in, methods_of
from tests.access.world import World, build
from tests.factories.shop import UserFactory

WORDS = "You may not do this"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, made once; whatever a request changes is rolled back."""
    around_it_all = transaction.atomic()
    around_it_all._from_testcase = True
    with django_db_blocker.unblock(), around_it_all:
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def packer() -> Client:
    """Somebody who works here and was given no right besides."""
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(is_staff=True))
    return client


def _console(world: World) -> dict[str, str]:
    """Return the addresses of all pages of the console, by their names."""
    addresses = {
        name: reverse(name, args=[world.things[thing] for thing in route.things])
        for name, route in ROUTES.items()
    }
    return {name: each for name, each in addresses.items() if each.startswith("/console/")}


@pytest.mark.django_db
def test_no_page_of_the_console_sends_staff_without_rights_to_the_log_in(
    world: World, packer: Client
) -> None:
    wrong, refused = [], set()
    for name, address in sorted(_console(world).items()):
        for method in methods_of(address):
            with transaction.atomic():
                answer = getattr(packer, method)(address, world.forms.get(name, {}))
                transaction.set_rollback(True)
            if asked_to_log_in(answer):
                wrong.append(f"{method} {address} leads to the log-in")
            if answer.status_code == 403:
                refused.add(name)
                page = answer.content.decode()
                if WORDS not in page or reverse("account_login") in page:
                    wrong.append(f"{method} {address} does not say so in the console")
    assert wrong == []
    # By a page's guard, and by a service.
    assert {"analytics:scorecard", "console:programme_next", "console:economics"} <= refused


@pytest.mark.django_db
def test_they_are_told_who_may_and_are_led_back(world: World, packer: Client) -> None:
    address = reverse("console:programme_next", args=[world.things["programme"]])

    page = packer.get(address).content.decode()

    assert "Only a manager sets the terms of trials. Ask one." in page
    assert reverse("console:home") in page
    assert "logged in with another account" not in page
    asked = packer.get(reverse("console:economics")).content.decode()
    assert "Ask a manager to do it, or for the right to." in asked


@pytest.mark.django_db
def test_others_get_the_page_of_the_shop(client: Client, world: World) -> None:
    address = reverse("console:programme_next", args=[world.things["programme"]])
    assert asked_to_log_in(client.get(address))
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "told"), [("/console/x/", WORDS), ("/x/", "not open to you")])
def test_staff_who_look_at_the_shop_get_its_page(
    path: str, told: str, rf: RequestFactory, packer: Client
) -> None:
    request = rf.get(path)
    request.user, request.session = UserFactory(is_staff=True), packer.session
    for answer in (
        problem_page(request, ForbiddenError("Ask one.")),
        not_allowed(request, PermissionDenied()),
    ):
        assert answer.status_code == 403
        assert told in answer.content.decode()
