"""A box is called empty only where it is here, and nothing was taken out of it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels, scanned
from trials.home_trials.models import Trial
from trials.returns.errors import AlreadyCheckedInError, BoxNotBackError, BoxNotEmptyError
from trials.returns.models.inspections import BoxNote, Inspection
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.noting import note_empty_box
from trials.shipping.models import Because, Leg, Shipment, ShipmentState
from trials.shipping.services.return_labels import another_return_label

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DO_INSTEAD = "say that nothing more is in the box"


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _opens(ops: Client, code: str) -> None:
    assert ops.post(reverse("console:check_in"), {"barcode": code}).status_code == 302


def _scan(ops: Client, trial: Trial, code: str) -> tuple[int, str]:
    url = reverse("console:check_in_trial", args=[trial.number])
    answer = ops.post(url, {"barcode": code}, headers=HTMX)
    return answer.status_code, answer.content.decode()


def _takes_out(ops: Client, trial: Trial, place: int = 0) -> None:
    _scan(ops, trial, item_of(trial, place).unit.barcode)
    assert _scan(ops, trial, "2")[0] == 200


def _by_form(ops: Client, trial: Trial) -> tuple[int, str]:
    url = reverse("console:check_in_note", args=[trial.number])
    answer = ops.post(url, {"kind": "empty"})
    return answer.status_code, answer.content.decode()


def _by_api(ops: Client, trial: Trial, **values: str) -> tuple[int, str]:
    url = reverse("api-staff-box-notes", args=[trial.number])
    data = {"kind": "empty", **values}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer = ops.post(url, data, content_type="application/json", headers=key)
    return answer.status_code, answer.json().get("code", "")


def _told_empty() -> int:
    return OutboxMessage.objects.filter(payload__subject__icontains="came back empty").count()


def _further(trial: Trial) -> Shipment:
    """Return one more parcel of a trial, which the carrier brought."""
    made = another_return_label(trial_id=trial.pk, by=StaffFactory(), because=Because.FURTHER)
    made.state, made.delivered_at = ShipmentState.DELIVERED, timezone.now()
    made.save()
    return made


def test_a_box_out_of_which_a_frame_was_taken_is_not_empty(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    label = scanned(trial, Leg.RETURN).tracking_number
    _opens(ops, label)
    _takes_out(ops, trial)

    status, page = _scan(ops, trial, "CHECK-EMPTY")
    assert (status, "The box is not empty" in page, DO_INSTEAD in page) == (409, True, True)
    status, page = _by_form(ops, trial)
    assert (status, DO_INSTEAD in page) == (409, True)
    assert _by_api(ops, trial) == (409, "box_not_empty")
    assert _by_api(ops, trial, tracking_number=label) == (409, "box_not_empty")
    trial.refresh_from_db()
    assert (trial.state, _told_empty()) == ("returning", 0)
    assert not BoxNote.objects.exists()


def test_a_box_that_was_finished_with_a_frame_too_few_is_not_empty_either(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    label = scanned(trial, Leg.RETURN).tracking_number
    _opens(ops, label)
    _takes_out(ops, trial)
    _scan(ops, trial, "CHECK-DONE")
    _opens(ops, label)

    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 409
    assert _told_empty() == 0


@pytest.mark.parametrize("by", ["label", "number"])
def test_a_later_parcel_may_truly_be_empty(ops: Client, by: str) -> None:
    trial = delivered_trial(frames=3)
    _opens(ops, scanned(trial, Leg.RETURN).tracking_number)
    _takes_out(ops, trial)
    _scan(ops, trial, "CHECK-DONE")
    later = _further(trial)
    _opens(ops, later.tracking_number if by == "label" else trial.number)

    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 200
    assert _told_empty() == 1
    later.refresh_from_db()
    assert later.checked_in_at is not None


@pytest.mark.parametrize("by", ["label", "number"])
def test_a_later_parcel_out_of_which_a_frame_was_taken_is_not_empty(ops: Client, by: str) -> None:
    trial = delivered_trial(frames=3)
    _opens(ops, scanned(trial, Leg.RETURN).tracking_number)
    _takes_out(ops, trial)
    _scan(ops, trial, "CHECK-DONE")
    later = _further(trial)
    _opens(ops, later.tracking_number if by == "label" else trial.number)
    _takes_out(ops, trial, 1)

    status, page = _scan(ops, trial, "CHECK-EMPTY")
    assert (status, "scan its label" in page) == (409, True)
    assert _told_empty() == 0


def test_of_two_later_parcels_at_the_door_the_full_one_makes_not_the_other_full(
    ops: Client,
) -> None:
    trial = delivered_trial(frames=4)
    _opens(ops, scanned(trial, Leg.RETURN).tracking_number)
    _takes_out(ops, trial)
    _scan(ops, trial, "CHECK-DONE")
    full, empty = _further(trial), _further(trial)
    _opens(ops, full.tracking_number)
    for place in (1, 2):
        _takes_out(ops, trial, place)
    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 409
    _scan(ops, trial, "CHECK-DONE")
    empty.refresh_from_db()
    assert empty.checked_in_at is None
    _opens(ops, empty.tracking_number)

    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 200


def test_no_other_parcel_of_the_trial_is_opened_while_one_is_not_finished(ops: Client) -> None:
    trial = delivered_trial(frames=3)
    first = scanned(trial, Leg.RETURN).tracking_number
    _opens(ops, first)
    other = _further(trial).tracking_number
    assert _scan(ops, trial, other)[0] == 204
    _takes_out(ops, trial)

    assert _scan(ops, trial, other)[0] == 204
    status, page = _scan(ops, trial, first)
    assert (status, "Box not finished" in page) == (409, True)


def test_a_frame_that_lay_in_anothers_box_makes_not_its_own_full(ops: Client) -> None:
    owner, here = delivered_trial(frames=2), delivered_trial(frames=2)
    label = scanned(owner, Leg.RETURN).tracking_number
    _takes_out_of(ops, here, owner)
    _opens(ops, label)

    assert _scan(ops, owner, "CHECK-EMPTY")[0] == 200
    assert broken_laws() == []


def _takes_out_of(ops: Client, here: Trial, owner: Trial) -> None:
    _scan(ops, here, item_of(owner).unit.barcode)
    assert _scan(ops, here, "2")[0] == 200
    assert Inspection.objects.get().found_in == here


@pytest.mark.django_db(transaction=True)
def test_a_frame_and_the_word_that_the_box_is_empty_at_once_are_never_both_true() -> None:
    trial, ops = delivered_trial(frames=2), StaffFactory()
    label = scanned(trial, Leg.RETURN).tracking_number
    item = item_of(trial)
    outcomes = at_once(
        [
            lambda: checked_in(item, by=ops),
            lambda: note_empty_box(trial_id=trial.pk, by=ops, label=label),
        ],
        expected=(BoxNotEmptyError, AlreadyCheckedInError),
    )

    note = BoxNote.objects.first()
    refused = [each for each in outcomes if isinstance(each, BoxNotEmptyError)]
    assert bool(refused) != (note is not None)
    if note is not None:
        assert note.at < Inspection.objects.get().at


def test_a_box_on_its_way_to_the_customer_cannot_come_back_empty(ops: Client) -> None:
    trial = shipped_trial()
    label = parcels(trial)[Leg.RETURN].tracking_number
    _opens(ops, label)

    status, page = _scan(ops, trial, "CHECK-EMPTY")
    words = ("This box is not back", "Nobody has told that", "delivered it")
    assert (status, [each in page for each in words]) == (409, [True] * 3)
    assert _by_form(ops, trial)[0] == 409
    assert _by_api(ops, trial, tracking_number=label) == (409, "box_not_back")
    trial.refresh_from_db()
    assert (trial.state, _told_empty()) == ("shipped", 0)


def test_a_box_that_the_carrier_sent_back_may_be_empty(ops: Client) -> None:
    trial = shipped_trial()
    scanned(trial, Leg.OUTBOUND, ShipmentState.SENT_BACK)
    _opens(ops, trial.number)

    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 200
    # Its frames never were with her: nothing is asked of her, the carrier is.
    assert _told_empty() == 0


def test_a_shipped_trial_whose_parcel_was_sent_back_may_be_empty() -> None:
    trial = shipped_trial()
    out = parcels(trial)[Leg.OUTBOUND]
    Shipment.objects.filter(pk=out.pk).update(state=ShipmentState.SENT_BACK)

    assert note_empty_box(trial_id=trial.pk, by=StaffFactory()).kind == "empty"


def test_a_box_at_home_is_empty_only_where_its_return_label_was_scanned(ops: Client) -> None:
    trial, other = delivered_trial(), delivered_trial()
    label = parcels(trial)[Leg.RETURN].tracking_number
    strange = parcels(other)[Leg.RETURN].tracking_number
    _opens(ops, trial.number)

    status, page = _scan(ops, trial, "CHECK-EMPTY")
    words = ("This box is not back", "Scan the return label")
    assert (status, [each in page for each in words]) == (409, [True] * 2)
    assert _by_form(ops, trial)[0] == 409
    for values in ({}, {"tracking_number": strange}, {"tracking_number": trial.number}):
        assert _by_api(ops, trial, **values) == (409, "box_not_back")
    out = parcels(trial)[Leg.OUTBOUND].tracking_number
    with pytest.raises(BoxNotBackError):
        note_empty_box(trial_id=trial.pk, by=StaffFactory(), label=out)
    trial.refresh_from_db()
    assert (trial.state, _told_empty()) == ("delivered", 0)

    _opens(ops, label)
    assert _scan(ops, trial, "CHECK-EMPTY")[0] == 200
    assert _told_empty() == 1


def test_the_api_names_the_label_of_a_box_at_home(ops: Client) -> None:
    trial = delivered_trial()
    label = parcels(trial)[Leg.RETURN].tracking_number

    assert _by_api(ops, trial, tracking_number=label)[0] == 201
    trial.refresh_from_db()
    assert trial.state == "received"
    assert parcels(trial)[Leg.RETURN].checked_in_at is not None


def test_said_again_of_a_box_that_was_empty_it_is_the_same_note(ops: Client) -> None:
    trial = delivered_trial()
    label = parcels(trial)[Leg.RETURN].tracking_number
    for _twice in range(2):
        assert _by_api(ops, trial, tracking_number=label)[0] == 201
    assert (BoxNote.objects.count(), _told_empty()) == (1, 1)


def test_a_number_alone_finds_nothing_taken_out_before_the_box_was_finished() -> None:
    trial, ops = delivered_trial(frames=2), StaffFactory()
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=ops)

    assert note_empty_box(trial_id=trial.pk, by=ops).kind == "empty"
