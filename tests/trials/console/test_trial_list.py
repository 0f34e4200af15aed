"""The list of trials: what a row says, and several approved at once."""

import csv
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.keyset import MOST_COUNTED
from tests.factories.shop import StaffFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    TrialUnitFactory,
    approved_trial,
    delivered_trial,
    requested_trial,
)
from tests.trials.risk.assessed import assessed_trial, only_rule
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.swaps.services import swap_frame

pytestmark = pytest.mark.django_db
API = "/api/v1/staff/trials/"


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def console(ola: User, client: Client) -> Client:
    client.force_login(ola)
    return client


@pytest.fixture
def api(ola: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ola)
    return client


def _state(trial: Trial) -> str:
    trial.refresh_from_db()
    return trial.state


def test_what_is_ticked_is_approved_and_what_was_called_off_meanwhile_keeps_none_back(
    console: Client, ola: User
) -> None:
    first, called_off, last, left = (requested_trial() for _each in range(4))
    cancel_trial(trial_id=called_off.pk, by=called_off.user)
    numbers = [first.number, called_off.number, last.number, first.number]

    answer = console.post(reverse("console:trials_approve"), {"number": numbers}, follow=True)

    states = [_state(each) for each in (first, called_off, last, left)]
    assert states == ["approved", "cancelled", "approved", "requested"]
    assert first.transitions.get(to_state="approved").actor == ola
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "2 trials are approved."
    assert len(said) == 2
    assert called_off.number in said[1]


def test_nothing_ticked_approves_nothing_and_says_what_to_do(console: Client) -> None:
    trial = requested_trial()
    answer = console.post(reverse("console:trials_approve"), {})

    assert answer.status_code == 422
    assert "Tick the trials you approve." in answer.content.decode()
    assert _state(trial) == "requested"


def test_only_the_queue_of_requests_offers_to_approve_several(console: Client) -> None:
    trial = requested_trial()
    url, tick = reverse("console:trial_list"), f'name="number" value="{trial.number}"'

    assert tick in console.get(url, {"state": "requested"}).content.decode()
    assert tick not in console.get(url).content.decode()


def test_a_program_approves_several_and_learns_what_was_refused_and_why(api: APIClient) -> None:
    asked, approved = requested_trial(), approved_trial()
    numbers = [asked.number, approved.number, "T-NOBODY"]

    answer = api.post(f"{API}approve/", {"numbers": numbers}, format="json")

    assert answer.status_code == 200
    assert answer.json()["approved"] == [asked.number]
    refused = [(each["number"], each["code"]) for each in answer.json()["refused"]]
    assert refused == [(approved.number, "illegal_move"), ("T-NOBODY", "trial_not_found")]
    assert _state(asked) == "approved"
    assert api.post(f"{API}approve/", {"numbers": []}, format="json").status_code == 400


def test_a_row_says_by_which_rules_where_to_and_by_whom_it_goes_and_when_it_leaves(
    console: Client, api: APIClient
) -> None:
    waits, sent = approved_trial(), delivered_trial()
    create_labels(trial_id=sent.pk, by=StaffFactory())
    assert waits.ship_by is not None
    programme = waits.programme_version.programme

    rows = {row["number"]: row for row in api.get(API).json()["results"]}
    assert rows[waits.number]["carrier"] is None
    assert rows[sent.number]["carrier"] == "built-in"
    expected = (programme.name, waits.address.country)
    assert (rows[waits.number]["programme"], rows[waits.number]["country"]) == expected
    assert rows[waits.number]["ship_by"][:10] == f"{waits.ship_by:%Y-%m-%d}"

    download = b"".join(console.get(reverse("console:trials_csv"))).decode()  # type: ignore[arg-type]
    lines = {line["number"]: line for line in csv.DictReader(download.splitlines())}
    assert lines[sent.number]["carrier"] == "built-in"
    assert lines[waits.number]["programme"] == programme.name
    assert lines[waits.number]["ship_by"][:10] == f"{waits.ship_by:%Y-%m-%d}"


def test_what_the_rules_found_stands_beside_a_wish_and_is_ticked_by_hand_only(
    console: Client,
) -> None:
    only_rule("new_customer", threshold=1)
    flagged, unknown = assessed_trial(), requested_trial()

    page = console.get(reverse("console:trial_list"), {"state": "requested"}).content.decode()
    rows = {each.number: page.split(f'value="{each.number}"')[1] for each in (flagged, unknown)}
    assert rows[flagged.number].startswith(" data-by-hand")
    assert "Trials completed so far, fewer than 1; found: 0" in rows[flagged.number]
    assert rows[unknown.number].startswith(" aria-label")


def test_a_wish_that_changed_after_its_page_was_opened_is_not_approved(console: Client) -> None:
    trial = requested_trial()
    page = console.get(reverse("console:trial", args=[trial.number]))
    item = trial.items.get(pk=min(each.pk for each in trial.items.all()))
    wanted = TrialUnitFactory().variant
    swap_frame(trial_id=trial.pk, item_id=item.pk, variant_id=wanted.pk, by=trial.user)

    approve = reverse("console:trial_approve", args=[trial.number])
    sent = {"seen": "requested", "mark": page.context["mark"]}
    answer = console.post(approve, sent, follow=True)
    assert "Nothing was done" in answer.content.decode()
    assert _state(trial) == "requested"


@pytest.mark.parametrize("queue", ["delivered", "overdue"])
def test_what_is_at_home_comes_as_it_falls_due(console: Client, api: APIClient, queue: str) -> None:
    late = timedelta(days=20) if queue == "overdue" else timedelta()
    due = {}
    # Asked for in this order, and due in another.
    for days in (3, 1, 2):
        trial = delivered_trial()
        due[trial.number] = timezone.now() + timedelta(days=days) - late
        Trial.objects.filter(pk=trial.pk).update(due_at=due[trial.number])
    expected = sorted(due, key=lambda number: due[number])

    page = console.get(reverse("console:trial_list"), {"state": queue})
    assert [each.number for each in page.context["page"]] == expected
    lines = b"".join(console.get(reverse("console:trials_csv"), {"state": queue})).decode()
    assert [row[0] for row in csv.reader(lines.splitlines())][1:] == expected
    assert _turned(api, state=queue) == expected


def test_a_program_reads_a_queue_from_its_oldest_wish_and_all_trials_from_the_latest(
    api: APIClient,
) -> None:
    numbers = [requested_trial().number for _each in range(3)]

    assert _turned(api, state="requested") == numbers
    assert _turned(api) == numbers[::-1]


def _turned(api: APIClient, **query: str) -> list[str]:
    """Return the numbers on all pages of a list, one a page."""
    found, following = [], f"{API}?{urlencode({**query, 'page_size': '1'})}"
    while following:
        page = api.get(following).json()
        found += [row["number"] for row in page["results"]]
        following = page["next"]
    return found


def test_a_row_says_how_many_frames_there_are_and_the_carrier_that_takes_it_there(
    console: Client, ola: User
) -> None:
    trial, bare = approved_trial(frames=3), requested_trial()
    outbound, _back = create_labels(trial_id=trial.pk, by=ola)
    Shipment.objects.filter(pk=outbound.pk).update(carrier="easypost")

    shown = {
        each.number: each for each in console.get(reverse("console:trial_list")).context["page"]
    }
    assert (shown[trial.number].frames, shown[trial.number].carrier) == (3, "easypost")
    assert (shown[bare.number].frames, shown[bare.number].carrier) == (bare.items.count(), None)


def test_beside_a_search_no_queue_tells_how_many_are_in_it_without_the_search(
    console: Client,
) -> None:
    trial, _other = requested_trial(), requested_trial()

    def counted(**asked: str) -> dict[str, int | None]:
        pills = console.get(reverse("console:trial_list"), asked).context["pills"]
        return {str(each["label"]): each["count"] for each in pills}

    assert counted()["To approve"] == 2
    assert set(counted(q=trial.number[:6]).values()) == {None}


def test_the_list_its_csv_and_the_api_are_narrowed_down_to_a_programme(
    console: Client, api: APIClient
) -> None:
    here, there = requested_trial(), requested_trial()
    elsewhere = ProgrammeVersionFactory(
        programme__slug="austria", programme__name="Austria", programme__countries=["AT"]
    )
    Trial.objects.filter(pk=there.pk).update(programme_version=elsewhere)
    asked = {"state": "requested", "programme": "austria"}

    page = console.get(reverse("console:trial_list"), asked)
    download = b"".join(console.get(reverse("console:trials_csv"), asked)).decode()  # type: ignore[arg-type]
    rows = list(csv.DictReader(download.splitlines()))

    assert [each.number for each in page.context["page"]] == [there.number]
    assert {each["count"] for each in page.context["pills"]} == {None}
    # Every way on keeps to it: other queues, a search, the file.
    text = page.content.decode()
    assert "state=packed&amp;programme=austria" in text
    assert '<input type="hidden" name="programme" value="austria">' in text
    assert "programme=austria" in page.context["csv_url"]
    assert [row["number"] for row in rows] == [there.number]
    assert [each["number"] for each in api.get(API, asked).json()["results"]] == [there.number]
    assert api.get(API, {"programme": "nowhere"}).status_code == 400
    assert here.number not in text


def test_where_there_is_one_programme_none_is_to_be_chosen(console: Client) -> None:
    requested_trial()
    assert "All programmes" not in console.get(reverse("console:trial_list")).content.decode()


@pytest.mark.parametrize(("state", "counted"), [("requested", 0), ("ended", 1), ("", 1)])
def test_a_queue_says_how_many_are_in_it_without_counting_them_twice(
    console: Client, state: str, counted: int
) -> None:
    trials = [requested_trial() for _each in range(3)]
    if state == "ended":
        for trial in trials:
            cancel_trial(trial_id=trial.pk, by=trial.user)

    with CaptureQueriesContext(connection) as asked:
        page = console.get(reverse("console:trial_list"), {"state": state}).content.decode()

    assert ">3 trials<" in page
    capped = f"LIMIT {MOST_COUNTED + 1}"
    assert sum(capped in each["sql"] for each in asked.captured_queries) == counted
