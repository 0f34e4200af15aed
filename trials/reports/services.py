"""Telling the shop of frames, one act each; each bears to be repeated."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import LorgnetteError
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line
from trials.evidence.models import EvidenceSource
from trials.evidence.services import add_evidence
from trials.home_trials.missed import check_has_come
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.queries import trial_of
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import NOT_LEFT, TrialState
from trials.programme.models import Mode
from trials.reports.errors import (
    BeingChargedError,
    KeepingRefusedError,
    NotAtHomeError,
    ReportDecidedError,
    ReportMissingError,
    ReportWordsError,
    SentBackStandsError,
)
from trials.reports.models import CustomerReport, Decision, ReportKind
from trials.reports.queries import report_by_id, reports_of
from trials.shipping.models import Leg, ShipmentState

# The shop agrees that a frame arrived broken.
BROKEN_AGREED = "reports.broken_agreed"
WITH_HER = frozenset(
    {TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED}
)
BEFORE_RETURN = frozenset({TrialState.SHIPPED, TrialState.DELIVERED})
# What is charged sooner than this after she takes her word back, she is reminded of once more.
NOTICE = timedelta(hours=24)


def keep_frame(*, user: User, number: str, item_id: uuid.UUID) -> CustomerReport:
    """Note that a customer keeps a frame; it is charged when her days at home are over.

    Args:
        user: the customer.
        number: of her trial.
        item_id: the frame.

    Returns:
        What she told; told before, the same again.

    Raises:
        TrialMissingError: the trial is not hers.
        KeepingRefusedError: by the terms of the trial every frame comes back.
        NotAtHomeError: the frame is not with her.
        BoxMissedError: she says that the box never came.
    """
    with transaction.atomic():
        trial, item = _at_home(user, number, item_id, WITH_HER)
        if trial.programme_version.mode != Mode.KEEP_AND_PAY:
            raise KeepingRefusedError(
                _("The frames you try come back to us. Buy a new pair of the one you love.")
            )
        return tell(trial, ReportKind.KEEPING, item=item)


def undo_keeping(*, user: User, number: str, item_id: uuid.UUID) -> None:
    """Take back that a frame is kept; one that is not kept is left as it is.

    Raises:
        TrialMissingError: the trial is not hers.
        BeingChargedError: the frame is being charged.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_of(user=user, number=number).pk)
        told = reports_of([trial.pk]).filter(item_id=item_id, kind=ReportKind.KEEPING).first()
        if told is None:
            return
        if told.charged_at is not None:
            raise BeingChargedError(_("This frame is yours already: your card is being charged."))
        told.withdrawn_at = timezone.now()
        told.save(update_fields=["withdrawn_at"])


def report_broken(
    *,
    user: User,
    number: str,
    item_id: uuid.UUID,
    words: str,
    photos: Sequence[UploadedFile] = (),
) -> CustomerReport:
    """Note that a frame arrived broken, with what the customer says and shows of it.

    Args:
        user: the customer.
        number: of her trial.
        item_id: the frame.
        words: what is broken.
        photos: of it; each is made safe before anybody sees it.

    Raises:
        TrialMissingError: the trial is not hers.
        NotAtHomeError: the frame is not with her any more.
        BoxMissedError: she says that the box never came.
        ReportWordsError: she says nothing.
        CardNumberError: the words hold a card number.
        LorgnetteError: whatever ``add_evidence`` refuses of a photo first; the words and the other
            photos are kept then.
    """
    words = one_line(words)
    refuse_card_numbers(words)
    if not words:
        raise ReportWordsError(_("Say what is broken."))
    with transaction.atomic():
        trial, item = _at_home(user, number, item_id, WITH_HER - {TrialState.RECEIVED})
        told = tell(trial, ReportKind.BROKEN, item=item, words=words)
    _add_photos(item, photos, by=user)
    return told


def show_broken(
    *, user: User, number: str, item_id: uuid.UUID, photos: Sequence[UploadedFile]
) -> CustomerReport:
    """Add photos to what a customer told of a frame that arrived broken.

    Args:
        user: the customer.
        number: of her trial.
        item_id: the frame.
        photos: of it, as of ``report_broken``.

    Raises:
        TrialMissingError: the trial is not hers.
        NotAtHomeError: the frame is not with her any more.
        ReportMissingError: she has not told that it arrived broken.
        ReportDecidedError: she was answered.
        LorgnetteError: whatever ``add_evidence`` refuses of a photo first; the others are kept.
    """
    with transaction.atomic():
        trial, item = _at_home(user, number, item_id, WITH_HER - {TrialState.RECEIVED})
        told = reports_of([trial.pk]).filter(item=item, kind=ReportKind.BROKEN).first()
        if told is None:
            raise ReportMissingError(_("Say what is broken first."))
        if told.decision:
            raise ReportDecidedError(_("We have answered already. Write us a mail."))
    _add_photos(item, photos, by=user)
    return told


def _add_photos(item: TrialItem, photos: Sequence[UploadedFile], *, by: User) -> None:
    """Take in what can be taken in; only then say what was refused first."""
    refused: list[LorgnetteError] = []
    for photo in photos:
        try:
            add_evidence(
                trial_id=item.trial_id,
                item_id=item.pk,
                file=photo,
                by=by,
                source=EvidenceSource.CUSTOMER,
            )
        except LorgnetteError as error:
            refused.append(error)
    if refused:
        raise refused[0]


def tell_sent_back(*, user: User, number: str) -> CustomerReport:
    """Note that a customer says her box is on its way: for some days that stands for a scan.

    Raises:
        TrialMissingError: the trial is not hers.
        NotAtHomeError: it is not at home.
        BoxMissedError: she says that it never came.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_of(user=user, number=number).pk)
        if trial.state not in BEFORE_RETURN:
            raise NotAtHomeError(
                _("Your box is “%(state)s”.") % {"state": trial.get_state_display()},
                state=trial.state,
            )
        check_has_come(trial)
        return tell(trial, ReportKind.SENT_BACK)


def undo_sent_back(*, user: User, number: str) -> None:
    """Take back that a box was sent back: her days and the charge count as if never told.

    Should the charge have fallen due meanwhile, she is reminded anew, and so has a day for it.

    Raises:
        TrialMissingError: the trial is not hers.
        SentBackStandsError: the carrier has it or it is here, or her days are over and she took it
            back before: else her word would put the charge off for ever.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_of(user=user, number=number).pk)
        told = reports_of([trial.pk]).filter(kind=ReportKind.SENT_BACK).first()
        if told is None:
            return
        if why := why_sent_back_stands(trial):
            raise SentBackStandsError(why)
        again, now = _took_sent_back_back(trial), timezone.now()
        told.withdrawn_at = now
        told.save(update_fields=["withdrawn_at"])
        if not again and trial.charge_at is not None and trial.charge_at < now + NOTICE:
            trial.reminded_at = None
            trial.save(update_fields=["reminded_at"])


def why_sent_back_stands(trial: Trial) -> str:
    """Return why a customer cannot take back that she sent her box back; empty where she can."""
    back = trial.shipments.filter(leg=Leg.RETURN).exclude(state=ShipmentState.LABELLED)
    if trial.state not in BEFORE_RETURN or back.exists():
        return _("The carrier has your box already, or it is with us.")
    over = trial.charge_at is not None and trial.charge_at <= timezone.now()
    if over and _took_sent_back_back(trial):
        return _("You have taken this back before. If you still have the box, please write to us.")
    return ""


def _took_sent_back_back(trial: Trial) -> bool:
    told = CustomerReport.objects.filter(trial=trial, kind=ReportKind.SENT_BACK)
    return told.exclude(withdrawn_at=None).exists()


def decide_broken(
    *, report_id: uuid.UUID, by: User, decision: Decision, answer: str
) -> CustomerReport:
    """Answer a customer whose frame arrived broken; she is written to.

    Args:
        report_id: what she told.
        by: who decides.
        decision: accepted, so that nothing is charged for it, or refused.
        answer: in words she reads.

    Raises:
        ReportMissingError: there is no such report.
        ReportWordsError: the answer is missing.
        CardNumberError: it holds a card number.
        ReportDecidedError: it was decided otherwise before.
    """
    answer = one_line(answer)[:300]
    refuse_card_numbers(answer)
    if not answer:
        raise ReportWordsError(_("Write an answer; the customer reads it."))
    trial_id = report_by_id(report_id).trial_id
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user",))
        report = lock_row(CustomerReport, report_id)
        if report.decision == decision:
            return report
        if report.decision or report.withdrawn_at:
            raise ReportDecidedError(
                _("This was decided already: %(decision)s.")
                % {"decision": report.get_decision_display()}
            )
        report.decision, report.answer = decision, answer
        report.decided_at, report.decided_by = timezone.now(), by
        report.save(update_fields=["decision", "answer", "decided_at", "decided_by"])
        if decision == Decision.ACCEPTED:
            # It may have been checked in already, and its damage be about to be charged.
            publish(BROKEN_AGREED, {"item": str(report.item_id), "by": by.pk})
        mail_customer(
            "trial_broken_answered",
            trial,
            fact=report.pk,
            report=report,
            frame=str(report_by_id(report_id).item.variant),  # type: ignore[union-attr]
        )
        return report


def _at_home(
    user: User, number: str, item_id: uuid.UUID, states: frozenset[TrialState]
) -> tuple[Trial, TrialItem]:
    """Lock a customer's trial and return it with a frame of it that is with her."""
    trial = lock_row(
        Trial, trial_of(user=user, number=number).pk, related=("programme_version", "user")
    )
    item = trial.items.select_related("variant__frame").filter(pk=item_id).first()
    if item is None:
        raise ReportMissingError(_("This frame is not in this trial."))
    if trial.state in NOT_LEFT:
        raise NotAtHomeError(
            _("%(frame)s is not with you yet. Try it on first, and tell us when your box has come.")
            % {"frame": item.variant},
            state=trial.state,
        )
    if trial.never_arrived:
        raise NotAtHomeError(
            _("%(frame)s never reached you: the carrier could not deliver your box.")
            % {"frame": item.variant},
            state=trial.state,
        )
    if trial.state not in states or item.settled_at is not None:
        raise NotAtHomeError(
            _("%(frame)s is not with you any more.") % {"frame": item.variant}, state=trial.state
        )
    check_has_come(trial)
    return trial, item


def tell(
    trial: Trial, kind: ReportKind, *, item: TrialItem | None = None, words: str = ""
) -> CustomerReport:
    """Note what a customer tells, in the caller's transaction; told before, it is the same."""
    told, new = CustomerReport.objects.get_or_create(
        trial=trial, item=item, kind=kind, withdrawn_at=None, defaults={"words": words[:500]}
    )
    if new:
        record(
            EventName.FRAME_REPORTED,
            key=f"{EventName.FRAME_REPORTED}:{told.pk}",
            subject=("customer_report", told.pk),
            person=customer(trial.user),
            details={
                "trial": str(trial.pk),
                "variant": item.variant_id if item else None,
                "kind": kind,
            },
        )
    return told
