"""``manage.py import_products``: a Shopify export becomes the catalogue, whole or not at all."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from shop.catalogue.models import Frame, FrameImage, Variant
from shop.foundation.models import OutboxMessage
from shop.inventory.models import StockRecord
from tests.factories.shop import VariantFactory

EXPORT = Path(__file__).parent / "exports" / "products_export.csv"
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the export and the pictures it names."""
    (tmp_path / "export.csv").write_bytes(EXPORT.read_bytes())
    for name, colour in (("ada-front.png", "brown"), ("ada-noir.jpg", "black")):
        Image.new("RGB", (800, 600), colour).save(tmp_path / name)
    return tmp_path


def run(path: Path) -> str:
    out = StringIO()
    call_command("import_products", path / "export.csv", stdout=out, stderr=out)
    return out.getvalue()


def refused(path: Path) -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_products", path / "export.csv", stdout=out, stderr=out)
    return out.getvalue()


def rewrite(path: Path, old: str, new: str) -> None:
    file = path / "export.csv"
    content = file.read_bytes().decode()
    assert old in content
    file.write_bytes(content.replace(old, new).encode())


def state() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Frame, Variant, FrameImage, StockRecord)
    ]


def test_an_export_becomes_frames_variants_pictures_and_stock(folder: Path) -> None:
    run(folder)

    ada = Frame.objects.get(handle="ada")
    assert (ada.name, ada.brand, ada.shape, ada.material) == (
        "Ada",
        "Lindqvist",
        "round",
        "acetate",
    )
    assert ada.description == "A generous circle.\n\nLight, and sturdy."
    assert (ada.lens_width_mm, ada.bridge_mm, ada.temple_mm) == (47, 22, 145)
    assert ada.published
    rows = ada.variants.values_list("sku", "colour", "size", "price", "compare_at_price")
    assert [(a, b, c, str(d), e and str(e)) for a, b, c, d, e in rows] == [
        ("ADA-TOR-M", "Tortoise", "M", "145.000", None),
        ("ADA-TOR-L", "Tortoise", "L", "149.500", None),
        ("ADA-NOI-M", "Noir", "M", "145.000", "165.000"),
    ]
    assert StockRecord.objects.get(variant__sku="ADA-NOI-M").on_hand == 4


def test_a_picture_hangs_at_every_variant_that_names_it(folder: Path) -> None:
    run(folder)

    noir = FrameImage.objects.get(variant__sku="ADA-NOI-M")
    assert (noir.width, noir.height, noir.alt) == (800, 600, "Ada in noir")
    assert noir.image.name.endswith(".webp")
    front = FrameImage.objects.filter(source_url__startswith="ada-front.png")
    assert {image.variant.sku for image in front if image.variant} == {"ADA-TOR-M", "ADA-TOR-L"}
    assert len({image.image.name for image in front}) == 1


def test_drafts_and_unpublished_frames_are_not_shown(folder: Path) -> None:
    run(folder)

    assert not Frame.objects.get(handle="beckett").published


def test_the_same_file_again_changes_nothing(folder: Path) -> None:
    run(folder)
    before = state()

    report = run(folder)

    assert state() == before
    assert "0 frames created, 0 updated, 2 unchanged" in report


def test_a_handle_missing_from_the_file_stays(folder: Path) -> None:
    other = VariantFactory()

    run(folder)

    other.refresh_from_db()
    assert other.active


def test_a_variant_missing_from_its_handle_is_sold_no_more(folder: Path) -> None:
    run(folder)
    rewrite(folder, "ada,,,,,,,,,Tortoise,,,L", "beckett,,,,,,,,,Tortoise,,,L")
    rewrite(
        folder,
        "beckett,,,,,,,,,Tortoise,,,L,,,,,ADA-TOR-L",
        "ada,,,,,,,,,Tortoise,,,XL,,,,,ADA-NEW",
    )

    run(folder)

    assert Variant.objects.get(sku="ADA-NEW").active
    assert not Variant.objects.get(sku="ADA-TOR-L").active


def test_colours_may_change_places(folder: Path) -> None:
    run(folder)
    rewrite(folder, "Color,Tortoise,,Size,M", "Color,Noir,,Size,M")
    rewrite(folder, "Noir,,,M,,,,,ADA-NOI-M", "Tortoise,,,M,,,,,ADA-NOI-M")

    run(folder)

    assert Variant.objects.get(sku="ADA-TOR-M").colour == "Noir"
    assert Variant.objects.get(sku="ADA-NOI-M").colour == "Tortoise"


def test_every_wrong_row_is_named_and_nothing_is_imported(folder: Path) -> None:
    rewrite(folder, "149.50", "149,5O".replace(",", "."))
    rewrite(folder, "draft", "someday")
    before = state()

    words = refused(folder)

    assert "line 4, Variant Price: “149.5O” is no price" in words
    assert "line 7, Status: “someday” is none of" in words
    assert state() == before


def test_a_missing_picture_is_named_and_nothing_is_imported(folder: Path) -> None:
    (folder / "ada-noir.jpg").unlink()

    words = refused(folder)

    assert "line 5, Image Src: there is no “ada-noir.jpg”" in words
    assert state() == [[], [], [], []]


def test_a_file_that_is_no_picture_is_named_and_nothing_is_kept(folder: Path) -> None:
    (folder / "ada-noir.jpg").write_bytes(b"<svg onload=alert(1)>")

    words = refused(folder)

    assert "line 5, Image Src: ada-noir.jpg: it cannot be read" in words
    assert state() == [[], [], [], []]


def test_a_sku_of_another_frame_is_refused(folder: Path) -> None:
    VariantFactory(sku="ADA-NOI-M", frame__handle="clara")

    words = refused(folder)

    assert "line 5, Variant SKU: “ADA-NOI-M” is already a variant of “clara”" in words
    assert not Frame.objects.filter(handle="ada").exists()


def test_pictures_at_an_address_are_counted_not_dropped(folder: Path) -> None:
    report = run(folder)

    assert "1 pictures lie at an address: the worker fetches them" in report
    image = FrameImage.objects.get(frame__handle="beckett")
    assert image.source_url == "https://cdn.shopify.com/s/files/1/0001/beckett.jpg"
    (message,) = OutboxMessage.objects.filter(topic="catalogue.fetch_picture")
    assert message.payload == {"frame_id": image.frame_id, "source_url": image.source_url}


def test_a_file_not_in_utf_8_says_how_to_save_it(folder: Path) -> None:
    (folder / "export.csv").write_bytes("Handle,Title\nada,Größe".encode("latin-1"))

    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_products", folder / "export.csv")
