"""Every failing call answers one shape, RFC 9457: from our own errors to unknown addresses."""

import uuid
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.errors import TooManyError
from shop.foundation.limits import count_against
from shop.foundation.problems import CONTENT_TYPE, api_exception_handler
from shop.orders.models import Order
from tests.factories.shop import StockRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def client(user: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


def _checked(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the body of a problem that has every member and says the same in each."""
    assert answer.status_code == status
    assert answer["Content-Type"] == CONTENT_TYPE
    body: dict[str, Any] = answer.json()
    assert set(body) >= MEMBERS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/problems/{code}")
    assert body["request_id"] == answer["X-Request-ID"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("post", "cart/lines/", {"variant_id": "x"}, 400, "invalid"),
        ("post", "cart/lines/", [], 400, "invalid"),
        ("post", "cart/lines/", {"variant_id": 999_999}, 409, "not_for_sale"),
        ("post", "orders/", {"address_id": 1}, 422, "idempotency_key_missing"),
        ("get", "orders/L-NOTMINE/", None, 404, "order_not_found"),
        ("get", "frames/no-such-frame/", None, 404, "frame_not_found"),
        ("get", "nowhere/", None, 404, "not_found"),
        ("get", "scorecard/", None, 403, "permission_denied"),
        ("delete", "orders/", None, 405, "method_not_allowed"),
    ],
)
def test_a_failing_call_answers_a_problem(
    client: APIClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = getattr(client, method)(f"/api/v1/{path}", body)

    problem = _checked(answer, status, code)
    assert ("errors" in problem) == (status == 400)


def test_what_is_no_json_or_another_kind_is_a_problem(client: APIClient) -> None:
    broken = client.post("/api/v1/cart/lines/", b"{", content_type="application/json")
    _checked(broken, 400, "parse_error")
    xml = client.post("/api/v1/cart/lines/", b"<a/>", content_type="application/xml")
    _checked(xml, 415, "unsupported_media_type")


def test_a_stranger_gets_a_problem() -> None:
    answer = APIClient().get("/api/v1/cart/")
    _checked(answer, answer.status_code, "not_authenticated")
    assert answer.status_code in (401, 403)


def test_a_form_of_another_site_gets_a_problem(user: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(user)
    _checked(browser.post("/api/v1/cart/lines/", {"variant_id": 1}), 403, "permission_denied")


def test_a_defect_is_a_problem_that_tells_nothing_of_our_insides(
    client: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(Order.objects, "filter", broken)
    answer = client.get("/api/v1/orders/")

    _checked(answer, 500, "defect")
    assert b"secret" not in answer.content


def test_a_limit_says_when_to_come_back() -> None:
    who = uuid.uuid4().hex
    count_against("problems", who, limit=1, seconds=30)
    with pytest.raises(TooManyError) as refused:
        count_against("problems", who, limit=1, seconds=30)
    answer = api_exception_handler(refused.value, {})

    assert answer is not None
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == answer.data["retry_after"] <= 30


def test_on_a_page_the_same_error_is_a_page(user: User) -> None:
    browser = Client()
    browser.force_login(user)

    answer = browser.get("/orders/L-NOTMINE/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert browser.get("/nowhere/")["Content-Type"].startswith("text/html")


def test_after_a_form_she_is_where_she_was_with_the_words(user: User) -> None:
    browser = Client()
    browser.force_login(user)
    sold_out = StockRecordFactory().variant
    sold_out.frame.published = False
    sold_out.frame.save()

    answer = browser.post(
        "/cart/add/", {"variant_id": sold_out.pk}, headers={"Referer": "http://testserver/frames/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/frames/")
    elsewhere = browser.post(
        "/cart/add/", {"variant_id": sold_out.pk}, headers={"Referer": "https://evil.example/"}
    )
    assert elsewhere.status_code == 409, "nobody is sent to another site"
