"""Programs of staff make programmes and say where they are offered, as the admin does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client

from tests.factories.shop import ManagerFactory, StaffFactory
from trials.programme.models import AMOUNTS, Programme, ProgrammeVersion
from trials.programme.services import publish_version

pytestmark = pytest.mark.django_db
API = "/api/v1/staff/programmes/"
FRENCH = {"slug": "fr", "name": "À la maison", "countries": ["fr", "BE"]}
Send = Callable[..., HttpResponse]


def _sender(client: Client) -> Send:
    def send(method: str, address: str, sent: dict[str, Any]) -> HttpResponse:
        return getattr(client, method)(
            address,
            sent,
            content_type="application/json",
            headers={"Referer": "http://testserver/"},
        )

    return send


@pytest.fixture
def send() -> Send:
    client = Client()
    client.force_login(ManagerFactory())
    return _sender(client)


def test_a_manager_makes_a_programme_that_counts_with_its_first_version(send: Send) -> None:
    made = send("post", API, FRENCH)

    assert made.status_code == 201
    assert made.json() == {
        "slug": "fr",
        "name": "À la maison",
        "active": True,
        "countries": ["BE", "FR"],
        "now_number": None,
        "next_number": None,
        "next_from": None,
    }
    assert send("get", f"{API}fr/", {}).json() == made.json()
    assert LogEntry.objects.get().object_repr == "À la maison"


def test_name_countries_and_whether_it_is_offered_are_changed_each_alone(send: Send) -> None:
    publish_version(programme_slug="home", name="At home", countries=("DE",))

    for sent in ({"name": "Zu Hause"}, {"countries": ["at", "DE"]}, {"active": False}):
        assert send("patch", f"{API}home/", sent).status_code == 200

    found = Programme.objects.get()
    assert (found.name, found.countries, found.active) == ("Zu Hause", ["AT", "DE"], False)
    said = [each.get_change_message() for each in LogEntry.objects.order_by("pk")]
    assert said == ["Changed name.", "Changed countries.", "Changed active."]
    assert send("patch", f"{API}home/", {"countries": []}).json()["countries"] == []
    assert send("patch", f"{API}home/", {"name": "Zu Hause"}).status_code == 200
    assert LogEntry.objects.count() == 4


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"slug": "home"}, 409, "programme_exists"),
        ({"countries": ["DE", "FR"]}, 409, "country_taken"),
        ({"countries": ["XX"]}, 422, "programme_invalid"),
        ({"name": ""}, 400, "invalid"),
        ({"slug": "no slug"}, 400, "invalid"),
        ({"countries": "FR"}, 400, "invalid"),
    ],
)
def test_what_the_admin_refuses_is_refused(
    send: Send, sent: dict[str, Any], status: int, code: str
) -> None:
    publish_version(programme_slug="home", countries=("DE",))

    answer = send("post", API, FRENCH | sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Programme.objects.count() == 1


def test_a_country_stays_with_the_active_programme_that_has_it(send: Send) -> None:
    publish_version(programme_slug="home", countries=("DE",))
    assert send("post", API, FRENCH | {"countries": ["DE"], "active": False}).status_code == 201

    for sent in ({"active": True}, {"active": True, "countries": ["FR", "DE"]}):
        answer = send("patch", f"{API}fr/", sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "country_taken")
    assert send("patch", f"{API}home/", {"active": False}).status_code == 200
    assert send("patch", f"{API}fr/", {"active": True}).status_code == 200
    assert send("patch", f"{API}nowhere/", {"active": True}).status_code == 404


def test_who_is_no_manager_reads_and_changes_nothing() -> None:
    publish_version(programme_slug="home", countries=("DE",))
    client = Client()
    client.force_login(StaffFactory())
    send = _sender(client)

    refused = [send("post", API, FRENCH), send("patch", f"{API}home/", {"active": False})]

    assert [each.status_code for each in refused] == [403, 403]
    assert {each.json()["code"] for each in refused} == {"may_not_change_programme"}
    assert send("get", f"{API}home/", {}).status_code == 200
    assert Programme.objects.get().active


def test_amounts_are_in_the_currency_that_is_sent(send: Send) -> None:
    """A shop that began in dollars goes on in euros, as the page has it choose."""
    publish_version(programme_slug="home")
    ProgrammeVersion.objects.update(**{f"{name}_currency": "USD" for name in AMOUNTS})
    versions = f"{API}home/versions/"

    sent = {"after": 1, "fee": "5.00", "currency": "EUR"}
    shown = send("post", f"{versions}preview/", sent).json()
    done = send("post", f"{versions}publish/", sent | {"seen": shown["seen"]})

    assert done.status_code == 201
    made = ProgrammeVersion.objects.get(number=2)
    assert {str(getattr(made, name).currency) for name in AMOUNTS} == {"EUR"}
    assert made.fee.amount == 5


def test_currencies_are_not_mixed_nor_is_one_taken_that_the_page_does_not_offer(
    send: Send,
) -> None:
    publish_version(programme_slug="home")
    dollars = {f"{name}_currency": "USD" for name in AMOUNTS}
    ProgrammeVersion.objects.update(deposit=20, **dollars)
    preview = f"{API}home/versions/preview/"

    mixed = send("post", preview, {"after": 1, "fee": "5.00", "currency": "EUR"})
    assert (mixed.status_code, mixed.json()["code"]) == (422, "rules_invalid")
    unknown = send("post", preview, {"after": 1, "fee": "5.00", "currency": "CHF"})
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["currency"])
    too_fine = send("post", preview, {"after": 1, "fee": "5.005", "deposit": "0"})
    assert (too_fine.status_code, too_fine.json()["code"]) == (422, "rules_invalid")
