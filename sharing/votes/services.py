"""Casting votes, and telling the owner."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.questions import as_read
from sharing.galleries.services import admit, note_view
from sharing.galleries.services.facts import event_of
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import browser_person
from sharing.votes.ballot import Ballot, CastVote, OfFrame, Poll, lock_poll, write_ballot
from sharing.votes.errors import (
    CommentInvalidError,
    OwnVoteError,
    VoteInvalidError,
    VotingClosedError,
)
from sharing.votes.judging import COUNTED, leave_out_alike, note
from sharing.votes.models import LAST_PLACE, Vote
from sharing.votes.order import order_for
from sharing.votes.states import LeftOut, ReactionValue
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
EMAIL_LENGTH = 254
# More new voters of one network than a party brings within the window, and more of one network
# with one kind of browser than a family has telephones of one make: all of them are taken and
# thanked, and shown to the owner as left out, who may count them.
BURST_VOTERS = 20
BURST_WINDOW = timedelta(minutes=10)
DEVICE_VOTERS = 5


def cast_vote(
    *,
    link: ShareLink,
    voter_token: str,
    reactions: Mapping[int, str],
    favourite: int | None,
    comment: str = "",
    name: str = "",
    places: Mapping[int, int] | None = None,
    words: Mapping[int, str] | None = None,
    email: str = "",
    wants_news: bool = False,
    address: str = "",
    device: str = "",
    left_out: LeftOut | None = None,
    owners_here: Collection[int] = (),
    user: User | None = None,
) -> CastVote:
    """Cast a friend's vote, or put a new one in place of hers.

    Args:
        link: the link she came by; its id and its gallery's are enough.
        voter_token: the unguessable token of her browser.
        reactions: what she makes of frames, by the gallery item's id.
        favourite: the item she would pick; the one she put first, if she picked none. Where she
            has put frames into an order it is the first of them, whatever place she gave it.
        comment: up to 500 characters.
        name: how she calls herself, up to 40 characters.
        places: her order of frames, from 1, the best, to 5.
        words: what she says of single frames, up to 500 characters each.
        email: where she wants to hear what was bought; empty leaves the one she gave before.
        wants_news: whether she wants to; if not, no address is kept.
        address: her network address; only its hash of the day is kept.
        device: the hash of network and kind of browser (``trust.device_hash``).
        left_out: why the vote is not to be counted, where the request said so.
        owners_here: customers whose own browser it is (``trust.owners_here``).
        user: her account, if she is logged in.

    Returns:
        The vote; ``counted`` is false where it is left out.

    Raises:
        LinkMissingError: the link was withdrawn, has expired, or has let somebody else in.
        VotingClosedError: the voting is over.
        OwnVoteError: it is her own gallery.
        VoteInvalidError: a frame of another gallery, an unknown reaction, a place given twice, no
            address to write to, or no opinion: no face, no place and no favourite.
        CommentInvalidError: comment, name or address is too long, or no address.
        CardNumberError: one of them holds a card number.
    """
    comment, name, email = _cleaned(comment, name, email if wants_news else "")
    frames = _of_frames(reactions, places or {}, words or {})
    favourite, frames = _of_one_mind(favourite, frames)
    # Words alone are no opinion on a frame: they open no blind gallery, and nobody has voted.
    if favourite is None and not any(each.face or each.place for each in frames.values()):
        raise VoteInvalidError(_("Tap a face or pick a favourite first."))
    person_id = browser_person(voter_token, link.gallery_id)
    hashed = address_hash(address) if address else ""
    now = timezone.now()
    with transaction.atomic():
        admit(link=link, browser_token=voter_token)
        poll = lock_poll(
            link_id=link.pk,
            gallery_id=link.gallery_id,
            voter_id=person_id,
            address=hashed,
            device=device,
            view_key=f"{EventName.LINK_VIEWED}:{link.pk}:{person_id}",
            now=now,
            window=BURST_WINDOW,
        )
        if poll is None:
            raise LinkMissingError(_("This link does not open anything any more."))
        _check(poll, frames, favourite, user)
        if wants_news and not email and not poll.has_address:
            raise VoteInvalidError(_("Where shall we write to? Please give your email address."))
        if poll.view_event is None:
            # Whoever votes has looked, even if her browser calls itself as a chat's robot does.
            seen = ShareLink.objects.select_related("gallery__owner").get(pk=link.pk)
            note_view(link=seen, browser_token=voter_token)
        ballot = Ballot(
            voter_id=person_id,
            link_id=link.pk,
            user_id=user.pk if user else None,
            name=name,
            order=order_for(person_id, poll.items),
            address=hashed,
            device=device,
            favourite=favourite,
            comment=comment,
            frames=frames,
            excluded=_verdict(poll, LeftOut.OWNER if poll.owner_id in owners_here else left_out),
            email=email,
            wants_news=wants_news,
            language=get_language() or "",
        )
        cast = write_ballot(ballot, gallery_id=poll.gallery_id, now=now)
        event = _record(link, poll, ballot, cast)
        if ballot.excluded != (poll.before or ""):
            _judged(poll, ballot, cast, event)
        if poll.untold and cast.counted:
            publish("votes.tell_owner", {"gallery": str(poll.gallery_id)})
        return cast


def tell_owner(gallery_id: uuid.UUID) -> None:
    """Mail the owner that the first vote is in: once a gallery, however often it is called."""
    with transaction.atomic():
        gallery = lock_row(Gallery, gallery_id)
        first = Vote.objects.filter(gallery=gallery, counted=True).order_by("cast_at").first()
        if gallery.told_at is not None or first is None:
            return
        # Votes cast after it are further ones (``votes.owner_news``), however late this is.
        gallery.told_at = first.cast_at
        gallery.save(update_fields=["told_at"])
        notify(
            user=gallery.owner,
            topic=Topic.FIRST_VOTE,
            template="first_vote",
            context={
                "question": as_read(gallery.question, gallery.owner.language),
                "path": reverse("sharing:gallery", args=[gallery.pk]),
            },
            key=f"first_vote:{gallery.pk}",
            about=gallery.pk,
            caused_by=event_of(f"{EventName.VOTE_CAST}:{first.pk}"),
        )


def _cleaned(comment: str, name: str, email: str) -> tuple[str, str, str]:
    comment, name, email = several_lines(comment), one_line(name), one_line(email)
    if len(comment) > COMMENT_LENGTH:
        raise CommentInvalidError(
            _("Please say it in %(limit)s characters.") % {"limit": COMMENT_LENGTH}
        )
    if len(name) > NAME_LENGTH:
        raise CommentInvalidError(
            _("Please give a name of up to %(limit)s characters.") % {"limit": NAME_LENGTH}
        )
    refuse_card_numbers(comment, name, email)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommentInvalidError(_("This is no email address we can write to.")) from error
        if len(email) > EMAIL_LENGTH:
            raise CommentInvalidError(_("This is no email address we can write to."))
    return comment, name, email


def _of_frames(
    reactions: Mapping[int, str], places: Mapping[int, int], words: Mapping[int, str]
) -> dict[int, OfFrame]:
    """Return what is said of each frame; nothing of those of which nothing is."""
    if not set(reactions.values()) <= set(ReactionValue.values):
        raise VoteInvalidError(_("Choose one of the three faces."))
    given = list(places.values())
    if len(set(given)) < len(given) or not all(1 <= place <= LAST_PLACE for place in given):
        raise VoteInvalidError(_("Give each place to one frame only."))
    written = {item: _cleaned(text, "", "")[0] for item, text in words.items()}
    said = {*reactions, *places, *(item for item, text in written.items() if text)}
    return {
        item: OfFrame(reactions.get(item, ""), places.get(item), written.get(item, ""))
        for item in sorted(said)
    }


def _of_one_mind(
    favourite: int | None, frames: dict[int, OfFrame]
) -> tuple[int | None, dict[int, OfFrame]]:
    """Return the favourite and what is said of frames, so that order and favourite agree.

    The favourite goes to the first place and those before it move down, no further than they must.
    """
    places = {item: each.place for item, each in frames.items() if each.place}
    first = next((item for item, place in places.items() if place == 1), None)
    if favourite is None or not places:
        return favourite if favourite is not None else first, frames
    moved, last = {favourite: 1}, 1
    for item in sorted(places.keys() - {favourite}, key=places.__getitem__):
        last = max(places[item], last + 1)
        moved[item] = last
    agreed = dict(frames)
    for item, place in moved.items():
        said = frames.get(item, OfFrame())
        agreed[item] = replace(said, place=place if place <= LAST_PLACE else None)
    return favourite, agreed


def _check(
    poll: Poll, frames: Mapping[int, OfFrame], favourite: int | None, user: User | None
) -> None:
    if user is not None and user.pk == poll.owner_id:
        raise OwnVoteError(_("This is your own gallery: your friends decide here."))
    if poll.state != GalleryState.OPEN:
        raise VotingClosedError(_("The voting is over. Thank you for looking in!"))
    named = set(frames) | ({favourite} if favourite is not None else set())
    if not named <= set(poll.items):
        raise VoteInvalidError(_("One of these frames is not shown here. Load the page again."))


def _verdict(poll: Poll, left_out: LeftOut | None) -> str:
    """Return why a vote is left out; empty if it counts.

    A change is judged anew by how it was sent: whoever looks this time counts from now on; who
    counted before has looked, however soon she sends her second thought. What else came from her
    network is asked once only, or a later flood would drown an earlier friend.
    """
    if poll.blocked:
        return LeftOut.BLOCKED
    if left_out == LeftOut.SCRIPTED and poll.before == "":
        return ""
    if left_out is not None:
        return left_out
    if poll.vouched:
        return ""
    if poll.before in (LeftOut.OWNER, LeftOut.SAME_DEVICE, LeftOut.BURST):
        return poll.before
    if poll.before == "":
        return ""
    if poll.twins >= DEVICE_VOTERS:
        return LeftOut.SAME_DEVICE
    return LeftOut.BURST if poll.neighbours >= BURST_VOTERS else ""


def _judged(poll: Poll, ballot: Ballot, cast: CastVote, event: uuid.UUID) -> None:
    """Write down that a vote is left out, or counts again; and leave out what came the same way."""
    vote = Vote.objects.select_related("gallery", "voter__link").get(pk=cast.vote_id)
    before = COUNTED if poll.before in (None, "") else str(poll.before)
    person = voter(cast.voter_id)
    note(vote, before, ballot.excluded or COUNTED, person=person, caused_by=event)
    if ballot.excluded in (LeftOut.BURST, LeftOut.SAME_DEVICE):
        leave_out_alike(
            gallery_id=poll.gallery_id,
            because=LeftOut(ballot.excluded),
            address=ballot.address,
            device=ballot.device,
            since=timezone.now() - BURST_WINDOW,
            caused_by=event,
        )


def _record(link: ShareLink, poll: Poll, ballot: Ballot, cast: CastVote) -> uuid.UUID:
    facts: dict[str, Any] = {
        "subject": ("gallery", poll.gallery_id),
        "person": voter(cast.voter_id),
        "channel": poll.channel,
        "link": link.pk,
        "details": {
            "trial": str(poll.trial_id or ""),
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
    if ballot.comment or any(each.words for each in ballot.frames.values()):
        key = f"{EventName.COMMENT_ADDED}:{cast.vote_id}"
        record(EventName.COMMENT_ADDED, key=key, caused_by=event, **facts)
    return event
