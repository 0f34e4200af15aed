"""Whether a vote counts, decided anew: by what else came from its network, and by its owner."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.galleries.queries import gallery_of
from sharing.votes.errors import VoteMissingError
from sharing.votes.models import Vote, VoteTransition
from sharing.votes.states import GUESSED, LeftOut
from shop.analytics.names import EventName
from shop.analytics.services import SHOP, Person, customer, record
from shop.customers.models import User
from shop.foundation.locks import lock_row

COUNTED = "counted"


def judge(
    votes: Iterable[Vote],
    verdict: str,
    *,
    by: User | None = None,
    person: Person = SHOP,
    caused_by: uuid.UUID | None = None,
) -> None:
    """Let votes count or not, and write down since when and why; what stands so already stays.

    Args:
        votes: locked by the caller, or written by it, in this transaction.
        verdict: ``counted``, or one of ``LeftOut``.
        by: who decided; nobody where the shop did.
        person: the same, for the event.
        caused_by: the event that led to it.
    """
    counted = verdict == COUNTED
    for vote in votes:
        before = vote.excluded_because or COUNTED
        if before == verdict:
            continue
        vote.counted, vote.excluded_because = counted, "" if counted else verdict
        vote.save(update_fields=["counted", "excluded_because"])
        note(vote, before, verdict, by=by, person=person, caused_by=caused_by)


def note(
    vote: Vote,
    before: str,
    verdict: str,
    *,
    by: User | None = None,
    person: Person = SHOP,
    caused_by: uuid.UUID | None = None,
) -> None:
    """Write down that a vote counts from now on, or that it does not: in the book and as an event.

    Args:
        vote: with its gallery and voter's link.
        before: how it stood.
        verdict: how it stands.
        by: who decided.
        person: the same, for the event.
        caused_by: the event that led to it.
    """
    row = VoteTransition.objects.create(subject=vote, from_state=before, to_state=verdict, actor=by)
    name = EventName.VOTE_RESTORED if verdict == COUNTED else EventName.VOTE_EXCLUDED
    if COUNTED not in (before, verdict):
        # Left out before and after, for another reason: no figure changes.
        return
    record(
        name,
        key=f"{name}:{vote.pk}:{row.pk}",
        subject=("gallery", vote.gallery_id),
        person=person,
        channel=vote.voter.link.channel,
        link=vote.voter.link_id,
        caused_by=caused_by,
        details={
            "trial": str(vote.gallery.trial_id or ""),
            "vote": str(vote.pk),
            "because": verdict if verdict != COUNTED else before,
        },
    )


def leave_out_alike(
    *,
    gallery_id: uuid.UUID,
    because: LeftOut,
    address: str,
    device: str,
    since: datetime,
    caused_by: uuid.UUID,
) -> None:
    """Leave out what came the same way as a vote that was one too many; her own is judged already.

    Args:
        gallery_id: where.
        because: a burst, or one device.
        address: the hash of the network.
        device: that of network and kind of browser.
        since: of a burst, when it began at the earliest.
        caused_by: the event of the vote that was too many.
    """
    alike = Q(voter__address_hash=address, voter__created_at__gt=since)
    if because == LeftOut.SAME_DEVICE:
        alike = Q(voter__address_hash=address, voter__device_hash=device)
    votes = (
        Vote.objects.select_for_update(of=("self",))
        .select_related("gallery", "voter__link")
        .filter(alike, gallery_id=gallery_id, counted=True, vouched_at=None)
        .order_by("pk")
    )
    judge(votes, because, caused_by=caused_by)


def leave_out_owners(*, voter_id: uuid.UUID) -> None:
    """Leave out a vote once its browser turns out to be the owner's own."""
    with transaction.atomic():
        votes = Vote.objects.select_for_update(of=("self",)).filter(voter_id=voter_id)
        judge(votes.select_related("gallery", "voter__link"), LeftOut.OWNER)


def block_voter(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Leave out whatever a friend says, now and later; she is thanked as before. Repeatable.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        if vote.voter.blocked_at is not None:
            return vote
        vote.voter.blocked_at = timezone.now()
        vote.voter.save(update_fields=["blocked_at"])
        event = record(
            EventName.VOTER_BLOCKED,
            key=f"{EventName.VOTER_BLOCKED}:{vote.voter_id}:{uuid.uuid4()}",
            subject=("gallery", vote.gallery_id),
            person=customer(owner),
            channel=vote.voter.link.channel,
            link=vote.voter.link_id,
            details={"trial": str(vote.gallery.trial_id or ""), "vote": str(vote.pk)},
        )
        judge([vote], LeftOut.BLOCKED, by=owner, person=customer(owner), caused_by=event)
        return vote


def unblock_voter(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Take a block back: the vote stands again as it stood before it. Repeatable.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        if vote.voter.blocked_at is None:
            return vote
        vote.voter.blocked_at = None
        vote.voter.save(update_fields=["blocked_at"])
        blocked = vote.transitions.filter(to_state=LeftOut.BLOCKED).order_by("-pk").first()
        before = blocked.from_state if blocked else COUNTED
        # Cast while she was blocked: nothing else spoke against it.
        judge([vote], before or COUNTED, by=owner, person=customer(owner))
        return vote


def vouch_for(*, owner: User, gallery_id: uuid.UUID, because: str) -> int:
    """Count the votes that were left out by what the shop guessed from a network alone.

    A party, an office or a school may vote at once, from telephones of one make. Their host knows
    them; the shop cannot. What was left out for any other reason stays so.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        because: ``burst`` or ``same_device``.

    Returns:
        How many count now.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: votes left out for that reason are not hers to bring back.
    """
    if because not in GUESSED:
        raise VoteMissingError(_("These votes cannot be counted."))
    gallery = gallery_of(user=owner, gallery_id=gallery_id)
    with transaction.atomic():
        lock_row(Gallery, gallery.pk)
        votes = list(
            Vote.objects.select_for_update(of=("self",))
            .select_related("gallery", "voter__link")
            .filter(gallery=gallery, excluded_because=because)
            .order_by("pk")
        )
        Vote.objects.filter(pk__in=[vote.pk for vote in votes]).update(vouched_at=timezone.now())
        judge(votes, COUNTED, by=owner, person=customer(owner))
        return len(votes)


def vouch_for_vote(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Count one vote that was left out by what the shop guessed from a network alone. Repeatable.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote, or it was left out for a reason that is
            not hers to judge.
    """
    with transaction.atomic():
        vote = locked_vote(owner=owner, gallery_id=gallery_id, vote_id=vote_id)
        if vote.counted:
            return vote
        if vote.excluded_because not in GUESSED:
            raise VoteMissingError(_("This vote cannot be counted."))
        vote.vouched_at = timezone.now()
        vote.save(update_fields=["vouched_at"])
        judge([vote], COUNTED, by=owner, person=customer(owner))
        return vote


def locked_vote(*, owner: User, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Vote:
    """Lock one vote of a customer's gallery and return it, with gallery, voter and her link.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteMissingError: the gallery has no such vote.
    """
    gallery = gallery_of(user=owner, gallery_id=gallery_id)
    vote = (
        Vote.objects.select_for_update(of=("self",))
        .select_related("gallery", "voter__link")
        .filter(pk=vote_id, gallery=gallery)
        .exclude(excluded_because=LeftOut.ERASED)
        .first()
    )
    if vote is None:
        raise VoteMissingError(_("There is no such vote."))
    return vote
