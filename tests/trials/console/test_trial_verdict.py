"""What was found of a unit is corrected from its trial's page and by the API, and told there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of, proposal_for_damage, terms
from trials.console.queries.trials import staff_trial
from trials.console.queries.units import staff_unit
from trials.console.timeline import trial_timeline, unit_timeline
from trials.home_trials.models import Trial
from trials.returns.models.inspections import Finding, VerdictCorrection
from trials.returns.services.damages import accept_proposal

pytestmark = pytest.mark.django_db
SAID = {"verdict": "2", "reason": "Wrong key", "note": "Fine", "seen": "0"}


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def damaged() -> Trial:
    terms(damaged_percent=50)
    trial = delivered_trial()
    checked_in(item_of(trial), Finding.DAMAGED, note="Temple off")
    return trial


def _page(trial: Trial) -> str:
    return reverse("console:trial_verdict", args=[trial.number, item_of(trial).pk])


def _told(ops: Client, path: str, data: Any = None) -> str:
    answer = ops.post(path, data, follow=True) if data else ops.get(path, follow=True)
    return answer.content.decode()


def test_a_trials_page_leads_to_the_correction_which_shows_what_was_found(
    ops: Client, damaged: Trial
) -> None:
    trial = reverse("console:trial", args=[damaged.number])
    assert _page(damaged) in _told(ops, trial)
    shown = _told(ops, _page(damaged))
    assert "Beyond use" in shown
    assert "Temple off" in shown
    told = _told(ops, _page(damaged), SAID)

    assert f"{item_of(damaged).unit.barcode} is “Light traces” now" in told
    assert item_of(damaged).unit.state == "available"
    # A page opened before that corrects nothing.
    assert "a colleague has corrected this" in _told(ops, _page(damaged), {**SAID, "verdict": "5"})
    assert VerdictCorrection.objects.count() == 1


def test_both_verdicts_stand_in_the_history_of_trial_and_unit(ops: Client, damaged: Trial) -> None:
    ops.post(_page(damaged), SAID)

    barcode = item_of(damaged).unit.barcode
    for entries in (
        trial_timeline(staff_trial(damaged.number)),
        unit_timeline(staff_unit(barcode)),
    ):
        (entry,) = [each for each in entries if "Verdict corrected" in each["title"]]
        assert (
            "“Damaged beyond use”, grade D → “Good, back on the shelf”, grade B" in entry["title"]
        )
        assert entry["note"] == f"{barcode} · Wrong key · Temple off"
        assert entry["by"] == VerdictCorrection.objects.get().corrected_by
    assert "Verdict corrected" in _told(ops, reverse("console:unit", args=[barcode]))


def test_without_a_reason_the_form_comes_back_with_what_was_said(
    ops: Client, damaged: Trial
) -> None:
    answer = ops.post(_page(damaged), {**SAID, "reason": ""})

    assert answer.status_code == 422
    assert "Fine" in answer.content.decode()
    assert item_of(damaged).unit.state == "retired"


def test_what_is_too_late_is_said_on_the_trials_page(ops: Client) -> None:
    proposal = proposal_for_damage(frames=2)
    trial = proposal.inspection.item.trial
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())

    for data in (None, SAID):
        assert "was told of the damage" in _told(ops, _page(trial), data)
    assert "is not checked in" in _told(
        ops, reverse("console:trial_verdict", args=[trial.number, item_of(trial, 1).pk])
    )


def test_programs_of_staff_correct_too_and_read_what_it_was(ops: Client, damaged: Trial) -> None:
    said = {
        "barcode": item_of(damaged).unit.barcode,
        "finding": "good",
        "grade": "B",
        "reason": "Wrong key",
    }
    answer = ops.post(
        reverse("api-staff-correct-verdict", args=[damaged.number]),
        said,
        content_type="application/json",
        headers={"Idempotency-Key": "once"},
    )

    body = answer.json()
    assert (answer.status_code, body["finding"], body["unit_state"], body["outcome"]) == (
        *(200, "good", "available"),
        "returned",
    )
    (was,) = body["corrections"]
    assert (was["finding_before"], was["note_before"], was["reason"]) == (
        *("damaged", "Temple off"),
        "Wrong key",
    )
