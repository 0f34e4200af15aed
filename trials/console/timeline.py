"""All that happened to a trial, from every room, latest first."""

import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from shop.payments.refusals import refused_because
from trials.at_home.models import Extension
from trials.claims.models import Claim, ClaimTransition
from trials.claims.queries import moves_of_claims
from trials.claims.states import ClaimState
from trials.console.corrections import corrections_of
from trials.console.mails import mails_of
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ProposalTransition
from trials.returns.models.inspections import BoxNote, Inspection
from trials.returns.states import ProposalState
from trials.shipping.models import Leg, Shipment
from trials.swaps.models import FrameSwap
from trials.units.models import TrialUnit, UnitMovement

Entry = dict[str, Any]


def trial_timeline(trial: Trial) -> list[Entry]:
    """Return the moves of a trial, its units, parcels and charges, as the timeline shows them.

    Args:
        trial: as ``staff_trial`` returns it; five queries more for what is not in it, and one for
            each of damage, corrections, claims and units found elsewhere, where it has any.
    """
    entries = [
        *(_move(each) for each in trial.transitions.all()),
        *_movements(trial),
        *(_swap(each) for each in _SWAPS.rows(trial=trial.pk)),
        *(_extension(each, trial) for each in trial.extensions.all()),
        *(entry for parcel in trial.shipments.all() for entry in _parcel(parcel)),
        *(entry for charge in trial.charges.all() for entry in _charge(charge)),
        *mails_of(trial),
        *_told(trial),
        *_found(trial),
        *_proposals(trial),
        *corrections_of(_inspected(trial)),
        *_claims(trial),
    ]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def unit_timeline(unit: TrialUnit) -> list[Entry]:
    """Return the movements of a unit and what was corrected meanwhile, latest first.

    The trials' numbers cost one query, corrections another where there are any.

    Args:
        unit: as ``staff_unit`` returns it.
    """
    movements = sorted(unit.movements.all(), key=lambda each: (each.at, each.pk), reverse=True)
    trials = {each.trial_id for each in movements if each.trial_id}
    numbers: dict[uuid.UUID | None, str] = dict(_NUMBERS.rows(trials=list(trials)))
    moved = [
        {
            "title": _movement_words(movement),
            "at": movement.at,
            "by": movement.actor or _("the shop"),
            "note": " · ".join(filter(None, [numbers.get(movement.trial_id, ""), movement.note])),
        }
        for movement in movements
    ]
    corrected = corrections_of(unit.inspections.all())
    # A page that shows the latest movements shows what was corrected among them.
    corrected = [each for each in corrected if moved and each["at"] >= moved[-1]["at"]]
    return sorted([*moved, *corrected], key=lambda entry: entry["at"], reverse=True)


_NUMBERS = PreparedValues(
    lambda: (
        Trial.objects.filter(AnyOf(F("pk"), Slot("trials"))).order_by().values_list("pk", "number")
    )
)


def _movement_words(movement: UnitMovement) -> str:
    stays = movement.from_state == movement.to_state
    changed = [
        "" if stays else _state_words(movement.to_state),
        _("shelf %(shelf)s") % {"shelf": movement.location} if movement.location else "",
        _("grade %(grade)s") % {"grade": movement.grade} if movement.grade else "",
    ]
    words = ", ".join(filter(None, changed))
    # A shelf that was taken away leaves nothing to name.
    return words[:1].upper() + words[1:] if words else _("No shelf any more")


@cache
def _state_labels() -> dict[str, Any]:
    return dict(TrialUnit._meta.get_field("state").flatchoices)


def _state_words(state: str) -> str:
    return str(_state_labels().get(state, state))


def _move(move: Any) -> Entry:
    label = TrialState(move.to_state).label
    return {
        "title": label,
        "at": move.at,
        "by": move.actor or _("the shop"),
        "note": move.note,
    }


def _extension(extension: Extension, trial: Trial) -> Entry:
    day = date_format(extension.due_after.astimezone(trial.user.zone), "SHORT_DATE_FORMAT")
    return {
        "title": _("At home until %(day)s") % {"day": day},
        "at": extension.created_at,
        "by": extension.created_by or _("the shop"),
        "note": " · ".join(filter(None, [extension.get_kind_display(), extension.reason])),
    }


def _movements(trial: Trial) -> list[Entry]:
    """Return one entry for all units that moved together."""
    movements = _MOVEMENTS.rows(trial=trial.pk)
    together: dict[tuple[Any, str], list[UnitMovement]] = {}
    for movement in movements:
        together.setdefault((movement.at, movement.to_state), []).append(movement)
    return [
        {
            "title": _("Units: %(state)s") % {"state": _state_words(moved[0].to_state)},
            "at": at,
            "by": moved[0].actor or _("the shop"),
            "note": ", ".join(each.subject.barcode for each in moved),
        }
        for (at, _state), moved in together.items()
    ]


_MOVEMENTS = PreparedQuery(
    lambda: UnitMovement.objects.select_related("subject", "actor").filter(trial_id=Slot("trial"))
)


def _swap(swap: FrameSwap) -> Entry:
    return {
        "title": _("Frame swapped"),
        "at": swap.at,
        "by": swap.by or _("the shop"),
        "note": _("%(after)s instead of %(before)s")
        % {"after": swap.variant_after, "before": swap.variant_before},
    }


_SWAPS = PreparedQuery(
    lambda: (
        FrameSwap.objects.select_related("variant_before__frame", "variant_after__frame", "by")
        .filter(item__trial_id=Slot("trial"))
        .order_by()
    )
)


def _parcel(parcel: Shipment) -> list[Entry]:
    way = Leg(parcel.leg).label
    because = parcel.get_because_display() if parcel.because else ""
    made = {
        "title": _("Label made: %(way)s") % {"way": way},
        "at": parcel.created_at,
        "by": parcel.labelled_by or _("the shop"),
        "note": " · ".join(filter(None, [parcel.tracking_number, because])),
    }
    told = [
        {
            "title": _("Parcel: %(status)s") % {"status": each.get_status_display()},
            "at": each.occurred_at,
            "by": parcel.carrier,
            "note": " · ".join(filter(None, [parcel.tracking_number, each.description])),
        }
        for each in parcel.tracking.all()
    ]
    return [made, *told]


def _charge(charge: TrialCharge) -> list[Entry]:
    refused = [
        {
            "title": _("Card refused: %(amount)s") % {"amount": charge.amount},
            "at": attempt.refused_at,
            "by": attempt.card,
            "note": " · ".join(filter(None, [charge.what, refused_because(attempt.decline_code)])),
        }
        for attempt in charge.attempts.all()
        if attempt.refused_at is not None
    ]
    moves = [
        {
            "title": _("Charge of %(amount)s: %(state)s")
            % {"amount": charge.amount, "state": charge.State(move.to_state).label},
            "at": move.at,
            "by": move.actor or _("the shop"),
            "note": " · ".join(filter(None, [charge.what, move.note])),
        }
        for move in charge.transitions.all()
    ]
    return [*moves, *refused]


def _told(trial: Trial) -> list[Entry]:
    """Return what the customer told of her frames."""
    return [
        {
            "title": _("Customer: %(told)s") % {"told": each.get_kind_display()},
            "at": each.told_at,
            "by": trial.user,
            "note": " · ".join(
                filter(
                    None,
                    [
                        str(each.item.variant) if each.item else "",
                        each.words,
                        _("taken back") if each.withdrawn_at else "",
                    ],
                )
            ),
        }
        for each in trial.reports.all()
    ]


def _found(trial: Trial) -> list[Entry]:
    """Return what else lay in a box, and which frame of this trial lay in another's."""
    notes = [
        {
            "title": each.get_kind_display(),
            "at": each.at,
            "by": each.noted_by or _("the shop"),
            "note": " · ".join(filter(None, [each.unit.barcode if each.unit else "", each.words])),
        }
        for each in _NOTES.rows(trial=trial.pk)
    ]
    strays = [
        {
            "title": _("Found in the box of another trial"),
            "at": each.at,
            "by": each.inspected_by or _("the shop"),
            "note": f"{each.unit.barcode} · {each.found_in}",
        }
        for each in _found_elsewhere(trial)
    ]
    return [*notes, *strays]


_NOTES = PreparedQuery(
    lambda: BoxNote.objects.select_related("unit", "noted_by").filter(trial_id=Slot("trial"))
)


def _inspected(trial: Trial) -> list[Inspection]:
    looked = (getattr(item, "inspection", None) for item in trial.items.all())
    return [each for each in looked if each]


def _found_elsewhere(trial: Trial) -> Iterable[Inspection]:
    if not any(each.found_in_id for each in _inspected(trial)):
        return ()
    strays = Inspection.objects.filter(item__trial=trial, found_in__isnull=False)
    return strays.select_related("unit", "found_in", "inspected_by")


def _proposals(trial: Trial) -> list[Entry]:
    if not any(hasattr(each, "proposal") for each in _inspected(trial)):
        return []
    moves = ProposalTransition.objects.filter(
        subject__inspection__item__trial=trial
    ).select_related("actor", "subject__inspection__item__variant__frame")
    return [
        {
            "title": _("Damage, %(amount)s: %(state)s")
            % {"amount": each.subject.amount, "state": ProposalState(each.to_state).label},
            "at": each.at,
            "by": each.actor or _("the shop"),
            "note": " · ".join(
                filter(None, [str(each.subject.inspection.item.variant), each.note])
            ),
        }
        for each in moves
    ]


def _claims(trial: Trial) -> list[Entry]:
    parcels = [parcel for parcel in trial.shipments.all() if hasattr(parcel, "claim")]
    if not parcels:
        return []
    moves = moves_of_claims(parcel.claim.pk for parcel in parcels)
    return [
        {**entry, "note": " · ".join(filter(None, [str(parcel), entry["note"]]))}
        for parcel in parcels
        for entry in claim_timeline(parcel.claim, moves.get(parcel.claim.pk, []))
    ]


def claim_timeline(claim: Claim, moves: Iterable[ClaimTransition]) -> list[Entry]:
    """Return what was asked of a carrier, what it paid and got back, who noted it and when.

    Args:
        claim: with its amount, and what is noted as paid now.
        moves: its own, the earliest first, with who made them.

    Returns:
        The latest first.
    """
    entries, before = [], None
    for each in moves:
        # Of a move that was written by an older version the amount is not known.
        paid = each.paid if each.paid is not None else claim.paid
        entries.append(
            {
                "title": _claim_words(each, asked=claim.amount, paid=paid, before=before),
                "at": each.at,
                "by": each.actor or _("the shop"),
                "note": each.note,
            }
        )
        before = paid if each.to_state == ClaimState.PAID else None
    return entries[::-1]


def _claim_words(move: ClaimTransition, *, asked: Money, paid: Money, before: Money | None) -> str:
    if move.to_state == ClaimState.GIVEN_BACK:
        words = _("Claim of %(amount)s: %(paid)s given back to the carrier")
    elif move.to_state != ClaimState.PAID:
        words = _("Claim of %(amount)s: %(state)s")
    elif before is None:
        words = _("Claim of %(amount)s: %(paid)s paid by the carrier")
    else:
        words = _("Claim of %(amount)s: %(paid)s paid in all, instead of %(before)s")
    state = ClaimState(move.to_state).label
    return words % {"amount": asked, "paid": paid, "before": before, "state": state}
