"""A catalogue of any size: frames with three colours each, pictures, prices, stock and units."""

from decimal import Decimal

from djmoney.money import Money

from shop.catalogue.models import Frame, FrameImage, Material, Shape, Variant, Width
from shop.catalogue.services.listing import refresh_listings
from shop.inventory.models import StockRecord
from tests.benchmarks.server import analyse

COLOURS = ("black", "brown", "blue", "green", "red", "gold", "silver", "clear")
WORDS = ("Ada", "Bruno", "Clara", "Davide", "Edda", "Falko", "Greta", "Hilma", "Ivo", "Juno")
COLOURS_A_FRAME = 3
AT_ONCE = 2000
PLENTY = 1_000_000


def ensure_products(count: int) -> None:
    """Let the catalogue have ``count`` frames, each with everything a list and a page show."""
    begun = Frame.objects.count()
    for first in range(begun, count, AT_ONCE):
        _add_products(range(first, min(first + AT_ONCE, count)))
    if begun < count:
        analyse()


def _add_products(numbers: range) -> None:
    frames = Frame.objects.bulk_create(_frame(number) for number in numbers)
    variants = Variant.objects.bulk_create(
        _variant(frame, number, position)
        for frame, number in zip(frames, numbers, strict=True)
        for position in range(COLOURS_A_FRAME)
    )
    FrameImage.objects.bulk_create(
        FrameImage(
            frame=variant.frame,
            variant=variant,
            image=f"frames/{variant.sku}.jpg",
            width=1200,
            height=900,
        )
        for variant in variants
    )
    StockRecord.objects.bulk_create(
        StockRecord(variant=variant, on_hand=PLENTY) for variant in variants
    )
    refresh_listings(frame_ids=[frame.pk for frame in frames])


def _frame(number: int) -> Frame:
    return Frame(
        handle=f"frame-{number}",
        name=f"{WORDS[number % len(WORDS)]} {number}",
        brand=("Lindqvist", "Okada", "Rossi")[number % 3],
        description="A frame for every day, made by hand and light to wear. " * 4,
        shape=Shape.values[number % len(Shape.values)],
        material=Material.values[number // 2 % len(Material.values)],
        width=Width.values[number // 3 % len(Width.values)],
        lens_width_mm=46 + number % 8,
        bridge_mm=18 + number % 5,
        temple_mm=140 + number % 10,
        tags=["new"] if number % 7 == 0 else [],
        published=True,
    )


def _variant(frame: Frame, number: int, position: int) -> Variant:
    colour = COLOURS[(number + position * 3) % len(COLOURS)]
    return Variant(
        frame=frame,
        sku=f"B-{number}-{position}",
        colour=f"{colour.title()} {position}",
        colour_family=colour,
        price=Money(Decimal(80 + number % 150), "EUR"),
        position=position + 1,
    )
