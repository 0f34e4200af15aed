"""Votes as they are counted and shown. Nothing is tallied ahead: see docs/decisions/0007."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from sharing.galleries.models import Gallery
from sharing.votes.models import Reaction, ReactionValue, Vote


@dataclass(frozen=True)
class Row:
    """How one frame stands.

    Attributes:
        item_id: the gallery item.
        favourites: counted votes that picked it.
        love: counted votes that love it; ``like`` and ``not_you`` likewise.
        share: favourites of all counted votes that picked one, 0 to 100.
        leader: it has more favourites than any other.
    """

    item_id: int
    favourites: int
    love: int
    like: int
    not_you: int
    share: float
    leader: bool


@dataclass(frozen=True)
class Standing:
    """How a gallery stands: its frames in their order, and how many votes are counted."""

    rows: tuple[Row, ...]
    total: int

    @property
    def leader(self) -> Row | None:
        """The one frame ahead of all others; nothing while two are level or nobody has picked."""
        return next((row for row in self.rows if row.leader), None)


def standing(gallery: Gallery) -> Standing:
    """Count a gallery's votes, those left out of account aside: three queries."""
    counted = Vote.objects.filter(gallery=gallery, counted=True)
    picks: dict[int | None, int] = {
        row["favourite"]: row["n"]
        for row in counted.order_by().values("favourite").annotate(n=Count("pk"))
    }
    reactions: dict[tuple[int, str], int] = {
        (row["item"], row["value"]): row["n"]
        for row in Reaction.objects.filter(vote__in=counted.order_by())
        .values("item", "value")
        .annotate(n=Count("pk"))
    }
    picked = sum(count for favourite, count in picks.items() if favourite is not None)
    most = max((count for favourite, count in picks.items() if favourite), default=0)
    ahead = [item for item, count in picks.items() if item is not None and count == most]
    rows = tuple(
        Row(
            item_id=item_id,
            favourites=picks.get(item_id, 0),
            love=reactions.get((item_id, ReactionValue.LOVE), 0),
            like=reactions.get((item_id, ReactionValue.LIKE), 0),
            not_you=reactions.get((item_id, ReactionValue.NOT_YOU), 0),
            share=round(100 * picks.get(item_id, 0) / picked, 1) if picked else 0.0,
            leader=ahead == [item_id],
        )
        for item_id in gallery.items.order_by("position").values_list("pk", flat=True)
    )
    return Standing(rows, sum(picks.values()))


def comments_on(gallery: Gallery, *, limit: int = 50) -> QuerySet[Vote]:
    """Return the latest counted votes with a comment, with voter and favourite."""
    votes = Vote.objects.filter(gallery=gallery, counted=True).exclude(comment="")
    return votes.select_related("voter", "favourite__variant__frame").order_by("-cast_at")[:limit]


def vote_of(person_id: uuid.UUID) -> Vote | None:
    """Return a person's vote with her reactions, if she has voted: two queries at most."""
    return (
        Vote.objects.filter(voter_id=person_id)
        .select_related("voter")
        .prefetch_related("reactions")
        .first()
    )


def counted_votes(gallery_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many votes are counted, by gallery: one query."""
    votes = Vote.objects.filter(gallery_id__in=list(gallery_ids), counted=True).order_by()
    return {row["gallery"]: row["n"] for row in votes.values("gallery").annotate(n=Count("pk"))}
