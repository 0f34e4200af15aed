"""Whom a limit counts: what proxies of ours say is believed, what a client says is not."""

from secrets import randbelow
from typing import Any

import pytest
from django.test import Client, RequestFactory

from shop.foundation.network import client_address
from tests.factories.shop import UserFactory

LOG_IN = "/api/v1/auth/app/v1/auth/login"
FAILURES_A_MINUTE = 10


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "", "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7,10.0.0.8", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_only_as_many_hops_are_believed_as_proxies_are_ours(
    settings: Any, rf: RequestFactory, proxies: int, forwarded: str, client: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR="10.0.0.9", headers=headers)) == client


def refused_log_ins() -> list[str]:
    """Fail to log in as many people, by one proxy and from many addresses; why each failed."""
    proxy = f"10.{randbelow(256)}.{randbelow(256)}.{randbelow(256)}"
    reasons = []
    for number in range(FAILURES_A_MINUTE + 2):
        answer = Client(REMOTE_ADDR=proxy).post(
            LOG_IN,
            {"email": UserFactory().email, "password": "wrong"},
            content_type="application/json",
            headers={"X-Forwarded-For": f"2001:db8:{randbelow(65536):x}:{number}::1"},
        )
        reasons.append(answer.json()["errors"][0]["code"])
    return reasons


@pytest.mark.django_db
def test_log_ins_through_our_proxy_are_counted_by_client(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert set(refused_log_ins()) == {"email_password_mismatch"}


@pytest.mark.django_db
def test_an_invented_address_escapes_no_limit(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    *first, _eleventh, last = refused_log_ins()
    assert set(first) == {"email_password_mismatch"}
    assert last == "too_many_login_attempts"
