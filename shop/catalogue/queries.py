"""What pages and the API read of the catalogue."""

import re
from collections.abc import Iterable
from typing import Any

import orjson
from django.contrib.postgres.search import SearchQuery
from django.core.files.storage import default_storage
from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from shop.catalogue.errors import FrameMissingError
from shop.catalogue.models import EarlyLook, Frame, FrameImage, Variant
from shop.catalogue.uploads import PICTURES
from shop.customers.models import User
from shop.foundation.postgres import prepared_cursor

RELATED = 4
MOST_WORDS = 8
FIRST_PICTURES = """
SELECT variant.id, picture.image
FROM shop_variant variant
CROSS JOIN LATERAL (
    SELECT own.image FROM shop_frameimage own
    WHERE own.image <> '' AND (
        own.variant_id = variant.id
        OR own.variant_id IS NULL AND own.frame_id = variant.frame_id
    )
    ORDER BY own.variant_id NULLS LAST, own.position, own.id
    LIMIT 1
) picture
WHERE variant.id = ANY(%s::bigint[])
"""


def published_frames() -> QuerySet[Frame]:
    """Return the frames that are sold."""
    # Not by the manager: that of django-money takes a tenth of a list's time to look for money.
    return QuerySet(Frame).filter(published=True, price_from__isnull=False)


def frames_said(frames: QuerySet[Frame], words: str) -> QuerySet[Frame]:
    """Keep frames in whose words each word searched for begins one; all of them for no word."""
    said = re.findall(r"\w+", words.lower())[:MOST_WORDS]
    if not said:
        return frames
    query = " & ".join(f"{word}:*" for word in said)
    return frames.filter(search=SearchQuery(query, search_type="raw", config="simple"))


def image_urls(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the address of each variant's first picture, in one query.

    A variant without a picture of its own has the frame's; one without any is left out.
    """
    wanted = sorted(set(variant_ids))
    if not wanted:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(FIRST_PICTURES, [wanted])
        return {variant_id: default_storage.url(name) for variant_id, name in cursor.fetchall()}


def listings(frames: QuerySet[Frame]) -> list[dict[str, Any]]:
    """Return what a list shows of each frame: one query, addresses in place of stored names."""
    rows = frames.annotate(row=Cast("listing", TextField())).values_list("row", flat=True)
    found: list[dict[str, Any]] = orjson.loads(listings_json(rows, base=""))
    return found


def listings_json(rows: Iterable[str], *, base: str) -> str:
    """Return listings as one JSON list, pictures by address.

    Listings are stored as they are sent, but for their pictures' names: a list of any length is
    put together without being taken apart first.

    Args:
        rows: the column ``listing`` as text.
        base: put before addresses on this host, such as ``https://shop.example``.
    """
    prefix = default_storage.url(PICTURES)
    prefix = f"{base}{prefix}" if prefix.startswith("/") else prefix
    # Quotes inside a value are escaped, so that only the key itself is ever met.
    return f"[{','.join(rows)}]".replace(f'"image": "{PICTURES}', f'"image": "{prefix}')


def frame_by_handle(handle: str, *, user: User | None = None) -> Frame:
    """Return a frame that is sold, with variants and pictures at hand: three queries.

    Its ``variants.all()`` are those still sold.

    Args:
        handle: the frame's.
        user: who looks, if she is known: she may see a frame early.

    Raises:
        FrameMissingError: there is none by that handle, or it is not published.
    """
    variants = Variant.objects.filter(active=True).order_by("position", "pk")
    frame = (
        Frame.objects.filter(handle=handle)
        .prefetch_related(
            Prefetch("variants", queryset=variants),
            Prefetch("images", queryset=FrameImage.objects.exclude(image="")),
        )
        .first()
    )
    if frame is None or not frame.variants.all():
        raise frame_missing()
    if not frame.published and not early_frames(user, [frame.pk]):
        raise frame_missing()
    return frame


def early_frames(user: User | None, frame_ids: Iterable[int]) -> set[int]:
    """Return which of some frames a customer may see and try before they are published.

    Args:
        user: the customer; a visitor sees nothing early.
        frame_ids: frames; those published already need not be asked for.
    """
    if user is None:
        return set()
    looks = EarlyLook.objects.filter(user=user, frame_id__in=set(frame_ids))
    return set(looks.values_list("frame_id", flat=True))


def frame_missing() -> FrameMissingError:
    """Return what to raise where a frame is not sold."""
    return FrameMissingError(_("There is no such frame, or it is not sold any more."))


def related_listings(frame: Frame) -> list[dict[str, Any]]:
    """Return a few other frames as lists show them: those of the same shape first."""
    others = published_frames().exclude(pk=frame.pk)
    alike = others.filter(Q(shape=frame.shape) | Q(material=frame.material, width=frame.width))
    same_shape = Q(shape=frame.shape)
    ordered = alike.annotate(same_shape=same_shape).order_by("-same_shape", "-id")
    return listings(ordered[:RELATED])


def loved_listings(*, count: int) -> list[dict[str, Any]]:
    """Return frames that the shop tags as loved, newest first, as lists show them."""
    loved = published_frames().filter(tags__contains=["friends love it"])
    newest = published_frames().order_by("-id")
    return listings(loved.order_by("-id")[:count]) or listings(newest[:count])
