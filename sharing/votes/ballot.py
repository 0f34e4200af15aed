"""The two statements of a vote: one that locks and looks, one that writes.

A friend waits on her phone, so a vote costs as few round trips as it can; the event beside it is
written by ``shop.analytics``.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from sharing.galleries.opening import OPENS, STATE, opening_values

# Why a vote is not counted whose voter had it erased.
ERASED = "erased"

# The gallery before its link, as services that change either lock them (docs/locking.md). FOR SHARE
# lets votes pass one another and holds off closing and withdrawing until they are committed.
LOCK = f"""
SELECT gallery.id, {STATE}, gallery.owner_id,
    ARRAY(
        SELECT item.id FROM sharing_galleryitem item
        WHERE item.gallery_id = gallery.id ORDER BY item.position
    ),
    (
        SELECT count(*) FROM sharing_voter other
        WHERE other.gallery_id = gallery.id AND other.address_hash = %(address)s
            AND other.created_at > %(since)s AND other.id <> %(voter)s
    ),
    gallery.told_at IS NULL,
    (SELECT key.event_id FROM shop_eventkey key WHERE key.key = %(view_key)s)
FROM sharing_gallery gallery JOIN sharing_sharelink link ON link.gallery_id = gallery.id
WHERE link.id = %(link)s AND {OPENS}
FOR SHARE OF gallery, link
"""  # noqa: S608 - of constants

WRITE = """
WITH voter AS (
    INSERT INTO sharing_voter
        (id, gallery_id, link_id, user_id, name, item_order, address_hash, created_at)
    VALUES
        (%(voter)s, %(gallery)s, %(link)s, %(user)s, %(name)s, %(order)s, %(address)s, %(now)s)
    ON CONFLICT (id) DO UPDATE
        SET name = EXCLUDED.name, user_id = coalesce(EXCLUDED.user_id, sharing_voter.user_id)
    RETURNING id
), vote AS (
    INSERT INTO sharing_vote
        (id, gallery_id, voter_id, favourite_id, comment, cast_at, counted, excluded_because)
    SELECT %(vote)s, %(gallery)s, voter.id, %(favourite)s, %(comment)s, %(now)s,
        %(excluded)s = '', %(excluded)s
    FROM voter
    ON CONFLICT (voter_id) DO UPDATE
        SET favourite_id = EXCLUDED.favourite_id, comment = EXCLUDED.comment,
            changed_at = EXCLUDED.cast_at,
            -- Her erased vote is nobody's any more; the one she casts anew counts as any first.
            counted = CASE sharing_vote.excluded_because
                WHEN %(erased)s THEN EXCLUDED.counted ELSE sharing_vote.counted END,
            excluded_because = CASE sharing_vote.excluded_because
                WHEN %(erased)s THEN EXCLUDED.excluded_because
                ELSE sharing_vote.excluded_because END
    RETURNING id, xmax = 0 AS first, counted
), dropped AS (
    DELETE FROM sharing_reaction reaction USING vote
    WHERE reaction.vote_id = vote.id AND NOT reaction.item_id = ANY(%(items)s::bigint[])
), given AS (
    INSERT INTO sharing_reaction (vote_id, item_id, value)
    SELECT vote.id, ballot.item, ballot.value
    FROM vote, unnest(%(items)s::bigint[], %(values)s::varchar[]) AS ballot (item, value)
    ON CONFLICT (vote_id, item_id) DO UPDATE SET value = EXCLUDED.value
)
SELECT id, first, counted FROM vote
"""


@dataclass(frozen=True)
class Poll:
    """A gallery as a vote finds it.

    Attributes:
        gallery_id: which.
        state: open or closed, as it is past its deadline, too; until the transaction ends.
        owner_id: whose it is.
        items: the ids of its frames, in their order.
        neighbours: voters of the same network a short while ago, herself left out.
        untold: the owner has not been mailed about a vote yet.
        view_event: the event of her opening the link, if there is one.
    """

    gallery_id: uuid.UUID
    state: str
    owner_id: int
    items: list[int]
    neighbours: int
    untold: bool
    view_event: uuid.UUID | None


@dataclass(frozen=True)
class Ballot:
    """A vote as it is to be written.

    Attributes:
        voter_id: the person behind the browser.
        link_id: the link she came by.
        user_id: her account, where she has one and is logged in.
        name: how she calls herself; may be empty.
        order: the order in which she saw the frames.
        address: the hash of her network address.
        favourite: the id of the frame she picked.
        comment: what she wrote; may be empty.
        reactions: what she makes of each frame, by its id.
        excluded: why the vote is not counted; empty if it is.
    """

    voter_id: uuid.UUID
    link_id: uuid.UUID
    user_id: int | None
    name: str
    order: list[int]
    address: str
    favourite: int | None
    comment: str
    reactions: dict[int, str] = field(default_factory=dict)
    excluded: str = ""


@dataclass(frozen=True)
class CastVote:
    """A vote as it was written.

    Attributes:
        vote_id: its id.
        voter_id: the person's id.
        first: it is her first on this gallery, no change of one.
        counted: it is in the standing.
    """

    vote_id: uuid.UUID
    voter_id: uuid.UUID
    first: bool
    counted: bool


def lock_poll(
    *,
    link_id: uuid.UUID,
    voter_id: uuid.UUID,
    address: str,
    view_key: str,
    now: datetime,
    window: timedelta,
) -> Poll | None:
    """Lock a gallery and its link against being closed or withdrawn, and look at them.

    Args:
        link_id: the link.
        voter_id: who is about to vote.
        address: the hash of her network address.
        view_key: the key of the event of her opening the link.
        now: the present.
        window: how long ago a neighbour may have come.

    Returns:
        Nothing where the link opens nothing any more.
    """
    values: dict[str, Any] = {
        "link": link_id,
        "voter": voter_id,
        "address": address,
        "view_key": view_key,
        **opening_values(now),
        "since": now - window,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        row = cursor.fetchone()
    return Poll(*row) if row else None


def write_ballot(ballot: Ballot, *, gallery_id: uuid.UUID, now: datetime) -> CastVote:
    """Write voter, vote and reactions, or put them in place of those of the same voter."""
    values: dict[str, Any] = {
        "voter": ballot.voter_id,
        "gallery": gallery_id,
        "link": ballot.link_id,
        "user": ballot.user_id,
        "name": ballot.name,
        "order": ballot.order,
        "address": ballot.address,
        "now": now,
        "vote": uuid.uuid4(),
        "favourite": ballot.favourite,
        "comment": ballot.comment,
        "excluded": ballot.excluded,
        "items": list(ballot.reactions),
        "values": list(ballot.reactions.values()),
        "erased": ERASED,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        vote_id, first, counted = cursor.fetchone()
    return CastVote(vote_id, ballot.voter_id, first, counted)
