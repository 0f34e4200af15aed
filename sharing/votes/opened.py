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
from sharing.galleries.tokens import browser_hash, browser_person, token_hash
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
    ),
    CASE WHEN gallery.id = %(guess)s::uuid THEN EXISTS (
        SELECT FROM sharing_linkview view WHERE view.link_id = link.id AND view.viewer = %(viewer)s
    ) END,
    CASE WHEN gallery.id = %(guess)s::uuid THEN EXISTS (
        SELECT FROM sharing_vote vote
        WHERE vote.voter_id = %(person)s::uuid AND vote.excluded_because <> %(erased)s
    ) END
FROM sharing_sharelink link
JOIN sharing_gallery gallery ON gallery.id = link.gallery_id
JOIN shop_user owner ON owner.id = gallery.owner_id
WHERE link.token_hash = %(token_hash)s AND {OPENS} AND {ADMITS}
"""  # noqa: S608 - of constants

# Who asks is known by a hash of her token and the gallery, which is known once the link is found.
# So the gallery is guessed by what this process saw the link open before, and the statement says
# whether that is right: one round trip for two. Hashes of tokens, as the table holds them.
_guesses: dict[str, uuid.UUID] = {}
MOST_GUESSES = 10_000

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
class Known:
    """What is known of a browser: whether it opened this link before, whether it voted."""

    seen: bool
    voted: bool


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
        before: what is known of who asks; nothing where it is still to be asked for.
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
    before: Known | None = None

    @property
    def closed(self) -> bool:
        """Whether the voting is over."""
        return self.state != GalleryState.OPEN


def opened(token: str, browser_token: str) -> Opened:
    """Return the gallery that a link opens.

    Args:
        token: of the link.
        browser_token: who asks; a close friend's link opens to those it let in.

    Raises:
        LinkMissingError: as ``galleries.queries.open_link``; which of the reasons is not said.
    """
    values = opening_values(timezone.now())
    hashed = token_hash(token)
    values |= {"token_hash": hashed, "browser": browser_token, "erased": LeftOut.ERASED}
    values |= _of_browser(_guesses.get(hashed), browser_token)
    with prepared_cursor() as cursor:
        cursor.execute(OPEN, values)
        row = cursor.fetchone()
    if row is None:
        raise link_missing()
    *row, frames, seen, voted = row
    facts = tuple(
        Facts(item_id, variant_id, name, colour, size, tuple(map(tuple, photos or ())))
        for item_id, variant_id, name, colour, size, photos in orjson.loads(frames or "[]")
    )
    before = None if seen is None else Known(seen, voted)
    about: list[Any] = [*row[:-1], tuple(row[-1] or ()), facts, before]
    found = Opened(*about)
    if found.before is None:
        _guess(hashed, found.gallery_id)
    return found


def _guess(hashed: str, gallery_id: uuid.UUID) -> None:
    if len(_guesses) >= MOST_GUESSES:
        _guesses.clear()
    _guesses[hashed] = gallery_id


def _of_browser(gallery_id: uuid.UUID | None, browser_token: str) -> dict[str, Any]:
    if gallery_id is None:
        return {"guess": None, "viewer": "", "person": None}
    return {
        "guess": gallery_id,
        "viewer": browser_hash(browser_token, gallery_id),
        "person": browser_person(browser_token, gallery_id),
    }


def known(gallery: Opened, *, browser_token: str, person_id: uuid.UUID) -> Known:
    """Return what is known of a browser and the person behind it: a query, if not known yet."""
    if gallery.before is not None:
        return gallery.before
    viewer = browser_hash(browser_token, gallery.gallery_id)
    with prepared_cursor() as cursor:
        cursor.execute(KNOWN, [gallery.link_id, viewer, person_id, LeftOut.ERASED])
        return Known(*cursor.fetchone())
