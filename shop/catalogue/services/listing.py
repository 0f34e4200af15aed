"""What lists show of frames, gathered from their variants and pictures."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.utils.translation import override
from djmoney.money import Money

from shop.catalogue.models import Frame, FrameImage, Variant
from shop.foundation.locks import lock_rows
from shop.foundation.money import quantize

COLOURS_IN_LIST = 6


@transaction.atomic
def refresh_listings(*, frame_ids: Iterable[int]) -> None:
    """Gather anew what lists show of frames and find them by.

    Args:
        frame_ids: frames whose variants, pictures or names changed.
    """
    frames = lock_rows(Frame, frame_ids)
    variants: dict[int, list[Variant]] = defaultdict(list)
    for variant in Variant.objects.filter(frame__in=frames, active=True).order_by("position", "pk"):
        variants[variant.frame_id].append(variant)
    pictures = _first_pictures(frames)
    for frame in frames:
        _gather(frame, variants[frame.pk], pictures)
    Frame.objects.bulk_update(
        frames, ["listing", "price_from", "price_from_currency", "colour_families"], batch_size=500
    )
    for frame in frames:
        words = Value(_words(frame, variants[frame.pk]))
        Frame.objects.filter(pk=frame.pk).update(search=SearchVector(words, config="simple"))


def _first_pictures(frames: list[Frame]) -> dict[tuple[int, int | None], str]:
    """Return the first picture's name by frame and variant (none: of the frame as such)."""
    found: dict[tuple[int, int | None], str] = {}
    rows = FrameImage.objects.filter(frame__in=frames).exclude(image="").order_by("position", "pk")
    for frame_id, variant_id, name in rows.values_list("frame_id", "variant_id", "image"):
        found.setdefault((frame_id, variant_id), name)
    return found


def _gather(
    frame: Frame, variants: list[Variant], pictures: dict[tuple[int, int | None], str]
) -> None:
    cheapest = min(variants, key=lambda variant: variant.price, default=None)
    own = pictures.get((frame.pk, None), "")
    colours: dict[str, dict[str, Any]] = {}
    for variant in variants:
        colours.setdefault(
            variant.colour,
            {
                "name": variant.colour,
                "family": variant.colour_family,
                "hex": variant.colour_hex,
                "hex2": variant.colour_hex2,
                "image": pictures.get((frame.pk, variant.pk), own) or None,
            },
        )
    was = cheapest.compare_at_price if cheapest else None
    frame.price_from = cheapest.price if cheapest else None
    frame.colour_families = sorted({variant.colour_family for variant in variants})
    facts = ("handle", "name", "brand", "shape", "material", "width")
    frame.listing = {name: getattr(frame, name) for name in facts} | {
        "image": next((each["image"] for each in colours.values() if each["image"]), own or None),
        "colours": list(colours.values())[:COLOURS_IN_LIST],
        "more_colours": max(len(colours) - COLOURS_IN_LIST, 0),
        "price_from": _as_json(cheapest.price) if cheapest else None,
        "compare_at_price": _as_json(was) if was else None,
        "several_prices": len({variant.price for variant in variants}) > 1,
    }


def _as_json(price: Money) -> dict[str, str]:
    return {"amount": str(quantize(price).amount), "currency": str(price.currency)}


def _words(frame: Frame, variants: list[Variant]) -> str:
    """Return the words a frame is found by, its facts in every language of the shop."""
    words = [frame.name, frame.brand, *frame.tags]
    for language in ("en", "de"):
        with override(language):
            words += [
                str(frame.get_shape_display()),
                str(frame.get_material_display()),
                str(frame.get_width_display()),
            ]
    for variant in variants:
        words += [variant.colour, variant.colour_family, variant.sku]
    return " ".join(words).lower()
