"""What nobody sends by mistake: a clean 4xx, in the shape its reader can take, and never a 500."""

import base64
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, path
from rest_framework.test import APIClient

from config import urls
from config.wsgi import application
from shop.customers.models import User
from shop.foundation.problems import CONTENT_TYPE
from tests.access.world import World, build
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth/app/v1/"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def customer() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())
    return client


@pytest.fixture
def staff() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser(email="ops@shop.example", password="x" * 12))
    return client


def refused(answer: Any, *statuses: int) -> None:
    """Check that it is a clean refusal: a problem under the API, a page elsewhere."""
    assert answer.status_code in (statuses or (400,))
    kind = answer["Content-Type"]
    if answer.wsgi_request.path.startswith("/api/"):
        assert kind == CONTENT_TYPE
        assert answer.json()["detail"]
        assert answer.json()["status"] == answer.status_code
    else:
        assert kind.startswith("text/html")
        assert b"</html>" in answer.content


@pytest.mark.parametrize(
    "address",
    [
        *("/trials/%00/", "/media/%00", "/frames/%00/", "/g/%00/", "/orders/%00/", "/static/%00"),
        *(
            f"/console/{room}/%00/"
            for room in ("trials", "units", "orders", "pack", "check-in", "claims")
        ),
        *("/api/v1/orders/%00/", "/api/v1/trials/%00/", "/api/v1/shared/%00/"),
        *("/console/trials/?q=%00", "/frames/?q=%00", "/frames/?%00=1"),
        *("/api/v1/staff/trials/?q=%00", "/account/cards/saved/?setup_intent=%00"),
    ],
)
def test_a_nul_in_an_address_is_refused(staff: Client, address: str) -> None:
    refused(staff.get(address))


def test_a_nul_in_the_id_of_a_card_to_keep_is_refused(customer: Client) -> None:
    refused(customer.post("/api/v1/cards/setup/%00/finish/"))


def test_a_nul_in_a_cookie_is_refused() -> None:
    browser = Client(raise_request_exception=False, headers={"Cookie": r'sessionid="a\000b"'})
    refused(browser.get("/account/"))


@pytest.mark.parametrize(
    ("address", "field"),
    [("/console/pack/", "barcode"), ("/console/check-in/", "barcode"), ("/cart/add/", "\0")],
)
@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_a_nul_in_a_form_is_refused(staff: Client, address: str, field: str, kind: str) -> None:
    if kind == "multipart":
        refused(staff.post(address, {field: "a\0b", "other": "c\0d"}))
    else:
        refused(staff.post(address, f"{field}=a%00b&other=c%00d", content_type=FORM))


@pytest.mark.parametrize(
    "position", ["p=%00", "p=4; drop", "p=xx", "p=99999999999999999999999", "p=2024-13-45", "p="]
)
@pytest.mark.parametrize("address", ["/api/v1/frames/", "/api/v1/staff/trials/", "/api/v1/orders/"])
def test_a_cursor_that_is_none_of_ours_leads_nowhere(
    staff: Client, address: str, position: str
) -> None:
    cursor = base64.b64encode(position.encode()).decode()
    answer = staff.get(address, {"cursor": cursor})
    if answer.status_code == 200:  # a number no row can have, which is no less a number
        assert position.startswith("p=9")
        assert address == "/api/v1/frames/"
    else:
        refused(answer, 404)


@pytest.mark.parametrize(
    "body",
    [
        r'{"country": "\ud800"}',
        r'{"\udfff": 1}',
        r'{"question": [{"deep": "\ud800x"}]}',
        '{"password": "\\u0000", "email": "a@b.example"}',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        '{"variant_id": ' + "9" * 5000 + "}",
    ],
    ids=["surrogate", "name", "within", "nul", "deep", "rather-deep", "long-number"],
)
@pytest.mark.parametrize(
    "address",
    [
        *("/api/v1/addresses/", "/api/v1/cart/lines/", "/api/v1/galleries/", "/api/v1/trials/"),
        *(f"{AUTH}auth/{door}" for door in ("login", "signup", "password/request")),
    ],
)
def test_json_that_cannot_be_read_is_refused(customer: Client, address: str, body: str) -> None:
    answer = customer.post(address, body, content_type=JSON)
    refused(answer)
    assert "4300" not in answer.json()["detail"]


def test_a_whole_surrogate_pair_is_text(customer: Client) -> None:
    answer = customer.post("/api/v1/addresses/", r'{"name": "\ud83d\ude00"}', content_type=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert "name" not in answer.json()["errors"]


@pytest.mark.parametrize("body", ["[1]", "null", "1", "{"])
def test_a_sign_up_that_is_no_object_is_a_problem(body: str) -> None:
    refused(APIClient().post(f"{AUTH}auth/signup", body, content_type=JSON))


def test_a_method_that_a_librarys_route_does_not_know_is_a_problem() -> None:
    refused(APIClient().delete(f"{AUTH}auth/signup"), 405)


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "idna", "no-such"])
@pytest.mark.parametrize("address", ["/g/abcdefghijklmnopqrstuv/vote/", "/cart/add/", "/frames/"])
def test_an_encoding_that_is_not_ours_is_refused(address: str, charset: str) -> None:
    # As a browser is asked: with the check that reads the form for its token.
    browser = Client(enforce_csrf_checks=True)
    kind = f"{FORM}; charset={charset}"
    for method in ("GET", "POST"):
        refused(browser.generic(method, f"{address}?a=1", b"a=1", content_type=kind))


@pytest.mark.parametrize("charset", ["base64", "utf-16", "utf-8"])
def test_no_charset_leaves_the_server_without_an_answer(charset: str) -> None:
    asked = RequestFactory().get(f"/frames/?{'colour=blue&' * 3000}").environ
    asked["CONTENT_TYPE"] = f"{FORM}; charset={charset}"
    statuses: list[str] = []
    page = b"".join(application(asked, lambda status, headers: statuses.append(status)))
    assert statuses == ["400 Bad Request"]
    assert b"</html>" in page


@pytest.mark.parametrize("address", ["/frames/", "/api/v1/frames/"])
def test_a_thousand_parameters_are_too_many(client: Client, address: str) -> None:
    refused(client.get(f"{address}?{'colour=blue&' * 3000}"))


def test_a_thousand_fields_are_too_many() -> None:
    refused(Client().post("/cart/add/", "a=1&" * 3000, content_type=FORM))


@pytest.mark.parametrize("address", ["/api/v1/addresses/", f"{AUTH}auth/login"])
def test_two_megabytes_are_too_much(customer: Client, address: str) -> None:
    body = '{"name": "' + "x" * 3_000_000 + '"}'
    refused(customer.post(address, body, content_type=JSON), 413)


@pytest.mark.parametrize("many", ["files", "fields"])
def test_an_upload_of_too_many_parts_is_refused(many: str) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="a"{}\r\n\r\nx\r\n'
    part = part.format('; filename="a.jpg"' if many == "files" else "")
    world: World = build()
    body = (part * (30 if many == "files" else 2000) + "--b--\r\n").encode()
    browser = world.client("owner")
    address = f"/api/v1/trials/{world.things['trial']}/photos/"
    refused(browser.post(address, body, content_type="multipart/form-data; boundary=b"))


def test_a_form_that_is_no_form_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)
    refused(browser.post("/nowhere/", b"x", content_type="multipart/form-data"), 404)
    refused(browser.post("/cart/add/", b"x", content_type="multipart/form-data"))


def test_a_host_that_is_none_is_refused(client: Client) -> None:
    for address in ("/frames/", "/api/v1/frames/"):
        refused(client.get(address, headers={"Host": "a/b c"}))


@pytest.mark.parametrize("way", ["account/phone", "auth/phone/verify", "auth/phone/verify/resend"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_accounts_have_no_telephone(customer: Client, way: str, method: str) -> None:
    refused(getattr(customer, method)(AUTH + way, {}, content_type=JSON), 404)


def _broken(request: object) -> None:
    raise ZeroDivisionError


def test_the_page_of_a_defect_needs_nothing_of_the_request(monkeypatch: Any) -> None:
    broken = path("broken/", _broken)
    monkeypatch.setattr(urls, "urlpatterns", [broken, *urls.urlpatterns])
    clear_url_caches()
    answer = Client(raise_request_exception=False).get("/broken/")
    clear_url_caches()
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
