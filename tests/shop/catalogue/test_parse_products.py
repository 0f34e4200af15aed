"""Reading a product file: whatever it holds, the answer is products or named mistakes."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.shopify.parsing import CatalogueFileError, parse_products
from shop.catalogue.shopify.products import ParsedProduct
from shop.catalogue.shopify.prose import prose

COLUMNS = ["Handle", "Title", "Tags", "Option1 Name", "Option1 Value", "Variant SKU"]
COLUMNS += ["Variant Price", "Variant Compare At Price", "Variant Inventory Qty", "Image Src"]
ADA = {
    "Handle": "ada",
    "Title": "Ada",
    "Tags": "shape:round, material:acetate",
    "Option1 Name": "Colour",
    "Option1 Value": "Noir",
    "Variant SKU": "ADA-1",
    "Variant Price": "145.00",
}


def written(*rows: dict[str, str], columns: list[str] = COLUMNS, end: str = "\n") -> str:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def mistakes(text: str) -> list[str]:
    with pytest.raises(CatalogueFileError) as caught:
        parse_products(text)
    return [str(mistake) for mistake in caught.value.mistakes]


def only(text: str) -> ParsedProduct:
    (product,) = parse_products(text).products
    return product


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_make_no_difference(end: str, mark: str) -> None:
    assert only(mark + written(ADA, end=end)).variants[0].sku == "ADA-1"


def test_a_quoted_line_end_counts_as_a_line_of_the_file() -> None:
    wrong = ADA | {"Title": "", "Option1 Value": "Honey", "Variant SKU": "", "Variant Price": "x"}

    assert mistakes(written(ADA | {"Title": "A\nd\na"}, wrong))[0].startswith(
        "line 5, Variant Price"
    )


def test_rows_of_a_handle_need_not_stand_together() -> None:
    other = ADA | {"Handle": "clara", "Variant SKU": "C-1"}
    more = ADA | {"Title": "", "Option1 Value": "Honey", "Variant SKU": "ADA-2"}

    products = parse_products(written(ADA, other, more)).products

    assert [(each.handle, len(each.variants)) for each in products] == [("ada", 2), ("clara", 1)]


def test_all_mistakes_are_named_at_once() -> None:
    named = mistakes(
        written(
            ADA | {"Handle": "", "Variant SKU": "1"},
            ADA | {"Title": "", "Variant Price": "1,299.00"},
            ADA | {"Handle": "clara", "Tags": "shape:blob", "Variant SKU": "2"},
            ADA | {"Handle": "otis", "Variant Price": "", "Variant SKU": "3"},
        )
    )

    assert [line.split(": ")[0] for line in named] == [
        "line 2, Handle",
        "line 3, Title",
        "line 3, Variant Price",
        "line 4, Tags",
        "line 4, Tags",
        "line 5, Variant Price",
    ]


def test_a_sku_twice_names_both_lines() -> None:
    second = ADA | {"Handle": "clara"}

    assert mistakes(written(ADA, second)) == ["line 3, Variant SKU: “ADA-1” stands on line 2 too"]


def test_a_colour_twice_is_refused() -> None:
    second = ADA | {"Title": "", "Variant SKU": "ADA-2", "Option1 Value": "noir"}

    assert "colour and size stand on line 2 too" in mistakes(written(ADA, second))[0]


def test_an_open_quote_is_found_with_its_line() -> None:
    assert "is a quote open?" in mistakes(written(ADA) + '"clara,Clara')[0]


def test_a_file_that_is_no_product_export_says_what_is_missing() -> None:
    assert "columns missing: Handle" in mistakes("Name;Price\nAda;145\n")[0]


def test_a_picture_cannot_be_taken_from_outside_the_folder() -> None:
    assert "leads out" in mistakes(written(ADA | {"Image Src": "../../etc/passwd.png"}))[0]
    assert "neither https nor http" in mistakes(written(ADA | {"Image Src": "file:///a.png"}))[0]


def test_the_newer_column_names_are_understood() -> None:
    newer = ["URL handle", "Title", "Tags", "Option1 name", "Option1 value", "SKU", "Price"]
    row = dict(zip(newer, list(ADA.values()), strict=True))

    product = only(written(row, columns=newer))

    assert (product.handle, product.variants[0].sku) == ("ada", "ADA-1")


def test_a_former_price_below_the_price_is_noted_and_not_shown() -> None:
    parsed = parse_products(written(ADA | {"Variant Compare At Price": "99.00"}))

    assert parsed.products[0].variants[0].compare_at_price is None
    assert "below the price" in str(parsed.notes[0])


@pytest.mark.parametrize(
    ("colour", "family"),
    [
        ("Rose Gold", "gold"),
        ("Noir and Gold", "black"),
        ("Honey Tortoise", "tortoise"),
        ("Dunkelgrau", "other"),
    ],
)
def test_a_colour_s_name_tells_its_family(colour: str, family: str) -> None:
    assert only(written(ADA | {"Option1 Value": colour})).variants[0].colour_family == family


def test_no_markup_of_a_description_survives() -> None:
    html = "<p>One<br>two</p><style>p{}</style><img src=x onerror=alert(1)><ul><li>three</ul>"

    assert prose(html) == "One\n\ntwo\n\n• three"


@given(st.text())
def test_any_text_gives_products_or_mistakes_and_never_a_crash(text: str) -> None:
    named = mistakes(text) if not text.startswith("Handle") else ["not tried"]

    assert named


CELLS = st.one_of(st.sampled_from(["", "ada", "TRUE", "-1", "1e9", "a.png", "Colour"]), st.text())


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)), max_size=6))
def test_any_cells_give_products_fit_for_the_tables_or_mistakes(rows: list[dict[str, str]]) -> None:
    try:
        parsed = parse_products(written(*rows))
    except CatalogueFileError:
        return
    for product in parsed.products:
        assert 0 < len(product.handle) <= 120
        assert 0 < len(product.name) <= 120
        assert product.variants
        for variant in product.variants:
            assert 0 < len(variant.sku) <= 60
            assert 0 < len(variant.colour) <= 60
            assert variant.price >= 0
