"""What is to leave by when, and that the most urgent is picked first."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, packed_trial, requested_trial, shipped_trial
from trials.fulfilment.errors import NothingToPickError
from trials.fulfilment.models import PickBatch
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.urgency import boxes_to_ship, counts_to_ship
from trials.home_trials.days import ships_by
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import approve_trial

BERLIN = ZoneInfo("Europe/Berlin")
# A Wednesday in no week of holidays.
NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)


def _berlin(*parts: int) -> datetime:
    year, month, day, hour, *minute = parts
    return datetime(year, month, day, hour, *minute, tzinfo=BERLIN)


def _due(trial: Trial, at: datetime | None) -> Trial:
    Trial.objects.filter(pk=trial.pk).update(ship_by=at)
    return trial


@pytest.mark.parametrize(
    ("approved", "leaves"),
    [
        (_berlin(2026, 6, 10, 9), date(2026, 6, 11)),
        (_berlin(2026, 6, 10, 13, 59), date(2026, 6, 11)),
        (_berlin(2026, 6, 10, 14), date(2026, 6, 12)),
        # Friday, before and after the hour; then the weekend itself.
        (_berlin(2026, 6, 12, 9), date(2026, 6, 15)),
        (_berlin(2026, 6, 12, 15), date(2026, 6, 16)),
        (_berlin(2026, 6, 13, 9), date(2026, 6, 16)),
        # Before Christmas, which is on Friday and Saturday.
        (_berlin(2026, 12, 24, 9), date(2026, 12, 28)),
        (_berlin(2026, 12, 25, 9), date(2026, 12, 29)),
    ],
)
def test_a_box_leaves_within_working_days_of_the_shops_country(
    approved: datetime, leaves: date
) -> None:
    by = ships_by(approved)
    assert (by.date(), by.utcoffset()) == (leaves, by.astimezone(BERLIN).utcoffset())
    assert by.hour == 23


def test_a_shop_may_send_on_the_same_day(settings: Any) -> None:
    settings.SHIP_WITHIN_DAYS = 0
    assert ships_by(NOON).date() == date(2026, 6, 10)


@pytest.mark.django_db
def test_approving_settles_by_when_it_leaves() -> None:
    trial = requested_trial()
    assert trial.ship_by is None
    with time_machine.travel(NOON, tick=False):
        approved = approve_trial(trial_id=trial.pk, by=StaffFactory())

    assert approved.ship_by == ships_by(NOON)


@pytest.mark.django_db
def test_the_most_urgent_boxes_are_picked_first() -> None:
    now = timezone.now()
    later, late, soon, unknown = (
        _due(approved_trial(frames=1), at)
        for at in (now + timedelta(days=9), now - timedelta(days=9), now + timedelta(days=2), None)
    )
    # One approved by a release that knew of no deadline is as urgent as its wish is old.
    Trial.objects.filter(pk=unknown.pk).update(requested_at=now - timedelta(days=1))
    batch = make_batch(count=3, by=StaffFactory())

    numbers = list(batch.totes.order_by("position").values_list("trial__number", flat=True))
    assert numbers == [late.number, unknown.number, soon.number]
    assert later.number not in numbers


@pytest.mark.django_db
def test_a_batch_may_be_of_one_urgency_alone() -> None:
    now = timezone.now()
    late = _due(approved_trial(frames=1), now - timedelta(days=1))
    _due(approved_trial(frames=1), now + timedelta(days=9))
    batch = make_batch(count=9, by=StaffFactory(), due="late")

    assert [tote.trial for tote in batch.totes.all()] == [late]
    with pytest.raises(NothingToPickError, match="Late"):
        make_batch(count=9, by=StaffFactory(), due="late")


@pytest.mark.django_db
def test_what_has_not_left_is_counted_by_urgency_and_stage() -> None:
    now = NOON
    _due(approved_trial(frames=1), now - timedelta(minutes=1))
    _due(packed_trial(frames=1), now - timedelta(days=3))
    today = _due(approved_trial(frames=1), ships_by(NOON) - timedelta(days=1))
    _due(shipped_trial(frames=1), now - timedelta(days=3))
    make_batch(count=1, by=StaffFactory(), due="")
    late, due_today, later = counts_to_ship(now)

    assert (late.pick, late.batch, late.packed) == (0, 1, 1)
    assert (due_today.pick, due_today.count, later.count) == (1, 1, 0)
    assert [each.pk for each in boxes_to_ship("today", now=now)] == [today.pk]
    assert [each.stage for each in boxes_to_ship("late", now=now)] == ["packed", "batch"]
    # Asked again on another day: what is late is judged by that one.
    before, on_its_day, after = counts_to_ship(now - timedelta(days=9))
    assert (before.count, on_its_day.count, after.count) == (0, 0, 3)
    assert [each.count for each in counts_to_ship(now + timedelta(days=9))] == [3, 0, 0]


@pytest.mark.django_db
def test_the_pages_show_what_is_late_and_make_a_batch_of_it(client: Client) -> None:
    client.force_login(StaffFactory())
    late = _due(approved_trial(), timezone.now() - timedelta(days=2))
    later = _due(approved_trial(), timezone.now() + timedelta(days=9))
    page = client.get(reverse("console:batch_list")).content.decode()
    assert "1 to pick" in page
    page = client.get(reverse("console:to_ship"), {"due": "late"}).content.decode()
    assert late.number in page
    assert later.number not in page
    client.post(reverse("console:batch_make"), {"count": "5", "due": "late"})
    batch = PickBatch.objects.get()
    assert [tote.trial for tote in batch.totes.all()] == [late]
    assert f">Batch {batch}</a>" in client.get(reverse("console:to_ship")).content.decode()
    assert "To ship, late" in client.get(reverse("console:home")).content.decode()


@pytest.mark.django_db
def test_by_the_api_boxes_are_listed_and_batched_by_urgency(client: Client) -> None:
    client.force_login(StaffFactory())
    late = _due(approved_trial(), timezone.now() - timedelta(days=2))
    _due(approved_trial(), timezone.now() + timedelta(days=9))
    listed = client.get(reverse("api-staff-to-ship")).json()["results"]
    assert [each["stage"] for each in listed] == ["pick", "pick"]
    assert listed[0]["trial"] == late.number
    first = client.get(reverse("api-staff-to-ship"), {"page_size": 1}).json()
    assert [each["trial"] for each in first["results"]] == [late.number]
    assert len(client.get(first["next"]).json()["results"]) == 1
    wrong = b64encode(b"p=yesterday").decode()
    assert client.get(reverse("api-staff-to-ship"), {"cursor": wrong}).status_code == 404
    listed = client.get(reverse("api-staff-to-ship"), {"due": "late"}).json()["results"]
    assert [each["trial"] for each in listed] == [late.number]
    made = client.post(
        reverse("api-staff-batches"),
        {"count": 5, "due": "late"},
        content_type="application/json",
        headers={"Idempotency-Key": "late-1"},
    )
    assert {each["trial"] for each in made.json()["lines"]} == {late.number}
