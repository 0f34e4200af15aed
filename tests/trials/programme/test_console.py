"""Terms are previewed as customers read them, and can be withdrawn until they count."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from tests.factories.shop import ManagerFactory, StaffFactory, VariantFactory
from trials.programme.errors import (
    MayNotPublishError,
    NotWithdrawableError,
    OvertakenError,
    RulesInvalidError,
)
from trials.programme.models import AMOUNTS, ProgrammeVersion
from trials.programme.queries import current_version
from trials.programme.services import COPIED, publish_version, withdraw_version
from trials.programme.terms import changes, terms_of

pytestmark = pytest.mark.django_db
NEXT = "/console/programmes/home/next/"


@pytest.fixture(autouse=True)
def first() -> ProgrammeVersion:
    return publish_version(programme_slug="home", name="At home", late_return_days=30)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(ManagerFactory())
    return client


def _sent(first: ProgrammeVersion, **changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"after": first.number, "valid_from": ""}
    for name in COPIED:
        value = getattr(first, name)
        if name in AMOUNTS:
            sent |= {f"{name}_0": str(value.amount), f"{name}_1": str(value.currency)}
        else:
            sent[name] = ",".join(map(str, value)) if isinstance(value, list) else value
    return sent | changes


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_preview_shows_terms_changes_and_an_example_and_publishes_nothing(
    first: ProgrammeVersion,
) -> None:
    client = Client()
    VariantFactory(price=Money(100, "EUR"))
    VariantFactory(price=Money(200, "EUR"))
    sent = _sent(first, days_at_home=7, deposit_0="20", damaged_percent=40, way="preview")

    with time_machine.travel(datetime(2027, 3, 2, 12, tzinfo=UTC), tick=False):
        client.force_login(ManagerFactory())
        page = client.post(NEXT, sent).content.decode()

    assert "<del>5 days from the day it arrives</del>" in page
    assert "<ins>7 days from the day it arrives</ins>" in page
    assert "charged when you ask for the box and given back" in page
    # Three days in the post, seven at home, three of grace.
    assert "12 March 2027" in page
    assert "15 March 2027" in page
    assert "60.00" in page, "40 % of 150 on average"
    assert ProgrammeVersion.objects.count() == 1


def test_what_was_previewed_is_published_by_whom_and_counts(
    client: Client, first: ProgrammeVersion
) -> None:
    sent = _sent(first, days_at_home=7)
    seen = _seen(client.post(NEXT, {**sent, "way": "preview"}).content.decode())

    answer = client.post(NEXT, {**sent, "way": "publish", "seen": seen})

    assert answer["Location"] == "/console/programmes/home/"
    made = current_version(country="DE")
    assert (made.number, made.days_at_home) == (2, 7)
    assert made.published_by is not None


@pytest.mark.parametrize("seen", ["", "forged"])
def test_what_was_not_previewed_is_shown_first(
    client: Client, first: ProgrammeVersion, seen: str
) -> None:
    page = client.post(NEXT, _sent(first, days_at_home=7, way="publish", seen=seen))

    assert "You changed something after the preview." in page.content.decode()
    assert ProgrammeVersion.objects.count() == 1


def test_another_figure_than_was_previewed_is_shown_first(
    client: Client, first: ProgrammeVersion
) -> None:
    seen = _seen(client.post(NEXT, _sent(first, way="preview")).content.decode())

    client.post(NEXT, _sent(first, days_at_home=9, way="publish", seen=seen))

    assert ProgrammeVersion.objects.count() == 1


def test_two_managers_do_not_publish_over_each_other(
    client: Client, first: ProgrammeVersion
) -> None:
    sent = _sent(first, days_at_home=7)
    seen = _seen(client.post(NEXT, {**sent, "way": "preview"}).content.decode())
    publish_version(programme_slug="home", days_at_home=3, reminder_days=[3])

    client.post(NEXT, {**sent, "way": "publish", "seen": seen})

    assert current_version(country="DE").days_at_home == 3
    with pytest.raises(OvertakenError):
        publish_version(programme_slug="home", after=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fee_0", "4.999"),
        ("fee_0", "0.30"),
        ("damaged_percent", "101"),
        ("frames_per_box", "0"),
        ("reminder_days", "0,1"),
        ("reminder_days", "1,6"),
        ("days_at_home", "4"),
        ("late_fee_cap_0", "20"),
    ],
)
def test_rules_that_cannot_be_kept_stay_on_the_form(
    client: Client, first: ProgrammeVersion, field: str, value: str
) -> None:
    page = client.post(NEXT, _sent(first, **{field: value}, way="preview"))

    assert page.status_code == 422
    assert "field--error" in page.content.decode()


def test_a_reminder_after_the_last_day_is_refused_with_what_to_do(client: Client) -> None:
    with pytest.raises(RulesInvalidError, match="take out the reminders on day 6, 9, or give more"):
        publish_version(programme_slug="home", reminder_days=[9, 1, 6])
    refused = client.post(
        "/api/v1/staff/programmes/home/versions/preview/",
        {"after": 1, "days_at_home": 3},
        content_type="application/json",
        headers={"Referer": "http://testserver/"},
    )
    assert refused.status_code == 422
    assert "up to day 3: take out the reminders on day 5" in refused.json()["detail"]


def test_terms_of_before_that_named_such_a_day_are_put_right_on_the_page(
    client: Client, first: ProgrammeVersion
) -> None:
    with connection.cursor() as cursor:
        # As it was written before anybody refused it.
        cursor.execute("SET LOCAL session_replication_role = replica")
        ProgrammeVersion.objects.update(days_at_home=4)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    first.refresh_from_db()
    assert client.get(NEXT).status_code == 200

    sent = _sent(first, reminder_days="1,3")
    seen = _seen(client.post(NEXT, {**sent, "way": "preview"}).content.decode())
    client.post(NEXT, {**sent, "way": "publish", "seen": seen})
    assert current_version(country="DE").reminder_days == [1, 3]


@pytest.mark.parametrize(("value", "why"), [("1,3,x", "Enter a whole number."), ("1,3,-2", "0")])
def test_of_a_list_the_entry_that_is_wrong_is_named_and_why(
    client: Client, first: ProgrammeVersion, value: str, why: str
) -> None:
    page = client.post(NEXT, _sent(first, reminder_days=value, way="preview"))

    (message,) = page.context["form"].errors["reminder_days"]
    assert message.startswith("Entry 3 of the list, counted from the left: ")
    assert why in message


def test_a_scheduled_version_is_plain_to_see_and_can_be_withdrawn(client: Client) -> None:
    later = timezone.now() + timedelta(days=3)
    publish_version(programme_slug="home", days_at_home=9, valid_from=later)
    assert "Comes next" in client.get("/console/programmes/home/").content.decode()

    client.post("/console/programmes/home/2/withdraw/")

    page = client.get("/console/programmes/home/").content.decode()
    assert "Withdrawn" in page
    assert "Comes next" not in page
    with time_machine.travel(later + timedelta(days=1)):
        assert current_version(country="DE").number == 1
        assert publish_version(programme_slug="home").number == 3, "a number is used once"
    assert current_version(country="DE").days_at_home == 5


def test_what_counts_is_not_withdrawn(first: ProgrammeVersion) -> None:
    with pytest.raises(NotWithdrawableError):
        withdraw_version(version_id=first.pk, by=ManagerFactory())


def test_a_version_is_not_slipped_in_before_the_one_that_comes() -> None:
    later = timezone.now() + timedelta(days=3)
    publish_version(programme_slug="home", valid_from=later)

    with pytest.raises(RulesInvalidError, match="Withdraw it first"):
        publish_version(programme_slug="home")


def test_ops_read_terms_and_set_none(first: ProgrammeVersion) -> None:
    ops, client = StaffFactory(), Client()
    client.force_login(ops)

    assert client.get("/console/programmes/home/").status_code == 200
    assert client.get(NEXT).status_code == 403
    with pytest.raises(MayNotPublishError):
        publish_version(programme_slug="home", by=ops)
    with pytest.raises(MayNotPublishError):
        withdraw_version(version_id=first.pk, by=ops)


def test_the_list_says_what_counts_and_what_comes(client: Client) -> None:
    publish_version(programme_slug="fr", name="France", countries=("FR",))
    publish_version(programme_slug="fr", valid_from=timezone.now() + timedelta(days=3))

    page = client.get("/console/programmes/").content.decode()

    assert "Everywhere" in page
    assert "France" in page
    assert "Version 2, from" in page


def test_terms_that_are_switched_off_are_not_said(first: ProgrammeVersion) -> None:
    names = [term.name for term in terms_of(first)]

    assert "deposit" not in names
    assert "late" not in names
    assert names[:2] == ["box", "at_home"]


def test_changes_name_what_comes_and_what_goes(first: ProgrammeVersion) -> None:
    second = publish_version(programme_slug="home", fee=Money(5, "EUR"), late_return_days=0)

    found = {change.label: (change.before, change.after) for change in changes(first, second)}

    assert found["Costs"][0] == "Nothing, both ways"
    assert found["Back after all"][1] == ""
    assert len(found) == 2


def test_twice_the_versions_take_no_more_queries_in_the_api(
    django_assert_num_queries: Any,
) -> None:
    client = Client()
    client.force_login(ManagerFactory())
    versions = "/api/v1/staff/programmes/home/versions/"
    client.get(versions)
    with CaptureQueriesContext(connection) as captured:
        client.get(versions)
    for _each in range(3):
        publish_version(programme_slug="home")

    with django_assert_num_queries(len(captured)):
        assert len(client.get(versions).json()["results"]) == 4


def test_the_api_tells_everybody_the_terms_and_managers_publish(first: ProgrammeVersion) -> None:
    anybody, manager = Client(), Client()
    manager.force_login(ManagerFactory())
    told = anybody.get("/api/v1/terms/?country=FR").json()
    assert told["rules"]["days_at_home"] == 5
    assert {"name": "fee", "label": "Costs", "text": "Nothing, both ways"} in told["terms"]

    sent = {"after": 1, "days_at_home": 7, "deposit": "20.00"}
    options: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {"Referer": "http://testserver/"},
    }
    staff = "/api/v1/staff/programmes/home/versions/"
    preview = manager.post(f"{staff}preview/", sent, **options).json()
    assert preview["example"]["due_now"] == {"amount": "20.00", "currency": "EUR"}
    assert ProgrammeVersion.objects.count() == 1

    sent["seen"] = preview["seen"]
    published = manager.post(f"{staff}publish/", sent, **options)
    again = manager.post(f"{staff}publish/", sent, **options)
    assert (published.status_code, again.status_code) == (201, 409)
    assert anybody.get("/api/v1/terms/").json()["rules"]["days_at_home"] == 7
    assert anybody.get("/api/v1/terms/?country=xx").status_code == 400


def test_after_one_that_is_scheduled_the_next_begins_with_its_moment(
    client: Client, first: ProgrammeVersion
) -> None:
    later = timezone.now() + timedelta(days=3)
    second = publish_version(programme_slug="home", days_at_home=9, valid_from=later)

    page = client.get(NEXT)
    assert page.status_code == 200
    shown = (later + timedelta(minutes=1)).astimezone(ZoneInfo("Europe/Berlin"))
    begins = shown.strftime("%Y-%m-%dT%H:%M")
    assert f'value="{begins}"' in page.content.decode()
    kept = client.post(NEXT, _sent(second, valid_from=begins, way="preview"))
    assert kept.status_code == 200

    refused = client.post(NEXT, _sent(second, way="preview"))
    assert refused.status_code == 422
    assert "Withdraw it first." in refused.content.decode()
