"""Votes: her own word on another's gallery, by account or by browser, and names beside it."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q

from sharing.galleries.models import Gallery
from sharing.votes.judging import judge
from sharing.votes.models import CommentReport, Reaction, Vote, Voter
from sharing.votes.states import LeftOut
from shop.foundation.locks import lock_row
from shop.foundation.privacy import Scope, not_personal, register_personal_data


def export_votes(user: Any) -> dict[str, Any]:
    """Return how she voted on galleries of others, and what friends wrote on hers."""
    cast = Vote.objects.filter(voter__user=user).order_by("cast_at", "pk")
    received = Vote.objects.filter(gallery__owner=user).exclude(comment="")
    return {
        "cast": [
            {
                "cast_at": vote.cast_at,
                "name": vote.voter.name,
                "favourite": vote.favourite.variant.sku if vote.favourite else None,
                "reactions": {each.item.variant.sku: each.value for each in vote.reactions.all()},
                "places": {each.item.variant.sku: each.rank for each in vote.reactions.all()},
                "words": {each.item.variant.sku: each.comment for each in vote.reactions.all()},
                "comment": vote.comment,
                "address_for_news": vote.voter.email,
            }
            for vote in cast.select_related("voter", "favourite__variant").prefetch_related(
                "reactions__item__variant"
            )
        ],
        "comments_on_her_galleries": list(
            received.order_by("cast_at", "pk").values("cast_at", "voter__name", "comment")
        ),
    }


def forget_voter(voter_id: uuid.UUID) -> int:
    """Empty a voter's vote, take it out of the count, and forget what she called herself.

    Her rows stay without content: what was recorded of them has something to stand on, and no
    vote is cast a second time under one event. Should she vote again, that one counts.

    Returns:
        How many votes went.
    """
    voter = Voter.objects.filter(pk=voter_id).first()
    if voter is None:
        return 0
    with transaction.atomic():
        # Nobody votes or counts while the vote goes.
        lock_row(Gallery, voter.gallery_id)
        votes = list(
            Vote.objects.select_for_update(of=("self",))
            .select_related("gallery", "voter__link")
            .filter(voter=voter)
            .exclude(excluded_because=LeftOut.ERASED)
        )
        Reaction.objects.filter(vote__voter=voter).delete()
        CommentReport.objects.filter(vote__voter=voter).update(reason="")
        Vote.objects.filter(voter=voter).update(favourite=None, comment="")
        judge(votes, LeftOut.ERASED)
        _nameless(Q(pk=voter_id))
    return len(votes)


def forget_words(gallery_id: uuid.UUID) -> int:
    """Erase what friends wrote on a gallery, and how they called themselves: votes stay as numbers.

    Returns:
        How many votes and voters had words.
    """
    with transaction.atomic():
        lock_row(Gallery, gallery_id)
        votes = Vote.objects.filter(gallery=gallery_id).exclude(comment="").update(comment="")
        votes += _wordless(Q(vote__gallery=gallery_id))
        CommentReport.objects.filter(vote__gallery=gallery_id).update(reason="")
        return votes + _nameless(Q(gallery=gallery_id))


def erase_votes(user: Any) -> int:
    """Erase every vote she cast while logged in."""
    return sum(forget_voter(voter_id) for voter_id in _voters(user))


def erase_words(user: Any) -> int:
    """Erase what she wrote with her votes, and her name beside it; the votes stay."""
    erased = 0
    for voter in Voter.objects.filter(pk__in=_voters(user)):
        with transaction.atomic():
            lock_row(Gallery, voter.gallery_id)
            said = Vote.objects.filter(voter=voter).exclude(comment="")
            erased += said.update(comment="") + _wordless(Q(vote__voter=voter))
            Voter.objects.filter(pk=voter.pk).update(name="")
    return erased


def _voters(user: Any) -> list[uuid.UUID]:
    return list(Voter.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))


def _wordless(which: Q) -> int:
    """Erase what was written about single frames; a row that says nothing more goes."""
    written = Reaction.objects.filter(which).exclude(comment="")
    bare, _by_model = written.filter(value="", rank=None).delete()
    return bare + written.update(comment="")


def _nameless(which: Q) -> int:
    nothing = {"name": "", "address_hash": "", "device_hash": "", "email": "", "user": None}
    return Voter.objects.filter(which).exclude(**nothing).update(**nothing)


register_personal_data(
    "sharing.votes",
    holds={
        "sharing.Voter": ["user", "name", "email", "address_hash", "device_hash"],
        "sharing.Vote": ["comment"],
        "sharing.Reaction": ["comment"],
        "sharing.CommentReport": ["reason"],
    },
    export=export_votes,
    erase={Scope.VOTES: erase_votes, Scope.COMMENTS: erase_words},
    forget={"gallery": forget_words, "voter": forget_voter},
)
not_personal("sharing.Voter", "language", why="A language, one of the shop's.")
not_personal("sharing.CommentReport", "reporter", why="A voter's number, or that it was the owner.")
