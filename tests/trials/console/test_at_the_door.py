"""What stands at the door says since when; a batch says that it is picked as soon as it is."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, delivered_trial
from tests.trials.returns.boxes_back import scanned
from trials.console.views import check_in as check_in_views
from trials.fulfilment.services.batching import make_batch
from trials.home_trials.models import Trial
from trials.returns.queries.charges import arrived_parcels
from trials.shipping.models import Leg, ShipmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def ops(client: Client, ola: User) -> Client:
    client.force_login(ola)
    return client


def _at_the_door(at: datetime) -> Trial:
    with time_machine.travel(at):
        trial = delivered_trial()
        scanned(trial, Leg.RETURN, ShipmentState.DELIVERED)
        return trial


def test_each_box_at_the_door_says_since_when_the_oldest_first(ops: Client, ola: User) -> None:
    now = timezone.now()
    late, early = _at_the_door(now - timedelta(days=1)), _at_the_door(now - timedelta(days=4))

    page = ops.get(reverse("console:check_in")).content.decode()

    assert page.index(early.number) < page.index(late.number)
    for trial in (early, late):
        arrived = arrived_parcels().get(trial=trial).delivered_at
        assert arrived is not None
        shown = formats.date_format(arrived.astimezone(ola.zone), "SHORT_DATETIME_FORMAT")
        assert f"here since {shown}" in page


def test_more_than_fit_are_counted(ops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_in_views, "SHOWN_WAITING", 1)
    for days in (1, 2, 3):
        _at_the_door(timezone.now() - timedelta(days=days))
    page = ops.get(reverse("console:check_in")).content.decode()
    assert "2 more stand there" in page


def test_programs_read_them_in_the_same_order(ola: User) -> None:
    now = timezone.now()
    late, early = _at_the_door(now - timedelta(days=1)), _at_the_door(now - timedelta(days=4))
    api = APIClient()
    api.force_authenticate(ola)

    rows = api.get("/api/v1/staff/at-the-door/").json()["results"]

    assert [row["trial"] for row in rows] == [early.number, late.number]
    parcel = arrived_parcels().get(trial=early)
    assert rows[0]["tracking_number"] == parcel.tracking_number
    assert datetime.fromisoformat(rows[0]["arrived_at"]) == parcel.delivered_at
    assert rows[0]["frames"] == 2


def test_more_boxes_take_no_more_statements(ops: Client) -> None:
    taken = []
    for _each in range(2):
        for days in range(3):
            _at_the_door(timezone.now() - timedelta(days=days))
        with CaptureQueriesContext(connection) as captured:
            ops.get(reverse("console:check_in"))
        taken.append(len(captured))
    assert taken[0] == taken[1]


def test_the_last_scan_of_a_batch_changes_its_head(ops: Client, ola: User) -> None:
    trial = approved_trial(frames=2, by=ola)
    batch = make_batch(count=1, by=ola)
    url = reverse("console:batch", args=[batch.pk])
    first, last = trial.items.values_list("unit__barcode", flat=True)

    def scanned_there(code: str) -> str:
        answer = ops.post(url, {"barcode": code}, headers={"HX-Request": "true"})
        return answer.content.decode()

    head = '<span id="batch-state" hx-swap-oob="true"><span class="badge" data-state="{}">'
    before, after = scanned_there(first), scanned_there(last)
    assert head.format("picking") in before
    assert head.format("picked") in after
    assert ("Give this batch up" in before, "Give this batch up" in after) == (True, False)
    assert 'id="batch-state"' in ops.get(url).content.decode()
