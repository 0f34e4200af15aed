"""Every route is asked by everybody: nobody finds another's things, customers find no console."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, resolve, reverse

from tests.access.routes import Route
from tests.access.table import API, LIBRARIES, MULTIPART, ROUTES
from tests.access.world import World, build

MAY: dict[str, set[str]] = {
    "everybody": {"anonymous", "owner", "other", "ops", "manager"},
    "customers": {"owner", "other", "ops", "manager"},
    "owner": {"owner"},
    "owner_and_staff": {"owner", "ops", "manager"},
    "staff": {"ops", "manager"},
    "managers": {"manager"},
    "signed": set(),
}
ROLES = ("anonymous", "owner", "other", "ops", "manager")
METHODS = ("get", "post", "put", "patch", "delete")
NO_SUCH_METHOD = 405


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, made once; whatever a request changes is rolled back."""
    around_it_all = transaction.atomic()
    # As Django's own TestCase marks it: each request's transaction is the one within.
    around_it_all._from_testcase = True
    with django_db_blocker.unblock(), around_it_all:
        yield build()
        transaction.set_rollback(True)


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_named_route_is_in_the_table() -> None:
    ours = {name for name in names(get_resolver().url_patterns) if not name.startswith(LIBRARIES)}
    assert ours == ROUTES.keys()


def ask(world: World, role: str, method: str, name: str, address: str) -> HttpResponse:
    sent: dict[str, Any] = {"headers": {"Idempotency-Key": "asked"}}
    if method != "get":
        sent["data"] = world.forms.get(name, {})
        for value in sent["data"].values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
    if name in API and method != "get" and name not in MULTIPART:
        sent["content_type"] = "application/json"
    with transaction.atomic():
        client = world.client(role)
        answer = getattr(client, method)(address, **sent)
        if answer.streaming:
            answer.content_read = b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def body(answer: Any) -> str:
    content = answer.content_read if answer.streaming else answer.content
    return content.decode(errors="replace")


def methods_of(address: str) -> tuple[str, ...]:
    view = getattr(resolve(address).func, "view_class", None)
    return tuple(each for each in METHODS if hasattr(view, each)) if view else ("get", "post")


def asked_to_log_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def is_let_in(answer: HttpResponse) -> bool:
    refused = answer.status_code in (401, 403, 404) or asked_to_log_in(answer)
    return answer.status_code < 500 and not refused


def refusal_is_right(name: str, route: Route, role: str, answer: HttpResponse) -> bool:
    status, is_api = answer.status_code, name in API
    if route.who == "signed":
        return status in (400, 401, 403)
    if role == "anonymous":
        return status == 401 if is_api else asked_to_log_in(answer)
    if route.who in ("owner", "owner_and_staff"):
        return status == 404
    if route.who == "managers" and role == "ops":
        return status in (403, 404)
    return status == 403 if is_api else status == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_answers_those_it_is_for_and_nobody_else(name: str, world: World) -> None:
    route = ROUTES[name]
    address = reverse(name, args=[world.things[thing] for thing in route.things])
    wrong, served = [], False
    for method in methods_of(address):
        for role in ROLES:
            answer = ask(world, role, method, name, address)
            status = answer.status_code
            if status == NO_SUCH_METHOD:
                continue
            served = True
            if role in MAY[route.who]:
                good = (
                    status < 500 and status not in (401, 403, 404) and not asked_to_log_in(answer)
                )
                good = good or status in route.also
            else:
                good = refusal_is_right(name, route, role, answer)
            secrets = [word for word in world.secrets if word not in address]
            told = [word for word in secrets if word in body(answer)]
            hers = role == "owner" or (role in ("ops", "manager") and route.who != "owner")
            if not good or (told and not hers):
                wrong.append(f"{method} {address} as {role}: {status}, told {told}")
    assert served, "no method of it is served"
    assert not wrong, "\n".join(wrong)
