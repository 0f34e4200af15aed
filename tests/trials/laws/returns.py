"""Laws of picking, parcels, claims, and of what is owed."""

from django.utils import timezone

from tests.factories.shop import SavedCardFactory
from tests.house.laws import added, check, once
from tests.trials.laws.rows import (
    charge,
    claim,
    days,
    item,
    late_charge,
    parcel,
    proposal,
    tote,
    trial,
    unit,
    way_back,
)
from trials.claims.models import ClaimTransition
from trials.fulfilment.models import Manifest, ManifestParcel, Pick, PickBatch, UnitNotFound
from trials.returns.models.charges import ChargeAttempt
from trials.returns.models.damage import FurtherObjection
from trials.returns.models.inspections import BoxNote, VerdictCorrection
from trials.shipping.models import TrackingEvent

NOW = timezone.now


def _pick() -> Pick:
    return Pick.objects.create(tote=tote(), unit=unit())


def _not_found() -> UnitNotFound:
    one = item()
    return UnitNotFound.objects.create(tote=tote(), item=one, unit=one.unit)


def _manifest() -> Manifest:
    return Manifest.objects.create(carrier="hand")


def _another_manifest() -> Manifest:
    return Manifest.objects.create(carrier="hand", state="closed")


def _handed() -> ManifestParcel:
    return ManifestParcel.objects.create(manifest=_manifest(), shipment=parcel())


def _told() -> TrackingEvent:
    return TrackingEvent.objects.create(
        shipment=parcel(), carrier_event_id="1", status="in_transit", occurred_at=NOW()
    )


def _claim_move() -> ClaimTransition:
    return ClaimTransition.objects.create(subject=claim(), to_state="open")


def _attempt() -> ChargeAttempt:
    one = charge()
    return ChargeAttempt.objects.create(charge=one, number=1, card=one.trial.card, due_at=days(1)())


def _said_more() -> FurtherObjection:
    return FurtherObjection.objects.create(proposal=proposal(), words="And late")


def _correction() -> VerdictCorrection:
    return VerdictCorrection.objects.create(
        inspection=proposal().inspection,
        finding_before="good",
        grade_before="A",
        finding="damaged",
        grade="D",
        reason="Slipped",
    )


def _stray() -> BoxNote:
    return BoxNote.objects.create(trial=trial(), kind="stray", unit=unit())


def _empty() -> BoxNote:
    return BoxNote.objects.create(trial=trial(), kind="empty")


LAWS = (
    once(
        "one_tote_a_position",
        tote,
        {"trial": trial},
        lawful=(
            {"trial": trial, "position": 2},
            {"trial": trial, "batch": PickBatch.objects.create},
        ),
    ),
    once(
        "trial_in_one_pick_batch",
        tote,
        {"position": 2},
        {"batch": PickBatch.objects.create},
        lawful=({"position": 2, "released": True},),
    ),
    check("totes_count_from_one", tote, {"position": 0}),
    once("unit_picked_once", _pick, lawful=({"unit": unit}, {"tote": tote})),
    once(
        "unit_not_found_once", _not_found, {"item": item}, lawful=({"unit": unit}, {"tote": tote})
    ),
    once(
        "one_open_manifest_a_carrier",
        _manifest,
        lawful=({"carrier": "easypost"}, {"state": "closed"}),
    ),
    once(
        "parcel_goes_with_one_manifest",
        _handed,
        {"manifest": _another_manifest},
        lawful=({"manifest": _another_manifest, "left_out": True}, {"shipment": parcel}),
    ),
    once(
        "parcels_numbered",
        way_back,
        {"tracking_number": "other"},
        lawful=tuple(
            {"tracking_number": "other", **each}
            for each in ({"nth": 2}, {"leg": "outbound"}, {"trial": trial})
        ),
    ),
    # A second of number 1 would break the law above, too.
    once(
        "one_parcel_out",
        parcel,
        {"tracking_number": "other", "nth": 2},
        lawful=({"tracking_number": "other", "leg": "return"},),
    ),
    check(
        "only_what_comes_back_is_checked_in",
        parcel,
        *({"checked_in_at": NOW}, {"unused_at": NOW}),
        lawful=({"checked_in_at": NOW, "leg": "return"},),
    ),
    once("tracking_event_once", _told, lawful=({"carrier_event_id": "2"}, {"shipment": parcel})),
    check(
        "claim_not_below_zero",
        claim,
        {"amount": -1},
        {"paid": -1},
        lawful=({"amount": 0, "paid": 0},),
    ),
    check(
        "claim_paid_with_something",
        claim,
        {"state": "paid"},
        lawful=({"state": "paid", "paid": 1},),
    ),
    check(
        "claim_given_back_of_something",
        claim,
        {"state": "given_back"},
        lawful=({"state": "given_back", "paid": 1},),
    ),
    added(
        "claim_move_of_money",
        _claim_move,
        *({"paid": 1}, {"to_state": "paid", "paid": 0}),
        lawful=({"to_state": "paid", "paid": 1}, {"to_state": "paid"}),
    ),
    once(
        "one_charge_an_item_and_purpose",
        charge,
        lawful=({"purpose": "damaged"}, {"item": item}),
    ),
    once("one_charge_a_trial_and_purpose", late_charge, lawful=({"trial": trial},)),
    check(
        "trial_charge_of_something",
        charge,
        {"amount": 0},
    ),
    check(
        "trial_charge_of_an_item_or_late",
        charge,
        *({"purpose": "late"}, {"item": None}),
        lawful=({"purpose": "late", "item": None},),
    ),
    check(
        "late_fees_alone_are_kept",
        charge,
        {"kept_from": charge},
        lawful=({"purpose": "late", "item": None, "kept_from": charge},),
    ),
    check(
        "trial_charge_refunded_within",
        charge,
        *({"refunded": -1}, {"refunded": 146}),
        lawful=({"refunded": 145},),
    ),
    check(
        "deposit_pays_what_is_written_off",
        charge,
        {"from_deposit": 1},
        *({"from_deposit": each, "state": "written_off"} for each in (-1, 146)),
        lawful=({"from_deposit": 145, "state": "written_off"},),
    ),
    once(
        "one_attempt_a_number",
        _attempt,
        {"card": SavedCardFactory},
        lawful=({"number": 2}, {"charge": charge}),
    ),
    once(
        "further_objection_once",
        _said_more,
        lawful=({"words": "And bent"}, {"proposal": proposal}),
    ),
    check("proposal_of_something", proposal, {"amount": 0}, {"by_terms": 0}),
    check(
        "proposal_charged_by_one_charge",
        proposal,
        *({"state": "charged"}, {"charge": charge}),
        lawful=({"state": "charged", "charge": charge},),
    ),
    once(
        "box_note_once_a_unit",
        _stray,
        {"words": "again"},
        lawful=({"kind": "surplus"}, {"unit": unit}, {"trial": trial}),
    ),
    added(
        "correction_changes_the_verdict",
        _correction,
        {"finding": "good", "grade": "A"},
        lawful=({"grade": "A"}, {"finding": "good"}),
    ),
    added("correction_says_why", _correction, {"reason": ""}),
    once("box_empty_once", _empty, {"words": "again"}, lawful=({"kind": "stray"},)),
)
