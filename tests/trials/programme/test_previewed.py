"""A program, too, publishes only the terms it was shown in their preview."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories.shop import ManagerFactory, StaffFactory
from trials.programme.models import ProgrammeVersion
from trials.programme.services import publish_version, withdraw_version

pytestmark = pytest.mark.django_db
STAFF = "/api/v1/staff/programmes/home/versions/"
Post = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def first() -> ProgrammeVersion:
    return publish_version(programme_slug="home", name="At home")


@pytest.fixture
def post() -> Post:
    client = Client(headers={"Referer": "http://testserver/"})
    client.force_login(ManagerFactory())

    def send(act: str, language: str = "en", **sent: Any) -> HttpResponse:
        told = {"Accept-Language": language}
        return client.post(f"{STAFF}{act}/", sent, content_type="application/json", headers=told)

    return send


def _seen(post: Post, **sent: Any) -> str:
    answer = post("preview", **sent)
    assert answer.status_code == 200
    return answer.json()["seen"]


def _refused(answer: HttpResponse) -> bool:
    said = answer.json()
    return answer.status_code == 400 and (
        said["code"] == "terms_not_previewed" and "Ask for their preview" in said["detail"]
    )


def test_the_preview_gives_what_its_terms_are_published_by(post: Post) -> None:
    sent = {"after": 1, "days_at_home": 7, "deposit": "20.00", "reminder_days": [7, 1]}
    shown = post("preview", **sent).json()
    assert {"name": "at_home", "label": "At home", "text": "7 days from the day it arrives"} in (
        shown["terms"]
    )

    assert post("publish", seen=shown["seen"], **sent).status_code == 201
    made = ProgrammeVersion.objects.get(number=2)
    assert (made.days_at_home, made.reminder_days, made.deposit.amount) == (7, [7, 1], 20)
    assert made.published_by is not None


@pytest.mark.parametrize("seen", [None, "", "forged", "x" * 300])
def test_what_was_not_previewed_is_not_published(post: Post, seen: str | None) -> None:
    sent = {"after": 1, "days_at_home": 7} | ({} if seen is None else {"seen": seen})

    assert _refused(post("publish", **sent))
    assert ProgrammeVersion.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"days_at_home": 8},
        {"days_at_home": 7, "deposit": "20.00"},
        {"days_at_home": 7, "valid_from": "2100-01-01T12:00:00Z"},
    ],
)
def test_other_rules_than_were_previewed_are_not_published(
    post: Post, other: dict[str, Any]
) -> None:
    seen = _seen(post, after=1, days_at_home=7)

    assert _refused(post("publish", after=1, seen=seen, **other))
    assert ProgrammeVersion.objects.count() == 1


def test_what_it_left_out_and_has_changed_since_is_not_published(
    post: Post, first: ProgrammeVersion
) -> None:
    later = timezone.now() + timedelta(days=3)
    scheduled = publish_version(programme_slug="home", grace_days=9, valid_from=later)
    moment = (later + timedelta(days=1)).isoformat()
    sent = {"after": 2, "days_at_home": 7, "valid_from": moment}
    seen = _seen(post, **sent)
    # What is left out stays as in the last version, which is the first one again by this.
    withdraw_version(version_id=scheduled.pk, by=ManagerFactory())

    assert _refused(post("publish", seen=seen, **sent))
    sent["seen"] = _seen(post, **sent)
    assert post("publish", **sent).json()["rules"]["grace_days"] == first.grace_days


def test_the_same_moment_and_amount_written_otherwise_are_the_same(post: Post) -> None:
    seen = _seen(post, after=1, deposit="20", valid_from="2100-01-01T12:00:00Z")

    again = {"deposit": "20.00", "valid_from": "2100-01-01T13:00:00+01:00"}
    assert post("publish", "de", after=1, seen=seen, **again).status_code == 201


def test_whom_a_colleague_overtook_is_told_so(post: Post) -> None:
    seen = _seen(post, after=1, days_at_home=7)
    publish_version(programme_slug="home", grace_days=1)

    refused = post("publish", after=1, days_at_home=7, seen=seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "version_overtaken")


def test_who_may_not_publish_is_told_that_first(post: Post) -> None:
    client = Client(headers={"Referer": "http://testserver/"})
    client.force_login(StaffFactory())

    refused = client.post(f"{STAFF}publish/", {"after": 1}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not_publish_terms")
