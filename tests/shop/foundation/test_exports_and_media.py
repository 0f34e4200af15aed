"""Files that leave the shop: tables no spreadsheet runs, pictures that are only pictures."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shop.foundation.exports import csv_response, safe_cell

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_begins_a_formula(formula: str) -> None:
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("number", [-1, -1.5, Decimal("-0.25"), 0])
def test_numbers_stay_numbers(number: object) -> None:
    assert safe_cell(number) == str(number)


@given(st.lists(st.one_of(st.text(), st.none(), st.integers()), min_size=1, max_size=4))
def test_whatever_is_written_is_read_back_cell_by_cell(row: list[Any]) -> None:
    answer = csv_response("t", ["a"], [row])

    rows = list(csv.reader(StringIO(answer.content.decode(), newline="")))
    assert rows[1] == [safe_cell(cell) for cell in row]
    assert answer["Content-Disposition"] == 'attachment; filename="t.csv"'


def test_a_public_picture_is_sent_as_what_it_is() -> None:
    name = default_storage.save("tests/a.png", ContentFile(b"\x89PNG"))
    answer = Client().get(f"/media/{name}")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"\x89PNG"
    default_storage.delete(name)


@pytest.mark.parametrize("path", ["no.png", "../private/face.png", "%2e%2e/private/face.png", ""])
def test_nothing_beside_public_files_is_sent(path: str) -> None:
    private = storages["private"]
    if not private.exists("face.png"):
        private.save("face.png", ContentFile(b"a face"))

    answer = Client().get(f"/media/{path}")

    assert answer.status_code == 404
    private.delete("face.png")
