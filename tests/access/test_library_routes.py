"""The admin's routes and allauth's: who is let in is our settings' doing."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.access.test_every_route import asked_to_log_in, names
from tests.factories.shop import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth/app/v1/"


def admin_pages() -> list[str]:
    pages = []
    for name in set(names(get_resolver().url_patterns)):
        if name.startswith("admin:") and name not in ("admin:login", "admin:logout"):
            try:
                pages.append(reverse(name))
            except NoReverseMatch:
                pages.append(reverse("admin:index") + "shop/user/1/change/")
    return sorted(set(pages))


def test_strangers_and_customers_see_nothing_of_the_admin() -> None:
    customer = Client()
    customer.force_login(UserFactory())
    pages = admin_pages()
    assert len(pages) > 20
    for browser in (Client(), customer):
        for page in pages:
            for answer in (browser.get(page), browser.post(page)):
                assert answer.status_code == 302, page
                assert reverse("admin:login") in answer["Location"], page
    assert asked_to_log_in(Client().get(reverse("admin:login"), follow=False))


def test_a_customer_who_opens_the_admin_finds_no_such_page_and_a_stranger_is_asked_to_log_in() -> (
    None
):
    customer, staff = Client(), Client()
    customer.force_login(UserFactory())
    staff.force_login(StaffFactory())
    index = reverse("admin:index")

    found = customer.get(index, follow=True)

    assert (found.status_code, len(found.redirect_chain)) == (404, 1)
    assert customer.post(reverse("admin:login")).status_code == 404
    asked = Client().get(index, follow=True)
    assert asked.status_code == 200
    assert unquote(asked.redirect_chain[-1][0]) == f"{reverse('account_login')}?next={index}"
    assert staff.get(index).status_code == 200
    again = staff.get(f"{reverse('admin:login')}?next={index}", follow=True)
    assert (again.status_code, again.redirect_chain[-1][0]) == (200, index)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "account/email"),
        ("post", "account/email"),
        ("put", "account/email"),
        ("patch", "account/email"),
        ("delete", "account/email"),
        ("post", "account/password/change"),
        ("get", "auth/session"),
        ("delete", "auth/session"),
        ("post", "auth/reauthenticate"),
        ("post", "auth/email/verify"),
        ("post", "auth/email/verify/resend"),
        ("post", "auth/code/confirm"),
        ("post", "auth/code/resend"),
        ("post", "auth/password/reset"),
        ("post", "tokens/refresh"),
    ],
)
def test_allauth_tells_a_stranger_nothing_and_never_breaks(method: str, path: str) -> None:
    stranger = Client(raise_request_exception=False)
    answer = getattr(stranger, method)(AUTH + path, {}, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("application/json")


def test_a_token_opens_ones_own_account_alone() -> None:
    mine, hers = UserFactory(), UserFactory()
    log_in = {"email": mine.email, "password": PASSWORD}
    answer = Client().post(AUTH + "auth/login", log_in, content_type="application/json")
    token = {"X-Session-Token": answer.json()["meta"]["session_token"]}
    shown = Client().get(AUTH + "auth/session", headers=token).json()["data"]["user"]
    assert shown["email"] == mine.email
    assert hers.email not in str(Client().get(AUTH + "account/email", headers=token).json())


@pytest.mark.parametrize("name", ["account_email", "account_change_password"])
def test_the_pages_of_an_account_ask_to_log_in(name: str) -> None:
    assert asked_to_log_in(Client().get(reverse(name)))
