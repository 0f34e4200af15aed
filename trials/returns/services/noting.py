"""What else was found when a box was opened: nothing at all, a stranger's unit, her own glasses."""

import uuid
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.evidence.models import EvidenceSource
from trials.evidence.services import add_evidence
from trials.home_trials.models import Trial
from trials.home_trials.services.facts import record_trial
from trials.home_trials.services.journey import mark_received
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import TrialState
from trials.returns.errors import (
    BoxNotBackError,
    BoxNotEmptyError,
    NoteMissingError,
    NoteWordsError,
    NotOutError,
)
from trials.returns.handing_over import received_at
from trials.returns.models.inspections import BoxNote, Inspection
from trials.returns.queries.box_notes import box_note_by_id
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.services.return_labels import check_in_parcel
from trials.units.models import TrialUnit

OUT = frozenset(
    {TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED}
)


def note_empty_box(
    *,
    trial_id: uuid.UUID,
    by: User,
    words: str = "",
    photo: UploadedFile | None = None,
    label: str = "",
) -> BoxNote:
    """Say that a box came back with nothing in it; its customer is told.

    Nothing is returned by it: what is missing stays with her until it comes or is charged.

    Args:
        trial_id: whose box.
        by: who opened it.
        words: how it looked.
        photo: of it, as evidence.
        label: of the parcel, if it was scanned; see ``check_in_parcel``. Needed for a box of which
            nobody has told that it is on its way back.

    Returns:
        The note; said before, the same again.

    Raises:
        NotOutError: nothing of the trial is with the customer.
        BoxNotEmptyError: a frame of the trial was taken out of it.
        BoxNotBackError: it is on its way to the customer, or at home and no label was scanned.
        CardNumberError: the words hold a card number.
        LorgnetteError: whatever ``add_evidence`` refuses; the box is noted then.
    """
    words = _said(words)
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user",))
        if trial.state not in OUT or not trial.items.filter(settled_at=None).exists():
            raise NotOutError(
                _("Trial %(number)s is “%(state)s”: nothing of it is out.")
                % {"number": trial.number, "state": trial.get_state_display()},
                state=trial.state,
            )
        parcels = list(trial.shipments.all())
        _check_nothing_taken_out(trial, parcels, label)
        _check_back(trial, parcels, label)
        note, new = BoxNote.objects.get_or_create(
            trial=trial, kind=BoxNote.Kind.EMPTY, defaults={"words": words, "noted_by": by}
        )
        check_in_parcel(trial=trial, label=label, only_scanned=trial.state == TrialState.RECEIVED)
        if new:
            mark_received(trial_id=trial_id, by=by)
            event = record_trial(EventName.BOX_EMPTY, trial, person=staff(by))
            # One that the carrier brought back undelivered never was at hers.
            if trial.due_at is not None or trial.state == TrialState.SHIPPED:
                mail_customer("trial_box_empty", trial, caused_by=event)
    if photo is not None:
        add_evidence(trial_id=trial_id, file=photo, by=by, source=EvidenceSource.STATION)
    return note


def note_surplus(
    *,
    trial_id: uuid.UUID,
    by: User,
    words: str,
    photo: UploadedFile | None = None,
    scanned: bool = False,
) -> BoxNote:
    """Note a thing in a box that is not the shop's: somebody is to send it back, and she is told.

    Args:
        trial_id: in whose box it lay.
        by: who found it.
        words: what it is, as the box's customer reads it.
        photo: of it.
        scanned: it was said by a control barcode, which has no words.

    Raises:
        NoteWordsError: nothing is said of it.
        CardNumberError: the words hold a card number.
        LorgnetteError: whatever ``add_evidence`` refuses; the thing is noted then.
    """
    words = _said(words)
    if not words and not scanned:
        raise NoteWordsError(_("Say what it is, such as: reading glasses. Its owner reads it."))
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "address"))
        note = BoxNote.objects.create(
            trial=trial, kind=BoxNote.Kind.SURPLUS, words=words, noted_by=by
        )
        mail_customer("trial_thing_found", trial, fact=note.pk, note=note)
    if photo is not None:
        add_evidence(trial_id=trial_id, file=photo, by=by, source=EvidenceSource.STATION)
    return note


def note_stray(*, trial_id: uuid.UUID, unit: TrialUnit, words: str, by: User) -> BoxNote:
    """Note in a trial that a unit of another one lay in its box, in the caller's transaction.

    Args:
        trial_id: in whose box it lay; locked by the caller.
        unit: which.
        words: the number of the trial it is of.
        by: who found it.
    """
    note, _new = BoxNote.objects.get_or_create(
        trial_id=trial_id,
        unit=unit,
        kind=BoxNote.Kind.STRAY,
        defaults={"words": words, "noted_by": by},
    )
    return note


def note_not_out(*, trial_id: uuid.UUID, barcode: str, by: User) -> BoxNote:
    """Note that a unit lay in a box which, as far as the shop knows, was never out.

    Args:
        trial_id: in whose box it lay.
        barcode: the unit's, as it is stored.
        by: who found it.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        unit = TrialUnit.objects.get(barcode=barcode)
        note, _new = BoxNote.objects.get_or_create(
            trial=trial,
            unit=unit,
            kind=BoxNote.Kind.NOT_OUT,
            defaults={"words": str(unit.get_state_display()), "noted_by": by},
        )
        return note


def sent_home(*, note_id: int, by: User) -> BoxNote:
    """Note that a thing which is not the shop's was sent back to its owner, who is told so.

    Said twice, it was sent once, and she is told once.

    Raises:
        NoteMissingError: there is no such thing.
    """
    trial_id = box_note_by_id(note_id).trial_id
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "address"))
        note = lock_row(BoxNote, note_id)
        if note.kind != BoxNote.Kind.SURPLUS:
            raise NoteMissingError(_("There is nothing to send back."))
        if note.done_at is None:
            note.done_at, note.done_by = timezone.now(), by
            note.save(update_fields=["done_at", "done_by"])
            mail_customer("trial_thing_sent", trial, fact=note.pk, note=note)
        return note


def _check_nothing_taken_out(trial: Trial, parcels: list[Shipment], label: str) -> None:
    taken = Inspection.objects.filter(item__trial=trial, found_in=None)
    since = _done_with_others(trial, parcels, label)
    if since is not None:
        taken = taken.filter(at__gt=since)
    one = taken.select_related("unit", "item__variant__frame").order_by("-at").first()
    if one is None:
        return
    raise BoxNotEmptyError(
        _(
            "%(barcode)s, %(frame)s, was taken out of this box: say that nothing more is in the"
            " box. Is it another parcel of trial %(number)s? Then scan its label first."
        )
        % {"barcode": one.unit.barcode, "frame": one.item.variant, "number": trial.number}
    )


def _done_with_others(trial: Trial, parcels: list[Shipment], label: str) -> datetime | None:
    """Return when the parcels before the one on the table were done with; nothing before the first.

    Where no label was scanned, the one on the table is that which was opened last, after the box.
    """
    received = received_at(trial)
    if received is None:
        return None
    here = next((each for each in parcels if label and each.tracking_number == label), None)
    others = {each.checked_in_at for each in parcels if each != here and each.checked_in_at}
    opened = (
        here.checked_in_at if here else max((at for at in others if at > received), default=None)
    )
    done = {received, *others}
    if opened is not None:
        done = {at for at in done if at < opened}
    elif here is not None and here.delivered_at is not None:
        # It has not been opened yet: what was checked in before it came lay in another.
        done.add(here.delivered_at)
    return max(done, default=None)


def _check_back(trial: Trial, parcels: list[Shipment], label: str) -> None:
    """Refuse a box that is not here as far as anybody told: its label, scanned, tells it."""
    if trial.state == TrialState.SHIPPED:
        out = [each for each in parcels if each.leg == Leg.OUTBOUND]
        if not any(each.state == ShipmentState.SENT_BACK for each in out):
            raise BoxNotBackError(
                _(
                    "Nobody has told that the box of %(number)s arrived at its customer, or that it"
                    " comes back. Read its label again. If it is this box, say first on the trial’s"
                    " page that it comes back undelivered; or that the carrier delivered it, and"
                    " scan its return label."
                )
                % {"number": trial.number},
                state=trial.state,
            )
    elif trial.state == TrialState.DELIVERED:
        back = [each.tracking_number for each in parcels if each.leg == Leg.RETURN]
        if label not in back:
            raise BoxNotBackError(
                _(
                    "Nobody has told that the box of %(number)s is on its way back. Scan the return"
                    " label that is on it, then say that it is empty."
                )
                % {"number": trial.number},
                state=trial.state,
            )


def _said(words: str) -> str:
    words = one_line(words)[:300]
    refuse_card_numbers(words)
    return words
