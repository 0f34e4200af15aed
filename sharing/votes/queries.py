"""Votes as they are counted and shown. Nothing is tallied ahead: see docs/decisions/0007."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.votes.errors import VoteMissingError
from sharing.votes.models import CommentReport, CommentReportTransition, Reaction, Vote
from sharing.votes.result import Opinion, Result, result_of
from sharing.votes.states import LeftOut, ReactionValue

OPINIONS = """
SELECT vote.gallery_id, vote.favourite_id,
    json_agg(json_build_array(said.item_id, said.value, said.rank))
    FILTER (WHERE said.id IS NOT NULL)::text
FROM sharing_vote vote LEFT JOIN sharing_reaction said ON said.vote_id = vote.id
WHERE vote.gallery_id = ANY(%s) AND vote.counted
GROUP BY vote.id
"""


@dataclass(frozen=True)
class Row:
    """How one frame stands.

    Attributes:
        item_id: the gallery item.
        favourites: counted votes that picked it.
        love: counted votes that love it; ``like`` and ``not_you`` likewise.
        first_places: counted votes that put it first in an order.
        share: favourites of all counted votes that picked one, 0 to 100.
        leader: it has more favourites than any other.
    """

    item_id: int
    favourites: int
    love: int
    like: int
    not_you: int
    first_places: int
    share: float
    leader: bool


@dataclass(frozen=True)
class Standing:
    """How a gallery stands: its frames in their order, how many votes count, what they decide."""

    rows: tuple[Row, ...]
    total: int
    result: Result

    @property
    def leader(self) -> Row | None:
        """The one frame ahead of all others; nothing while two are level or nobody has picked."""
        return next((row for row in self.rows if row.leader), None)


def standing(gallery: Gallery) -> Standing:
    """Count a gallery's votes, those left out of account aside: two queries."""
    items = list(gallery.items.order_by("position").values_list("pk", flat=True))
    opinions = opinions_on(gallery)
    picks = Counter(each.favourite for each in opinions if each.favourite is not None)
    faces = Counter(face for each in opinions for face in each.faces.items())
    firsts = Counter(item for each in opinions for item, place in each.ranks.items() if place == 1)
    picked = sum(picks.values())
    most = max(picks.values(), default=0)
    ahead = [item for item, count in picks.items() if count == most]
    rows = tuple(
        Row(
            item_id=item_id,
            favourites=picks[item_id],
            love=faces[item_id, ReactionValue.LOVE],
            like=faces[item_id, ReactionValue.LIKE],
            not_you=faces[item_id, ReactionValue.NOT_YOU],
            first_places=firsts[item_id],
            share=round(100 * picks[item_id] / picked, 1) if picked else 0.0,
            leader=ahead == [item_id],
        )
        for item_id in items
    )
    return Standing(rows, len(opinions), result_of(opinions, items))


def opinions_on(gallery: Gallery) -> list[Opinion]:
    """Return what each counted vote of a gallery says: one query."""
    return opinions_by_gallery([gallery.pk]).get(gallery.pk, [])


def opinions_by_gallery(gallery_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Opinion]]:
    """Return what each counted vote says, by gallery: one query."""
    with connection.cursor() as cursor:
        cursor.execute(OPINIONS, [list(gallery_ids)])
        rows = cursor.fetchall()
    found: dict[uuid.UUID, list[Opinion]] = defaultdict(list)
    for gallery_id, favourite, told in rows:
        frames = orjson.loads(told or "[]")
        ranks = {item: rank for item, _face, rank in frames if rank}
        faces = {item: face for item, face, _rank in frames if face}
        found[gallery_id].append(Opinion(favourite, ranks, faces))
    return found


def left_out(gallery: Gallery) -> dict[str, int]:
    """Return how many votes of a gallery are left out, by reason: one query.

    An erased one is out of the owner's sight altogether: with few friends she would know whose.
    """
    votes = Vote.objects.filter(gallery=gallery, counted=False).order_by()
    votes = votes.exclude(excluded_because=LeftOut.ERASED)
    rows = votes.values("excluded_because").annotate(n=Count("pk"))
    return {row["excluded_because"]: row["n"] for row in rows}


def votes_on(gallery: Gallery) -> QuerySet[Vote]:
    """Return a gallery's votes for its owner, latest first: who said what, counted or not.

    Of one that was erased she sees nothing, not even that there was one.
    """
    of_frames = Reaction.objects.select_related("item__variant__frame").order_by("rank", "pk")
    return (
        Vote.objects.filter(gallery=gallery)
        .exclude(excluded_because=LeftOut.ERASED)
        .select_related("voter", "favourite__variant__frame")
        .prefetch_related(Prefetch("reactions", queryset=of_frames))
        .order_by("-cast_at", "-pk")
    )


def vote_on(gallery: Gallery, vote_id: uuid.UUID) -> Vote:
    """Return one vote of a gallery as ``votes_on`` does.

    Raises:
        VoteMissingError: the gallery has no such vote.
    """
    vote = votes_on(gallery).filter(pk=vote_id).first()
    if vote is None:
        raise VoteMissingError(_("There is no such vote."))
    return vote


def words_on(gallery: Gallery) -> QuerySet[Vote]:
    """Return the counted votes whose words may be shown, latest first."""
    written = Exists(Reaction.objects.filter(vote=OuterRef("pk")).exclude(comment=""))
    return votes_on(gallery).filter(~Q(comment="") | Q(written), counted=True, hidden_by="")


def reports(state: str) -> QuerySet[CommentReport]:
    """Return reports of a state with what was reported and what became of it, oldest first."""
    votes = Vote.objects.select_related(
        "voter__user",
        "voter__link",
        "gallery__owner",
        "gallery__trial",
        "favourite__variant__frame",
    ).prefetch_related("reactions__item__variant__frame")
    steps = CommentReportTransition.objects.select_related("actor").order_by("pk")
    return (
        CommentReport.objects.filter(state=state)
        .prefetch_related(
            Prefetch("vote", queryset=votes),
            Prefetch("transitions", queryset=steps),
        )
        .order_by("reported_at", "pk")
    )


def vote_of(person_id: uuid.UUID) -> Vote | None:
    """Return a person's vote with her reactions, if she has one: two queries at most."""
    return (
        Vote.objects.filter(voter_id=person_id)
        .exclude(excluded_because=LeftOut.ERASED)
        .select_related("voter")
        .prefetch_related("reactions")
        .first()
    )


def counted_votes(gallery_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many votes are counted, by gallery: one query."""
    votes = Vote.objects.filter(gallery_id__in=list(gallery_ids), counted=True).order_by()
    return {row["gallery"]: row["n"] for row in votes.values("gallery").annotate(n=Count("pk"))}
