"""No page of the console asks more of the database the more rows it shows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    approved_trial,
    batch_of_one,
    delivered_trial,
    packed_trial,
    requested_trial,
)
from tests.shop.orders.buying import placed_order
from tests.trials.returns.boxes_back import scanned
from tests.trials.returns.trials_with_charges import owed_charge
from trials.claims.services import file_claim, note_refusal
from trials.console.models import ListName
from trials.console.services import save_filter
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import add_parcel, open_manifest
from trials.reports.models import CustomerReport, ReportKind
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.shipping.services.labels import create_labels
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
# Of every customer's address, and no number: those have no L.
WORDS = "example"
LISTS = [
    "console:home",
    "console:trial_list",
    "console:search",
    "console:overdue",
    "console:unit_list",
    "console:charge_list",
    "console:proposal_list",
    "console:claim_list",
    "console:broken_list",
    "console:missed_list",
    "console:left_list",
    "console:count_list",
    "console:waitlist",
    "console:batch_list",
    "console:to_ship",
    "console:manifest_list",
    "console:parcel_list",
    "console:risk_queue",
    "console:pack",
    "console:check_in",
    "console:put_back",
    "orders:console_list",
    "console:economics",
    "console:planning",
]


def _more(manager: Any) -> None:
    requested_trial()
    approved_trial()
    packed_trial()
    batch_of_one(manager)
    delivered_trial()
    owed_charge()
    placed_order()
    join_waitlist(user=UserFactory(), variant_id=VariantFactory().pk)
    which = ListName.TRIALS
    name = str(manager.saved_filters.count())
    save_filter(by=manager, which=which, name=name, query="q=a", shared=True)


@pytest.mark.parametrize("name", ["console:trial", "console:check_in_trial"])
def test_what_was_told_of_four_frames_takes_as_many_statements_as_of_one(
    client: Client, name: str
) -> None:
    client.force_login(ManagerFactory())
    taken = []
    for frames in (1, 4):
        trial = delivered_trial(frames=frames)
        for item in trial.items.all():
            for kind in (ReportKind.BROKEN, ReportKind.KEEPING):
                CustomerReport.objects.create(trial=trial, item=item, kind=kind)
        url = reverse(name, args=[trial.number])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).content.decode().count("Customer: Keeps it") >= frames
        taken.append(len(captured))
    assert taken[0] == taken[1]


def test_a_manifest_and_a_batch_take_as_many_statements_for_one_box_as_for_three(
    client: Client,
) -> None:
    manager = ManagerFactory()
    client.force_login(manager)
    taken = []
    for boxes in (1, 3):
        for _each in range(boxes):
            approved_trial()
        batch = make_batch(count=boxes, by=manager)
        manifest = open_manifest(carrier="built-in", by=manager)
        for _each in range(boxes):
            parcel, _back = create_labels(trial_id=packed_trial().pk, by=manager)
            add_parcel(manifest_id=manifest.pk, scanned=parcel.tracking_number, by=manager)
            create_labels(trial_id=packed_trial().pk, by=manager)
        for url in (
            reverse("console:batch", args=[batch.pk]),
            reverse("console:manifest", args=[manifest.pk]),
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            taken.append(len(captured))
    assert taken[:2] == taken[2:]


def test_a_claim_takes_as_many_statements_whatever_happened_to_it(client: Client) -> None:
    boss = ManagerFactory()
    client.force_login(boss)
    number = scanned(delivered_trial(), Leg.RETURN).tracking_number
    claim, taken = lose_parcel(tracking_number=number, by=boss, early=True), []
    for _state in range(2):
        url = reverse("console:claim", args=[claim])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url).content.decode()
        taken.append((len(captured), page.count("timeline__entry")))
        for _each in range(3):
            file_claim(claim_id=claim.pk, by=StaffFactory(), reference="R-1")
            note_refusal(claim_id=claim.pk, by=ManagerFactory(), reason="Packed badly")
    assert [entries for _statements, entries in taken] == [1, 7]
    assert taken[0][0] == taken[1][0]


def test_every_list_takes_as_many_statements_for_one_row_as_for_more(client: Client) -> None:
    manager = ManagerFactory()
    client.force_login(manager)

    def taken() -> dict[str, int]:
        found = {}
        for name in LISTS:
            client.get(reverse(name), {"q": WORDS})
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(name), {"q": WORDS}).status_code == 200
            found[name] = len(captured)
        return found

    _more(manager)
    few = taken()
    for _each in range(2):
        _more(manager)

    assert taken() == few
