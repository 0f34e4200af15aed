"""Words that should not stand: hidden by the owner, reported by anybody, decided by staff."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.votes.errors import ReportMissingError, VoteMissingError
from sharing.votes.judging import locked_vote
from sharing.votes.models import CommentReport, CommentReportTransition, Vote
from sharing.votes.states import REPORT_MOVES, HiddenBy, ReportState
from shop.analytics.names import EventName
from shop.analytics.services import Person, customer, record, staff, voter
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line

OWNER = "owner"
REASON_LENGTH = 300


def hide_words(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Take what a friend wrote off every page; her vote stays as it is. Repeatable.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        _hide(vote, HiddenBy.OWNER, person=customer(owner))
        return vote


def show_words(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Show again what the owner had hidden; what staff hid stays hidden. Repeatable.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        if vote.hidden_by == HiddenBy.OWNER:
            vote.hidden_by = ""
            vote.save(update_fields=["hidden_by"])
        return vote


def report_as_owner(
    *, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID, reason: str = ""
) -> CommentReport:
    """Ask staff to look at what a friend wrote. Said twice, it is one report.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        return _report(vote, reporter=OWNER, reason=reason, person=customer(owner))


def report_as_friend(
    *, gallery_id: uuid.UUID, vote_id: uuid.UUID, person_id: uuid.UUID, reason: str = ""
) -> CommentReport:
    """Ask staff to look at what another friend wrote on the same gallery.

    Args:
        gallery_id: the gallery she has a link to.
        vote_id: whose words.
        person_id: who asks, from ``galleries.tokens.browser_person``.
        reason: up to 300 characters.

    Raises:
        VoteMissingError: the gallery has no such vote, or nothing of it is shown.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        vote = (
            Vote.objects.select_for_update(of=("self",))
            .select_related("gallery", "voter__link")
            .filter(pk=vote_id, gallery_id=gallery_id, counted=True, hidden_by="")
            .first()
        )
        if vote is None:
            raise VoteMissingError(_("There is no such comment."))
        return _report(vote, reporter=str(person_id), reason=reason, person=voter(person_id))


def decide_report(
    *, report_id: uuid.UUID, by: User, decision: str, reason: str = ""
) -> CommentReport:
    """Keep or hide what was reported; every open report of the same words is decided with it.

    Args:
        report_id: one of them.
        by: who decides; the caller has asked whether she may.
        decision: ``kept`` or ``hidden``.
        reason: for the history, up to 300 characters.

    Raises:
        ReportMissingError: there is none.
        IllegalMoveError: it was decided so already.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        found = CommentReport.objects.filter(pk=report_id).values_list("vote", flat=True).first()
        if found is None:
            raise ReportMissingError(_("There is no such report."))
        vote = lock_row(Vote, found, related=("gallery", "voter__link"))
        report = lock_row(CommentReport, report_id)
        others = vote.reports.select_for_update().filter(state=ReportState.OPEN).order_by("pk")
        for each in [report, *others.exclude(pk=report_id)]:
            move(
                each,
                decision,
                moves=REPORT_MOVES,
                history=CommentReportTransition,
                by=by,
                reason=reason,
                fields={"decided_at": timezone.now()},
            )
        if decision == ReportState.HIDDEN:
            _hide(vote, HiddenBy.STAFF, person=staff(by))
        elif vote.hidden_by == HiddenBy.STAFF:
            vote.hidden_by = ""
            vote.save(update_fields=["hidden_by"])
        return report


def _hide(vote: Vote, by: HiddenBy, *, person: Person) -> None:
    if vote.hidden_by in (by, HiddenBy.STAFF):
        return
    vote.hidden_by = by
    vote.save(update_fields=["hidden_by"])
    _record(EventName.COMMENT_HIDDEN, vote, person, key=f"{vote.pk}:{uuid.uuid4()}")


def _report(vote: Vote, *, reporter: str, reason: str, person: Person) -> CommentReport:
    reason = one_line(reason)[:REASON_LENGTH]
    refuse_card_numbers(reason)
    report, fresh = CommentReport.objects.get_or_create(
        vote=vote, reporter=reporter, defaults={"reason": reason}
    )
    if fresh:
        CommentReportTransition.objects.create(
            subject=report, from_state="", to_state=report.state, reason=reason
        )
        _record(EventName.COMMENT_REPORTED, vote, person, key=str(report.pk))
    return report


def _record(name: EventName, vote: Vote, person: Person, *, key: str) -> None:
    record(
        name,
        key=f"{name}:{key}",
        subject=("gallery", vote.gallery_id),
        person=person,
        channel=vote.voter.link.channel,
        link=vote.voter.link_id,
        details={"trial": str(vote.gallery.trial_id or ""), "vote": str(vote.pk)},
    )
