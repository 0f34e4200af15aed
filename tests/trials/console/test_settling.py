"""The queue of boxes to settle says of each what it waits for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import item_of, proposal_for_damage
from tests.trials.returns.trials_with_charges import owed_charge, refused
from trials.claims.models import Claim
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.damages import accept_proposal
from trials.returns.states import ProposalState
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db
PAGE = "/console/trials/?state=settling"


@pytest.fixture
def boss() -> User:
    return ManagerFactory()


@pytest.fixture
def console(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def _damaged() -> ChargeProposal:
    """Return what is proposed for the only frame of a box that is back."""
    proposal = proposal_for_damage(frames=1)
    finish_check_in(trial_id=proposal.inspection.item.trial_id, by=StaffFactory())
    return proposal


def _owed() -> TrialCharge:
    """Return what is owed for a box that is back whole, by the rows: the ways there are many."""
    charge = owed_charge()
    TrialItem.objects.filter(trial=charge.trial).update(settled_at=timezone.now())
    Trial.objects.filter(pk=charge.trial_id).update(state="received", away_value=0)
    return charge


def _waits(trial: Trial) -> list[str]:
    api = APIClient()
    api.force_authenticate(StaffFactory())
    rows = api.get("/api/v1/staff/trials/?state=settling").json()["results"]
    return [each["what"] for row in rows if row["number"] == trial.number for each in row["waits"]]


def _day(at: Any, by: User) -> str:
    return formats.date_format(at.astimezone(by.zone), "SHORT_DATE_FORMAT")


def test_damage_is_to_be_decided_then_answered_and_decided_again(
    console: Client, boss: User
) -> None:
    proposal = _damaged()
    trial = proposal.inspection.item.trial
    assert "Damage to decide" in console.get(PAGE).content.decode()
    assert _waits(trial) == ["damage"]

    accept_proposal(proposal_id=proposal.pk, by=boss)
    proposal.refresh_from_db()
    assert proposal.answer_until is not None
    shown = f"She may object until {_day(proposal.answer_until, boss)}"
    assert shown in console.get(PAGE).content.decode()
    assert _waits(trial) == ["answer"]

    ChargeProposal.objects.update(state=ProposalState.OBJECTED)
    assert "She objected: to decide" in console.get(PAGE).content.decode()
    assert _waits(trial) == ["objection"]


def test_a_charge_is_under_way_then_asked_again_on_a_day_then_to_be_decided(
    console: Client, boss: User
) -> None:
    charge = _owed()
    ChargeAttempt.objects.filter(charge=charge).update(asked_at=timezone.now())
    assert "Charge under way" in console.get(PAGE).content.decode()
    assert _waits(charge.trial) == ["charging"]

    refused(charge, "insufficient_funds")
    planned = ChargeAttempt.objects.get(charge=charge, asked_at=None)
    shown = f"Card asked again on {_day(planned.due_at, boss)}"
    assert shown in console.get(PAGE).content.decode()
    assert _waits(charge.trial) == ["ask_again"]

    planned.delete()
    assert "Debt to decide" in console.get(PAGE).content.decode()
    assert _waits(charge.trial) == ["debt"]


def test_a_refund_and_a_claim_are_named_too(console: Client) -> None:
    charge = _owed()
    TrialCharge.objects.filter(pk=charge.pk).update(
        state="paid", to_decide=True, settled_at=timezone.now()
    )
    parcel = create_labels(trial_id=charge.trial_id, by=StaffFactory())[1]
    Claim.objects.create(
        shipment=parcel, carrier="built-in", amount=charge.amount, due_on=timezone.localdate()
    )

    page = console.get(PAGE).content.decode()

    assert "Refund to decide" in page
    assert "Claim to file" in page
    assert _waits(charge.trial) == ["refund", "claim"]


def test_the_csv_says_it_too(console: Client) -> None:
    _damaged()
    sent = b"".join(console.get("/console/trials.csv?state=settling").streaming_content)
    head, row, *_rest = sent.decode("utf-8-sig").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert cells["waits"].startswith("damage ")


def test_other_lists_have_no_such_column_and_other_trials_wait_for_nothing(
    console: Client,
) -> None:
    trial = delivered_trial()
    assert (
        "What it waits for" not in console.get("/console/trials/?state=delivered").content.decode()
    )
    api = APIClient()
    api.force_authenticate(StaffFactory())
    (row,) = api.get("/api/v1/staff/trials/?state=delivered").json()["results"]
    assert (row["number"], row["waits"]) == (trial.number, [])
    assert item_of(trial).settled_at is None


def test_more_boxes_take_no_more_statements(console: Client) -> None:
    api = APIClient()
    api.force_authenticate(StaffFactory())
    taken = []
    for _each in range(2):
        for _row in range(2):
            _damaged()
            _owed()
        counts = []
        for client, url in (
            (console, PAGE),
            (console, "/console/trials.csv?state=settling"),
            (api, "/api/v1/staff/trials/?state=settling"),
        ):
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(url)
                b"".join(answer.streaming_content) if answer.streaming else answer.content
            counts.append(len(captured))
        taken.append(counts)
    assert taken[0] == taken[1]


def test_the_oldest_wait_comes_first_of_its_kind() -> None:
    proposal = _damaged()
    old = timezone.now() - timedelta(days=3)
    ChargeProposal.objects.filter(pk=proposal.pk).update(proposed_at=old)
    api = APIClient()
    api.force_authenticate(StaffFactory())
    (row,) = api.get("/api/v1/staff/trials/?state=settling").json()["results"]
    assert row["waits"][0]["at"].startswith(old.date().isoformat())
