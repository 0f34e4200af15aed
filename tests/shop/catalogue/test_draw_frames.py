"""Drawn frames look like frames: each shape and colour unlike the others."""

from itertools import combinations
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image, ImageChops, ImageStat

from shop.catalogue.drawing.spectacles import PICTURE, Look, draw_spectacles
from shop.catalogue.models import Material, Shape
from shop.catalogue.shopify.parsing import parse_products
from shop.demo import PRODUCTS


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def look(shape: str = Shape.ROUND, colour: str = "#1c1a1b", **more: str) -> Image.Image:
    material = more.pop("material", Material.ACETATE)
    finish = more.pop("finish", "solid")
    return draw_spectacles(Look(shape, material, finish, colour, **more))


def test_every_shape_is_unlike_every_other() -> None:
    drawn = {shape: look(shape) for shape in Shape.values}

    for one, other in combinations(drawn, 2):
        assert difference(drawn[one], drawn[other]) > 4, (one, other)


@pytest.mark.parametrize("shape", Shape.values)
@pytest.mark.parametrize("material", Material.values)
def test_a_pair_lies_whole_within_its_picture(shape: str, material: str) -> None:
    picture = draw_spectacles(Look(shape, material, "solid", "#1c1a1b", lens_mm=56, bridge_mm=20))

    assert picture.size == PICTURE
    edge = picture.copy()
    edge.paste("white", (4, 4, PICTURE[0] - 4, PICTURE[1] - 4))
    assert ImageStat.Stat(edge).extrema == [(255, 255)] * 3


def test_finishes_of_one_colour_differ() -> None:
    drawn = [
        look(colour="#9a5b24", finish=finish, colour2="#2e1a10")
        for finish in ("solid", "tortoise", "fade", "crystal")
    ]

    for one, other in combinations(drawn, 2):
        assert difference(one, other) > 1


def test_the_same_look_is_drawn_alike_and_another_seed_mottled_otherwise() -> None:
    one, same, other = (
        look(finish="tortoise", colour="#9a5b24", colour2="#2e1a10", seed=seed)
        for seed in ("ada", "ada", "poe")
    )

    assert difference(one, same) == 0
    assert difference(one, other) > 0.2


def test_the_command_draws_what_a_file_names_and_lacks(tmp_path: Path) -> None:
    lines = PRODUCTS.read_text("utf-8-sig").splitlines(keepends=True)
    (tmp_path / "two.csv").write_text("".join(lines[:4]), encoding="utf-8")
    (tmp_path / "ada-noir.webp").write_bytes(b"mine")

    call_command("draw_frames", tmp_path / "two.csv")

    assert (tmp_path / "ada-noir.webp").read_bytes() == b"mine"
    with Image.open(tmp_path / "ada-tortoise.webp") as picture:
        assert picture.size == PICTURE


def test_the_demo_s_file_is_without_mistake_or_guess() -> None:
    parsed = parse_products(PRODUCTS.read_text("utf-8-sig"))

    assert parsed.notes == []
    assert len(parsed.products) == 40
    assert {len(product.variants) for product in parsed.products} == {3}
    assert {product.shape for product in parsed.products} == set(Shape.values)
