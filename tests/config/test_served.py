"""What a served shop, behind a proxy of its own, answers to those who come by other ways."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def served(settings: Any) -> Client:
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/console/", "/api/v1/frames/"])
def test_another_name_than_the_shops_is_refused_as_a_fault_of_the_request(
    served: Client, path: str
) -> None:
    answer = served.get(path, headers={"Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_plain_http_is_sent_to_tls_and_the_proxys_word_for_tls_is_taken(served: Client) -> None:
    plain = served.get("/nowhere/", headers={"Host": "shop.example"})
    assert (plain.status_code, plain["Location"]) == (301, "https://shop.example/nowhere/")


@pytest.mark.django_db
def test_a_probe_by_number_and_without_tls_is_answered(served: Client) -> None:
    answer = served.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert answer.status_code in (200, 503)
    assert answer.json()["database"] is True
    assert answer.json()["redis"] is True


@pytest.mark.django_db
def test_without_a_worker_a_probe_says_so(served: Client) -> None:
    answer = served.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"healthy": False, "database": True, "redis": True, "worker": False}
