"""Who opens a box, or a trial's page, reads at each frame what its customer said of it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, delivered_trial
from tests.trials.returns.boxes_back import item_of
from trials.home_trials.models import Trial
from trials.reports.models import CustomerReport, ReportKind

pytestmark = pytest.mark.django_db
BROKEN = "Customer: Arrived broken, “The <left> temple is loose”"


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _told(trial: Trial, place: int, kind: ReportKind, words: str = "") -> CustomerReport:
    item = item_of(trial, place)
    return CustomerReport.objects.create(trial=trial, item=item, kind=kind, words=words)


def _row(ops: Client, trial: Trial, name: str, place: int) -> str:
    """Return what a page shows at one frame: the row of its barcode."""
    page = ops.get(reverse(f"console:{name}", args=[trial.number])).content.decode()
    part = page.split('id="frames"')[-1] if name == "trial" else page.split('id="checklist"')[1]
    tag = "tr" if name == "trial" else "li"
    rows = re.findall(rf"<{tag}[ >].*?</{tag}>", part, re.DOTALL)
    (row,) = [each for each in rows if item_of(trial, place).unit.barcode in each]
    return row.replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize("name", ["check_in_trial", "trial"])
def test_it_stands_at_the_frame(ops: Client, name: str) -> None:
    trial = delivered_trial(frames=3)
    _told(trial, 0, ReportKind.BROKEN, "The <left> temple is loose")
    _told(trial, 1, ReportKind.KEEPING)

    rows = [_row(ops, trial, name, place) for place in range(3)]
    assert [BROKEN in row for row in rows] == [True, False, False]
    assert ["Customer: Keeps it" in row for row in rows] == [False, True, False]


@pytest.mark.parametrize("name", ["check_in_trial", "trial"])
def test_what_was_taken_back_is_not_shown(ops: Client, name: str) -> None:
    trial = delivered_trial(frames=1)
    report = _told(trial, 0, ReportKind.KEEPING)
    assert "Keeps it" in _row(ops, trial, name, 0)
    report.withdrawn_at = timezone.now()
    report.save()

    assert "Keeps it" not in _row(ops, trial, name, 0)


def test_the_api_tells_it_with_the_frame(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    _told(trial, 0, ReportKind.BROKEN, "Loose")
    withdrawn = _told(trial, 1, ReportKind.KEEPING)
    CustomerReport.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    answer = ops.get(f"/api/v1/staff/trials/{trial.number}/").json()

    told = [[(each["kind"], each["words"]) for each in item["told"]] for item in answer["items"]]
    assert told == [[("broken", "Loose")], []]


def test_it_stands_there_after_a_scan_too(ops: Client) -> None:
    trial = delivered_trial(frames=1)
    _told(trial, 0, ReportKind.BROKEN, "Loose")
    url = reverse("console:check_in_trial", args=[trial.number])
    code = {"barcode": item_of(trial).unit.barcode}
    answer = ops.post(url, code, headers={"HX-Request": "true"}).content.decode()

    assert "Customer: Arrived broken, “Loose”" in answer


def test_a_program_that_packs_a_unit_reads_its_frame_as_in_the_trial(ops: Client) -> None:
    trial = approved_trial(frames=1)
    answer = ops.post(
        f"/api/v1/staff/trials/{trial.number}/pack/",
        {"barcode": item_of(trial).unit.barcode},
        content_type="application/json",
        headers={"Idempotency-Key": "pack-once"},
    )

    assert answer.status_code == 200
    assert answer.json()["packed_at"]
    assert answer.json() == ops.get(f"/api/v1/staff/trials/{trial.number}/").json()["items"][0]
