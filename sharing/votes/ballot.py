"""The statements of a vote: one that holds names, one that locks and looks, one that writes.

A friend waits on her phone, so a vote costs as little as it can, and its statements are prepared
once a connection: planning them took longer than carrying them out. The event beside it is written
by ``shop.analytics``.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharing.galleries.opening import OPENS, STATE, opening_values
from shop.foundation.postgres import prepared_cursor

# A statement of its own, or the look below would see what there was before the wait: a browser's
# votes, and those of one network on one gallery, see each other whole.
NAMES = """
SELECT pg_advisory_xact_lock(hashtextextended(held.name, 0))
FROM unnest(%s::text[]) AS held (name)
"""
# The gallery before its link, as services that change either lock them (docs/locking.md). FOR SHARE
# lets votes pass one another and holds off closing and withdrawing until they are committed.
LOCK = f"""
SELECT gallery.id, {STATE}, gallery.owner_id, gallery.trial_id, link.channel,
    ARRAY(
        SELECT item.id FROM sharing_galleryitem item
        WHERE item.gallery_id = gallery.id ORDER BY item.position
    ),
    alike.neighbours, alike.twins, gallery.told_at IS NULL,
    (SELECT key.event_id FROM shop_eventkey key WHERE key.key = %(view_key)s),
    own.excluded_because, coalesce(own.vouched_at IS NOT NULL, false),
    coalesce(herself.blocked_at IS NOT NULL, false), coalesce(herself.email <> '', false)
FROM sharing_gallery gallery JOIN sharing_sharelink link ON link.gallery_id = gallery.id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE other.created_at > %(since)s) AS neighbours,
        count(*) FILTER (
            WHERE %(device)s <> '' AND other.device_hash = %(device)s
        ) AS twins
    FROM sharing_voter other JOIN sharing_vote vote ON vote.voter_id = other.id
    WHERE %(address)s <> '' AND other.gallery_id = gallery.id
        AND other.address_hash = %(address)s AND other.id <> %(voter)s
        AND vote.vouched_at IS NULL
        AND vote.excluded_because IN ('', 'burst', 'same_device')
) alike
LEFT JOIN sharing_voter herself ON herself.id = %(voter)s
LEFT JOIN sharing_vote own ON own.voter_id = herself.id
WHERE link.id = %(link)s AND {OPENS}
FOR SHARE OF gallery, link
"""  # noqa: S608 - of constants

WRITE = """
WITH voter AS (
    INSERT INTO sharing_voter
        (id, gallery_id, link_id, user_id, name, email, wants_news, language, item_order,
        address_hash, device_hash, created_at)
    VALUES
        (%(voter)s, %(gallery)s, %(link)s, %(user)s, %(name)s, %(email)s, %(wants_news)s,
        %(language)s, %(order)s, %(address)s, %(device)s, %(now)s)
    ON CONFLICT (id) DO UPDATE
        SET name = EXCLUDED.name, user_id = coalesce(EXCLUDED.user_id, sharing_voter.user_id),
            wants_news = EXCLUDED.wants_news, language = EXCLUDED.language,
            email = CASE WHEN EXCLUDED.wants_news
                THEN coalesce(nullif(EXCLUDED.email, ''), sharing_voter.email) ELSE '' END
    RETURNING id
), vote AS (
    INSERT INTO sharing_vote
        (id, gallery_id, voter_id, favourite_id, comment, cast_at, counted, excluded_because)
    SELECT %(vote)s, %(gallery)s, voter.id, %(favourite)s, %(comment)s, %(now)s,
        %(excluded)s = '', %(excluded)s
    FROM voter
    ON CONFLICT (voter_id) DO UPDATE
        SET favourite_id = EXCLUDED.favourite_id, comment = EXCLUDED.comment,
            changed_at = EXCLUDED.cast_at, counted = EXCLUDED.counted,
            excluded_because = EXCLUDED.excluded_because
    RETURNING id, xmax = 0 AS first, counted
), dropped AS (
    DELETE FROM sharing_reaction reaction USING vote
    WHERE reaction.vote_id = vote.id AND NOT reaction.item_id = ANY(%(items)s::bigint[])
), given AS (
    INSERT INTO sharing_reaction (vote_id, item_id, value, rank, comment)
    SELECT vote.id, ballot.item, ballot.value, ballot.rank, ballot.comment
    FROM vote, unnest(
        %(items)s::bigint[], %(values)s::varchar[], %(ranks)s::smallint[], %(words)s::varchar[]
    ) AS ballot (item, value, rank, comment)
    ON CONFLICT (vote_id, item_id) DO UPDATE
        SET value = EXCLUDED.value, rank = EXCLUDED.rank, comment = EXCLUDED.comment
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
        trial_id: whose frames it shows, if it is of a trial.
        channel: the way its link was sent.
        items: the ids of its frames, in their order.
        neighbours: voters of the same network a short while ago, herself left out, and those whom
            the owner knows.
        twins: those of the same network with the same kind of browser, today.
        untold: the owner has not been mailed about a vote yet.
        view_event: the event of her opening the link, if there is one.
        before: why her vote is left out so far, empty if it counts; nothing where she has none.
        vouched: the owner knows her.
        blocked: the owner has blocked her.
        has_address: she left one where she wants to hear what was bought.
    """

    gallery_id: uuid.UUID
    state: str
    owner_id: int
    trial_id: uuid.UUID | None
    channel: str
    items: list[int]
    neighbours: int
    twins: int
    untold: bool
    view_event: uuid.UUID | None
    before: str | None
    vouched: bool
    blocked: bool
    has_address: bool


@dataclass(frozen=True)
class OfFrame:
    """What a friend says of one frame.

    Attributes:
        face: one of ``ReactionValue``, or empty.
        place: in her order, 1 the best; nothing if she gave none.
        words: up to 500 characters.
    """

    face: str = ""
    place: int | None = None
    words: str = ""


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
        device: that of network and kind of browser.
        favourite: the id of the frame she picked.
        comment: what she wrote; may be empty.
        frames: what she says of frames, by the item's id.
        excluded: why the vote is not counted; empty if it is.
        email: where she wants to hear what was bought; empty leaves the one she gave before.
        wants_news: whether she wants to.
        language: what she reads.
    """

    voter_id: uuid.UUID
    link_id: uuid.UUID
    user_id: int | None
    name: str
    order: list[int]
    address: str
    device: str
    favourite: int | None
    comment: str
    frames: dict[int, OfFrame] = field(default_factory=dict)
    excluded: str = ""
    email: str = ""
    wants_news: bool = False
    language: str = ""


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
    gallery_id: uuid.UUID,
    voter_id: uuid.UUID,
    address: str,
    device: str,
    view_key: str,
    now: datetime,
    window: timedelta,
) -> Poll | None:
    """Lock a gallery and its link against being closed or withdrawn, and look at them.

    Her own name and that of her network on this gallery are held first, so that a second vote of
    hers, and her neighbours', wait for this one to be committed and then see it.

    Args:
        link_id: the link.
        gallery_id: its gallery.
        voter_id: who is about to vote.
        address: the hash of her network address.
        device: that of network and kind of browser.
        view_key: the key of the event of her opening the link.
        now: the present.
        window: how long ago a neighbour may have come.

    Returns:
        Nothing where the link opens nothing any more.
    """
    names = [f"voter:{voter_id}"]
    if address:
        names.append(f"voters:{gallery_id}:{address}")
    values: dict[str, Any] = {
        "link": link_id,
        "voter": voter_id,
        "address": address,
        "device": device,
        "view_key": view_key,
        **opening_values(now),
        "since": now - window,
    }
    with prepared_cursor() as cursor:
        cursor.execute(NAMES, [names])
        cursor.execute(LOCK, values)
        row = cursor.fetchone()
    return Poll(*row) if row else None


def write_ballot(ballot: Ballot, *, gallery_id: uuid.UUID, now: datetime) -> CastVote:
    """Write voter, vote and what it says of frames, or put them in place of the same voter's."""
    values: dict[str, Any] = {
        "voter": ballot.voter_id,
        "gallery": gallery_id,
        "link": ballot.link_id,
        "user": ballot.user_id,
        "name": ballot.name,
        "email": ballot.email,
        "wants_news": ballot.wants_news,
        "language": ballot.language,
        "order": ballot.order,
        "address": ballot.address,
        "device": ballot.device,
        "now": now,
        "vote": uuid.uuid4(),
        "favourite": ballot.favourite,
        "comment": ballot.comment,
        "excluded": ballot.excluded,
        "items": list(ballot.frames),
        "values": [each.face for each in ballot.frames.values()],
        "ranks": [each.place for each in ballot.frames.values()],
        "words": [each.words for each in ballot.frames.values()],
    }
    with prepared_cursor() as cursor:
        cursor.execute(WRITE, values)
        vote_id, first, counted = cursor.fetchone()
    return CastVote(vote_id, ballot.voter_id, first, counted)
