"""A slip at the check-in table is undone there, by a button, a key or a control barcode."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import broken_laws, item_of, terms
from trials.home_trials.models import Trial
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Inspection, VerdictCorrection
from trials.returns.services.damages import accept_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _scan(ops: Client, trial: Trial, *codes: str, **more: str) -> tuple[int, str]:
    """Scan codes one after the other; return the last answer."""
    url = reverse("console:check_in_trial", args=[trial.number])
    for code in codes:
        answer = ops.post(url, {"barcode": code, **more}, headers={"HX-Request": "true"})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("undo", ["0", "check-undo"])
def test_the_last_verdict_is_corrected_by_two_scans(ops: Client, undo: str) -> None:
    terms(damaged_percent=50)
    trial = delivered_trial()
    _status, screen = _scan(ops, trial, item_of(trial).unit.barcode, "5")
    assert "Correct this verdict" in screen
    _status, screen = _scan(ops, trial, undo)
    assert "Beyond use" in screen
    assert 'name="again"' in screen
    status, screen = _scan(ops, trial, "2")

    assert (status, "Corrected" in screen) == (200, True)
    assert item_of(trial).unit.state == "available"
    assert VerdictCorrection.objects.get().reason == "Slipped at the check-in table"
    assert ChargeProposal.objects.get().state == "withdrawn"
    assert broken_laws() == []


def test_a_broken_frame_that_went_to_the_shelf_is_proposed_to_be_charged(ops: Client) -> None:
    terms(damaged_percent=50)
    trial = delivered_trial()
    _scan(ops, trial, item_of(trial).unit.barcode, "1", "0")
    # A button says of which unit, and that it is judged once more.
    unit = item_of(trial).unit.barcode
    _scan(ops, trial, "5", unit=unit, again="yes", note="Temple off")

    assert item_of(trial).outcome == "damaged"
    assert ChargeProposal.objects.get().reason == "Temple off"


def test_a_page_loaded_again_still_asks_and_the_next_box_does_not(ops: Client) -> None:
    trial, other = delivered_trial(), delivered_trial()
    page = reverse("console:check_in_trial", args=[trial.number])
    _scan(ops, trial, item_of(trial).unit.barcode, "1")
    assert b"Correct this verdict" in ops.get(page).content
    _scan(ops, trial, "0")
    assert b'name="again"' in ops.get(page).content

    assert _scan(ops, trial, "CHECK-DONE")[0] == 409
    _scan(ops, trial, "1", "DO-CANCEL")
    assert not VerdictCorrection.objects.exists()
    status, screen = _scan(ops, other, "0")
    assert (status, "trial’s page" in screen) == (422, True)


def test_the_verdict_on_a_unit_of_another_box_is_corrected_there(ops: Client) -> None:
    here, there = delivered_trial(), delivered_trial()
    _scan(ops, here, item_of(there).unit.barcode, "5", "0", "4")

    assert Inspection.objects.get().finding == "repair"
    assert item_of(there).unit.state == "repair"


def test_a_unit_of_another_box_that_is_good_after_all_ends_its_trial(ops: Client) -> None:
    terms(damaged_percent=50)
    here, there = delivered_trial(), delivered_trial(frames=1)
    _scan(ops, here, item_of(there).unit.barcode, "5", "0", "1")

    there.refresh_from_db()
    assert there.state == "closed"
    assert broken_laws() == []


def test_what_is_too_late_is_said_and_does_not_bar_the_box(ops: Client) -> None:
    terms(damaged_percent=50)
    trial = delivered_trial()
    _scan(ops, trial, item_of(trial).unit.barcode, "5")
    # Scanned before, decided meanwhile.
    _scan(ops, trial, "0")
    accept_proposal(proposal_id=ChargeProposal.objects.get().pk, by=ManagerFactory())
    status, screen = _scan(ops, trial, "1")
    assert (status, "Too late to correct" in screen, "manager" in screen) == (409, True, True)
    assert _scan(ops, trial, "0")[0] == 409
    assert _scan(ops, trial, item_of(trial, 1).unit.barcode, "1")[0] == 200
