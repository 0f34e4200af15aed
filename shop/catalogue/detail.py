"""A frame with everything about it, as the API shows it: one statement, no models in between."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import orjson
from django.core.files.storage import default_storage
from django.db import connection
from djmoney.money import Money

from shop.catalogue.queries import frame_missing
from shop.foundation.money import quantize

DETAIL = """
SELECT
    json_build_object(
        'handle', frame.handle, 'name', frame.name, 'brand', frame.brand,
        'description', frame.description, 'shape', frame.shape, 'material', frame.material,
        'width', frame.width, 'lens_width_mm', frame.lens_width_mm, 'bridge_mm', frame.bridge_mm,
        'temple_mm', frame.temple_mm, 'tags', frame.tags
    )::text,
    (
        SELECT json_agg(
            json_build_object(
                'id', variant.id, 'sku', variant.sku, 'colour', variant.colour,
                'colour_family', variant.colour_family, 'colour_hex', variant.colour_hex,
                'colour_hex2', variant.colour_hex2, 'size', variant.size,
                'price', json_build_array(variant.price::text, variant.price_currency),
                'compare_at_price', json_build_array(
                    variant.compare_at_price::text, variant.compare_at_price_currency
                )
            )
            ORDER BY variant.position, variant.id
        )::text
        FROM shop_variant variant
        WHERE variant.frame_id = frame.id AND variant.active
    ),
    (
        SELECT json_agg(
            json_build_array(picture.variant_id, picture.image)
            ORDER BY picture.position, picture.id
        )::text
        FROM shop_frameimage picture
        WHERE picture.frame_id = frame.id AND picture.image <> ''
    )
FROM shop_frame frame
WHERE frame.handle = %s AND frame.published
"""


def frame_detail(handle: str, *, base: str) -> dict[str, Any]:
    """Return a frame that is sold with its variants and pictures (``api.FrameOutput``).

    Args:
        handle: the frame's.
        base: put before addresses on this host, such as ``https://shop.example``.

    Raises:
        FrameMissingError: there is none by that handle, or it is not published.
    """
    with connection.cursor() as cursor:
        cursor.execute(DETAIL, [handle])
        facts, variants, pictures = cursor.fetchone() or (None, None, None)
    if facts is None or variants is None:
        raise frame_missing()
    addresses: defaultdict[int | None, list[str]] = defaultdict(list)
    for variant_id, name in orjson.loads(pictures or "[]"):
        address = default_storage.url(name)
        addresses[variant_id].append(f"{base}{address}" if address.startswith("/") else address)
    found: dict[str, Any] = orjson.loads(facts)
    found["images"] = addresses[None]
    found["variants"] = [
        variant
        | {
            "price": _amount(*variant["price"]),
            "compare_at_price": _amount(*variant["compare_at_price"]),
            "images": addresses[variant["id"]],
        }
        for variant in orjson.loads(variants)
    ]
    return found


def _amount(amount: str | None, currency: str) -> dict[str, str] | None:
    if amount is None:
        return None
    return {"amount": str(quantize(Money(Decimal(amount), currency)).amount), "currency": currency}
