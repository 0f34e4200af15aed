"""What pages and the API read of the catalogue."""

from collections.abc import Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from shop.catalogue.errors import FrameMissingError
from shop.catalogue.models import Frame, FrameImage, Variant

LIST_COLUMNS = ("id", "handle", "name", "brand", "shape", "material", "width", "listing")
RELATED = 4


def published_frames() -> QuerySet[Frame]:
    """Return the frames that are sold."""
    return Frame.objects.filter(published=True, price_from__isnull=False)


def image_urls(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the address of each variant's first picture, in one query.

    A variant without a picture of its own has the frame's; one without any is left out.
    """
    pictures = FrameImage.objects.exclude(image="").filter(
        Q(variant=OuterRef("pk")) | Q(variant__isnull=True, frame=OuterRef("frame"))
    )
    first = pictures.order_by(F("variant").asc(nulls_last=True), "position", "pk").values("image")
    rows = Variant.objects.filter(pk__in=set(variant_ids)).annotate(picture=Subquery(first[:1]))
    return {
        variant_id: default_storage.url(name)
        for variant_id, name in rows.values_list("pk", "picture")
        if name
    }


def frame_rows(frames: QuerySet[Frame]) -> QuerySet[Frame, dict[str, Any]]:
    """Return frames as rows of what a list shows: one query, no models."""
    rows: QuerySet[Frame, dict[str, Any]] = frames.values(*LIST_COLUMNS)
    return rows


def with_urls(row: dict[str, Any], *, base: str = "") -> dict[str, Any]:
    """Return a row of ``frame_rows`` with addresses in place of stored names of pictures.

    Args:
        row: one frame.
        base: put before addresses on this host, such as ``https://shop.example``.
    """
    listing = row["listing"]

    def url(name: str) -> str | None:
        address = default_storage.url(name) if name else None
        return f"{base}{address}" if address and address.startswith("/") else address

    colours = [{**colour, "image": url(colour["image"])} for colour in listing["colours"]]
    return {**row, "listing": {**listing, "colours": colours, "image": url(listing["image"])}}


def frame_by_handle(handle: str) -> Frame:
    """Return a frame that is sold, with variants and pictures at hand: three queries.

    Its ``variants.all()`` are those still sold.

    Raises:
        FrameMissingError: there is none by that handle, or it is not published.
    """
    variants = Variant.objects.filter(active=True).order_by("position", "pk")
    frame = (
        Frame.objects.filter(handle=handle, published=True)
        .prefetch_related(
            Prefetch("variants", queryset=variants),
            Prefetch("images", queryset=FrameImage.objects.exclude(image="")),
        )
        .first()
    )
    if frame is None or not frame.variants.all():
        raise FrameMissingError(_("There is no such frame, or it is not sold any more."))
    return frame


def related_rows(frame: Frame) -> list[dict[str, Any]]:
    """Return rows of a few other frames: of the same shape first, then of the same material."""
    others = published_frames().exclude(pk=frame.pk)
    alike = others.filter(Q(shape=frame.shape) | Q(material=frame.material, width=frame.width))
    same_shape = Q(shape=frame.shape)
    rows = frame_rows(alike.annotate(same_shape=same_shape).order_by("-same_shape", "-id"))
    return [with_urls(row) for row in rows[:RELATED]]


def loved_rows(*, count: int) -> list[dict[str, Any]]:
    """Return rows of frames that the shop tags as loved, newest first."""
    loved = published_frames().filter(tags__contains=["friends love it"])
    rows = list(frame_rows(loved.order_by("-id"))[:count])
    if not rows:
        rows = list(frame_rows(published_frames().order_by("-id"))[:count])
    return [with_urls(row) for row in rows]
