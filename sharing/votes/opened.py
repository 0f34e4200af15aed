"""A gallery as a friend's link opens it, read in one statement: she waits on her phone."""

import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.utils import timezone

from sharing.galleries.models import GalleryItem
from sharing.galleries.opening import ADMITS, ADMITTED, OPENS, STATE, opening_values
from sharing.galleries.queries import ShownFrame, link_missing
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import browser_hash, token_hash
from sharing.photos.models import Photo
from sharing.votes.comparing import BOUGHT, KEPT
from sharing.votes.states import LeftOut
from shop.catalogue.models import Frame, Variant
from shop.foundation.postgres import prepared_cursor

# Who of her friends has voted, and looks again, reads what it became.
BOUGHT_STATES = ", ".join(f"'{state.value}'" for state in BOUGHT)
KEPT_STATES = ", ".join(f"'{state.value}'" for state in KEPT)
OPEN = f"""
SELECT link.id, gallery.id, gallery.question, {STATE}, gallery.owner_id, owner.name,
    owner.language, gallery.is_blind, gallery.names_shown, link.admits IS NOT NULL,
    link.admits IS NOT NULL AND NOT {ADMITTED},
    CASE WHEN gallery.shows_bought AND gallery.state <> 'open' THEN (
        SELECT array_agg(DISTINCT hers.variant_id) FROM (
            SELECT line.variant_id FROM shop_orderline line
            JOIN shop_order bought ON bought.id = line.order_id
            WHERE bought.user_id = gallery.owner_id AND bought.placed_at >= gallery.created_at
                AND bought.state IN ({BOUGHT_STATES})
            UNION ALL
            SELECT tried.variant_id FROM trials_trialcharge kept
            JOIN trials_trialitem tried ON tried.id = kept.item_id
            JOIN trials_trial trial ON trial.id = kept.trial_id
            WHERE trial.user_id = gallery.owner_id AND kept.settled_at >= gallery.created_at
                AND kept.purpose = 'kept' AND kept.state IN ({KEPT_STATES})
        ) hers
    ) END,
    (
        SELECT json_agg(
            json_build_array(
                item.id, variant.id, frame.name, variant.colour, variant.size,
                (
                    SELECT json_agg(
                        json_build_array(
                            photo.id, photo.width, photo.height, photo.placeholder
                        )
                        ORDER BY photo.uploaded_at, photo.id
                    )
                    FROM sharing_photo photo
                    WHERE photo.trial_item_id = item.trial_item_id AND photo.state = 'ready'
                )
            )
            ORDER BY item.position
        )::text
        FROM sharing_galleryitem item
        JOIN shop_variant variant ON variant.id = item.variant_id
        JOIN shop_frame frame ON frame.id = variant.frame_id
        WHERE item.gallery_id = gallery.id
    )
FROM sharing_sharelink link
JOIN sharing_gallery gallery ON gallery.id = link.gallery_id
JOIN shop_user owner ON owner.id = gallery.owner_id
WHERE link.token_hash = %(token_hash)s AND {OPENS} AND {ADMITS}
"""  # noqa: S608 - of constants

KNOWN = """
SELECT EXISTS (SELECT FROM sharing_linkview WHERE link_id = %s AND viewer = %s),
    EXISTS (SELECT FROM sharing_vote WHERE voter_id = %s AND excluded_because <> %s)
"""


class Facts(NamedTuple):
    """All that is shown of a frame but its picture in the catalogue.

    Attributes:
        item_id: of the gallery's item.
        variant_id: what it is.
        name: of the frame; ``colour`` and ``size`` are the variant's.
        photos: id, width, height and placeholder of those that may be shown, oldest first.
    """

    item_id: int
    variant_id: int
    name: str
    colour: str
    size: str
    photos: tuple[tuple[str, int, int, str], ...]

    @property
    def label(self) -> str:
        """How the frame is called, with its colour and size."""
        return self.shown("").name

    def shown(self, image_url: str) -> ShownFrame:
        """Return the frame as pages show it, with its picture in the catalogue."""
        frame = Frame(name=self.name)
        variant = Variant(pk=self.variant_id, frame=frame, colour=self.colour, size=self.size)
        return ShownFrame(
            item=GalleryItem(pk=self.item_id, variant=variant),
            image_url=image_url,
            photos=[
                Photo(pk=uuid.UUID(pk), width=width, height=height, placeholder=placeholder)
                for pk, width, height, placeholder in self.photos
            ],
        )


@dataclass(frozen=True)
class Opened:
    """An open link's gallery.

    Attributes:
        link_id: the link.
        gallery_id: the gallery.
        question: what its owner asks.
        state: open or closed.
        owner_id: whose it is.
        owner_name: how she is called; ``owner_language`` is what she reads.
        is_blind: nobody sees how it stands before her own vote.
        names_shown: to whom the names of voters are.
        is_personal: the link lets in so many people only.
        for_one: it is such a link, and has not let her in yet.
        bought: variants the owner has bought since, once the voting is over and if she says so.
        frames: in their order.
    """

    link_id: uuid.UUID
    gallery_id: uuid.UUID
    question: str
    state: str
    owner_id: int
    owner_name: str
    owner_language: str
    is_blind: bool
    names_shown: str
    is_personal: bool
    for_one: bool
    bought: tuple[int, ...]
    frames: tuple[Facts, ...]

    @property
    def closed(self) -> bool:
        """Whether the voting is over."""
        return self.state != GalleryState.OPEN


@dataclass(frozen=True)
class Known:
    """What is known of a browser: whether it opened this link before, whether it voted."""

    seen: bool
    voted: bool


def opened(token: str, browser_token: str) -> Opened:
    """Return the gallery that a link opens.

    Args:
        token: of the link.
        browser_token: who asks; a close friend's link opens to those it let in.

    Raises:
        LinkMissingError: as ``galleries.queries.open_link``; which of the reasons is not said.
    """
    values = opening_values(timezone.now())
    values |= {"token_hash": token_hash(token), "browser": browser_token}
    with prepared_cursor() as cursor:
        cursor.execute(OPEN, values)
        row = cursor.fetchone()
    if row is None:
        raise link_missing()
    frames = row[-1]
    facts = tuple(
        Facts(item_id, variant_id, name, colour, size, tuple(map(tuple, photos or ())))
        for item_id, variant_id, name, colour, size, photos in orjson.loads(frames or "[]")
    )
    about: list[Any] = [*row[:-2], tuple(row[-2] or ()), facts]
    return Opened(*about)


def known(gallery: Opened, *, browser_token: str, person_id: uuid.UUID) -> Known:
    """Return what is known of a browser and the person behind it."""
    viewer = browser_hash(browser_token, gallery.gallery_id)
    with prepared_cursor() as cursor:
        cursor.execute(KNOWN, [gallery.link_id, viewer, person_id, LeftOut.ERASED])
        return Known(*cursor.fetchone())
