"""A form sent without what it needs is refused in words, and nothing is changed by it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of, proposal_for_damage, scanned
from tests.trials.returns.trials_with_charges import owed_charge, paid_charge
from trials.claims.models import Claim
from trials.reports.services import report_broken
from trials.returns.models.inspections import BoxNote
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.units.models import UnitCount
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
UNPROCESSABLE = 422


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _refused(client: Client, name: str, things: list[object], data: dict[str, object]) -> str:
    answer = client.post(reverse(f"console:{name}", args=things), data)
    assert answer.status_code == UNPROCESSABLE
    return answer.content.decode()


def test_a_charge_is_let_go_in_one_of_two_ways(manager: Client) -> None:
    charge = owed_charge()

    words = _refused(manager, "charge_let_go", [charge.pk], {"way": "", "reason": "Goodwill"})
    assert "Choose whether to waive" in words
    charge.refresh_from_db()
    assert charge.state == "owed"


@pytest.mark.parametrize("data", [{"amount": "-1", "reason": "Kind"}, {"amount": "5"}])
def test_a_refund_needs_an_amount_and_a_reason(manager: Client, data: dict[str, object]) -> None:
    charge = paid_charge()

    assert "how much is given back" in _refused(manager, "charge_refund", [charge.pk], data)
    charge.refresh_from_db()
    assert charge.refunded.amount == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"way": "change", "amount": "", "reason": "Half"}, "Enter an amount"),
        ({"way": "", "reason": "Half"}, "Choose whether to accept"),
    ],
)
def test_a_proposal_is_decided_in_one_of_three_ways(
    manager: Client, data: dict[str, object], words: str
) -> None:
    proposal = proposal_for_damage()

    assert words in _refused(manager, "proposal_decide", [proposal.pk], data)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.amount) == ("proposed", proposal.by_terms)


@pytest.mark.parametrize(
    ("data", "words"),
    [({"way": "paid", "amount": ""}, "Enter an amount"), ({"way": ""}, "what became of the claim")],
)
def test_of_a_claim_is_said_what_became_of_it(
    manager: Client, data: dict[str, object], words: str
) -> None:
    trial = delivered_trial()
    number = scanned(trial, Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=StaffFactory(), early=True)

    assert words in _refused(manager, "claim", [claim], data)
    assert Claim.objects.get().state == "open"


def test_a_frame_that_arrived_broken_is_accepted_or_refused(manager: Client) -> None:
    trial = delivered_trial()
    told = report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial).pk, words="A hinge is off"
    )

    assert "Choose whether" in _refused(manager, "broken_decide", [told.pk], {"answer": "Sorry"})
    told.refresh_from_db()
    assert told.decision == ""


def test_a_thing_that_is_not_the_shops_is_named(manager: Client) -> None:
    trial = delivered_trial()

    words = _refused(manager, "check_in_note", [trial.number], {"kind": "thing", "words": "Hers"})
    assert "Say what was found" in words
    assert not BoxNote.objects.exists()


def test_a_photo_is_chosen_before_it_is_kept(manager: Client) -> None:
    trial = delivered_trial()

    assert "choose a photo first" in _refused(manager, "check_in_photo", [trial.number], {})


def test_a_box_of_which_nothing_was_scanned_is_not_finished(manager: Client) -> None:
    trial = delivered_trial()
    url = reverse("console:check_in_trial", args=[trial.number])

    answer = manager.post(url, {"barcode": "CHECK-DONE"}, headers={"HX-Request": "true"})
    assert "Nothing is checked in yet" in answer.content.decode()
    assert "HX-Redirect" not in answer
    trial.refresh_from_db()
    assert trial.state == "delivered"


def test_a_count_is_of_a_variant_there_is(manager: Client) -> None:
    assert "No variant has this SKU" in _refused(manager, "count_list", [], {"sku": "NONE-1"})
    assert not UnitCount.objects.exists()


def test_a_unit_goes_back_on_its_shelf_with_a_grade(manager: Client) -> None:
    unit = TrialUnitFactory(state=UnitState.REPAIR)

    words = _refused(manager, "unit_act", [unit.barcode, "back"], {"grade": "F"})
    assert "Choose a grade" in words
    unit.refresh_from_db()
    assert unit.state == "repair"


def test_only_what_was_found_beside_the_frames_is_sent_home(manager: Client) -> None:
    here, there = delivered_trial(), delivered_trial(frames=1)
    item = item_of(there)
    checked_in(item)
    note = BoxNote.objects.create(
        trial=here, unit=item.unit, kind=BoxNote.Kind.STRAY, words="", noted_by=StaffFactory()
    )

    for note_id in (note.pk, note.pk + 1):
        answer = manager.post(reverse("console:left_done", args=[note_id]))
        assert answer.status_code == 404
    note.refresh_from_db()
    assert note.done_at is None


@pytest.mark.parametrize("name", ["charge_let_go", "proposal_decide", "claim", "broken_decide"])
def test_what_is_not_there_is_said_to_be_missing(manager: Client, name: str) -> None:
    data = {
        "way": {"charge_let_go": "waive", "proposal_decide": "waive"}.get(name, "withdraw"),
        "reason": "Goodwill",
        "answer": "Sorry",
        "decision": "accepted",
    }
    answer = manager.post(reverse(f"console:{name}", args=[uuid.uuid4()]), data)
    assert answer.status_code == 404
