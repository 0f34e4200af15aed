"""Casting votes, and telling the owner."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.services import admit, note_view
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import browser_person
from sharing.votes.ballot import Ballot, CastVote, Poll, lock_poll, write_ballot
from sharing.votes.errors import (
    CommentInvalidError,
    OwnVoteError,
    VoteInvalidError,
    VotingClosedError,
)
from sharing.votes.models import ReactionValue, Vote
from sharing.votes.order import order_for
from shop.analytics.names import EventName
from shop.analytics.services import record, voter
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.network import address_hash
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line, several_lines
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

COMMENT_LENGTH = 500
NAME_LENGTH = 40
# More new voters of one network than a family or an office table brings within the window: the
# further ones are taken and shown to nobody, never refused.
BURST_VOTERS = 10
BURST_WINDOW = timedelta(minutes=10)
BURST = "burst"


def cast_vote(
    *,
    link: ShareLink,
    voter_token: str,
    reactions: Mapping[int, str],
    favourite: int | None,
    comment: str = "",
    name: str = "",
    address: str = "",
    user: User | None = None,
) -> CastVote:
    """Cast a friend's vote, or put a new one in place of hers.

    Args:
        link: the link she came by.
        voter_token: the unguessable token of her browser.
        reactions: what she makes of frames, by the gallery item's id.
        favourite: the item she would pick.
        comment: up to 500 characters.
        name: how she calls herself, up to 40 characters.
        address: her network address; only its hash of the day is kept.
        user: her account, if she is logged in.

    Returns:
        The vote; ``counted`` is false where it came in a burst from one network.

    Raises:
        LinkMissingError: the link was withdrawn, has expired, or has let somebody else in.
        VotingClosedError: the voting is over.
        OwnVoteError: it is her own gallery.
        VoteInvalidError: a frame of another gallery, an unknown reaction, or nothing at all.
        CommentInvalidError: comment or name is too long.
        CardNumberError: one of them holds a card number.
    """
    comment, name = _cleaned(comment, name)
    if not reactions and favourite is None and not comment:
        raise VoteInvalidError(_("Tap a face or pick a favourite first."))
    if not set(reactions.values()) <= set(ReactionValue.values):
        raise VoteInvalidError(_("Choose one of the three faces."))
    person_id = browser_person(voter_token, link.gallery_id)
    hashed = address_hash(address) if address else ""
    now = timezone.now()
    with transaction.atomic():
        admit(link=link, browser_token=voter_token)
        poll = lock_poll(
            link_id=link.pk,
            voter_id=person_id,
            address=hashed,
            view_key=f"{EventName.LINK_VIEWED}:{link.pk}:{person_id}",
            now=now,
            window=BURST_WINDOW,
        )
        if poll is None:
            raise LinkMissingError(_("This link does not open anything any more."))
        _check(poll, reactions, favourite, user)
        if poll.view_event is None:
            # Whoever votes has looked, even if her browser calls itself as a chat's robot does.
            note_view(link=link, browser_token=voter_token)
        ballot = Ballot(
            voter_id=person_id,
            link_id=link.pk,
            user_id=user.pk if user else None,
            name=name,
            order=order_for(person_id, poll.items),
            address=hashed,
            favourite=favourite,
            comment=comment,
            reactions=dict(reactions),
            excluded=BURST if hashed and poll.neighbours >= BURST_VOTERS else "",
        )
        cast = write_ballot(ballot, gallery_id=poll.gallery_id, now=now)
        _record(link, poll, ballot, cast)
        if poll.untold and cast.counted:
            publish("votes.tell_owner", {"gallery": str(poll.gallery_id)})
        return cast


def tell_owner(gallery_id: uuid.UUID) -> None:
    """Mail the owner that the first vote is in: once a gallery, however often it is called."""
    with transaction.atomic():
        gallery = lock_row(Gallery, gallery_id)
        first = Vote.objects.filter(gallery=gallery, counted=True).exists()
        if gallery.told_at is not None or not first:
            return
        gallery.told_at = timezone.now()
        gallery.save(update_fields=["told_at"])
        notify(
            user=gallery.owner,
            topic=Topic.FIRST_VOTE,
            template="first_vote",
            context={
                "question": gallery.question,
                "path": reverse("sharing:gallery", args=[gallery.pk]),
            },
            key=f"first_vote:{gallery.pk}",
            about=gallery.pk,
        )


def _cleaned(comment: str, name: str) -> tuple[str, str]:
    comment, name = several_lines(comment), one_line(name)
    if len(comment) > COMMENT_LENGTH:
        raise CommentInvalidError(
            _("Please say it in %(limit)s characters.") % {"limit": COMMENT_LENGTH}
        )
    if len(name) > NAME_LENGTH:
        raise CommentInvalidError(
            _("Please give a name of up to %(limit)s characters.") % {"limit": NAME_LENGTH}
        )
    refuse_card_numbers(comment, name)
    return comment, name


def _check(
    poll: Poll, reactions: Mapping[int, str], favourite: int | None, user: User | None
) -> None:
    if user is not None and user.pk == poll.owner_id:
        raise OwnVoteError(_("This is your own gallery: your friends decide here."))
    if poll.state != GalleryState.OPEN:
        raise VotingClosedError(_("The voting is over. Thank you for looking in!"))
    named = set(reactions) | ({favourite} if favourite is not None else set())
    if not named <= set(poll.items):
        raise VoteInvalidError(_("One of these frames is not shown here. Load the page again."))


def _record(link: ShareLink, poll: Poll, ballot: Ballot, cast: CastVote) -> None:
    facts: dict[str, Any] = {
        "subject": ("gallery", poll.gallery_id),
        "person": voter(cast.voter_id),
        "channel": link.channel,
        "link": link.pk,
        "details": {
            "trial": str(link.gallery.trial_id or ""),
            "vote": str(cast.vote_id),
            "counted": cast.counted,
            "favourite": ballot.favourite,
        },
    }
    if cast.first:
        key = f"{EventName.VOTE_CAST}:{cast.vote_id}"
        event = record(EventName.VOTE_CAST, key=key, caused_by=poll.view_event, **facts)
    else:
        key = f"{EventName.VOTE_CHANGED}:{cast.vote_id}:{uuid.uuid4()}"
        event = record(EventName.VOTE_CHANGED, key=key, caused_by=poll.view_event, **facts)
    if ballot.comment:
        key = f"{EventName.COMMENT_ADDED}:{cast.vote_id}"
        record(EventName.COMMENT_ADDED, key=key, caused_by=event, **facts)
