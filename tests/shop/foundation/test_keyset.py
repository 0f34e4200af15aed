"""Pages of a list that begin beside a row: every row once, forwards and back."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shop.customers.models import User
from shop.foundation.keyset import KeysetPage, count_up_to, keyset_page
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
SIZE = 3
WHOLE = PreparedQuery(lambda: User.objects.filter(AnyOf(F("pk"), Slot("keys"))))
ORDERS = [("date_joined", "pk"), ("-date_joined", "-pk"), ("pk",), ("-pk",), ("-name", "-pk")]


@pytest.fixture
def people() -> set[int]:
    """Ten users, of whom several joined at the same moment."""
    now = timezone.now()
    return {UserFactory(name="Ada", date_joined=now - timedelta(days=n // 4)).pk for n in range(10)}


def _turned(page: KeysetPage, way: str) -> dict[str, str]:
    """Return what the address of the next or the previous page asks for."""
    address = page.links(state="kept")[f"{way}_url"]
    return {name: values[0] for name, values in parse_qs(address.removeprefix("?")).items()}


@pytest.mark.parametrize("order", ORDERS)
def test_every_row_stands_on_one_page_and_the_way_back_is_the_same(
    people: set[int], order: tuple[str, ...]
) -> None:
    rows = User.objects.filter(pk__in=people).order_by(*order)
    wanted = list(rows.values_list("pk", flat=True))
    page = keyset_page(rows, asked={}, size=SIZE)
    shown = [[row.pk for row in page]]
    while page.after:
        page = keyset_page(rows, asked=_turned(page, "next"), size=SIZE)
        shown.append([row.pk for row in page])
    assert [key for keys in shown for key in keys] == wanted
    for before in reversed(shown[:-1]):
        page = keyset_page(rows, asked=_turned(page, "previous"), size=SIZE)
        assert [row.pk for row in page] == before
    assert page.before == ""


@pytest.mark.parametrize("order", ORDERS)
def test_rows_of_two_kinds_stand_on_the_pages_of_one_list(
    people: set[int], order: tuple[str, ...]
) -> None:
    rows = User.objects.filter(pk__in=people).order_by(*order)
    some = {key for key in people if key % 3}
    kinds = rows.filter(pk__in=some), rows.filter(pk__in=people - some)
    asked: dict[str, str] = {}
    for way in [*["next"] * 3, *["previous"] * 3]:
        expected = keyset_page(rows, asked=asked, size=SIZE)
        page = keyset_page(kinds[0], asked=asked, size=SIZE, whole=WHOLE, besides=kinds[1])
        assert [row.pk for row in page] == [row.pk for row in expected]
        assert (page.before, page.after) == (expected.before, expected.after)
        asked = _turned(page, way)


@pytest.mark.parametrize("order", ORDERS)
def test_rows_read_whole_are_those_of_the_page_in_its_order(
    people: set[int], order: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = User.objects.filter(pk__in=people).order_by(*order)
    asked: dict[str, str] = {}
    for _page in range(2):
        expected = keyset_page(rows, asked=asked, size=SIZE)
        with django_assert_num_queries(2):
            page = keyset_page(rows, asked=asked, size=SIZE, whole=WHOLE)
            # All of them is there, without asking again.
            assert [row.email for row in page] == [row.email for row in expected]
        assert (page.before, page.after) == (expected.before, expected.after)
        asked = _turned(page, "next")


@pytest.mark.parametrize(
    "place",
    ["", "nonsense", "2026-01-01T00:00:00~1", "~", "2026-01-01T00:00:00+00:00~", "x~y", "\x00~1"],
)
def test_what_is_no_place_is_the_first_page(people: set[int], place: str) -> None:
    rows = User.objects.filter(pk__in=people).order_by("date_joined", "pk")

    page = keyset_page(rows, asked={"after": place}, size=SIZE)

    assert [row.pk for row in page] == list(rows.values_list("pk", flat=True)[:SIZE])
    assert page.before == ""


def test_filters_stay_in_the_links_and_an_empty_list_has_none(people: set[int]) -> None:
    page = keyset_page(User.objects.order_by("pk"), asked={}, size=SIZE)

    assert _turned(page, "next")["state"] == "kept"
    assert keyset_page(User.objects.none().order_by("pk"), asked={}, size=SIZE).links() == {
        "previous_url": "",
        "next_url": "",
    }


def test_a_count_ends_where_nobody_counts_any_more(people: set[int]) -> None:
    rows = User.objects.filter(pk__in=people)

    assert count_up_to(rows, most=20) == 10
    assert count_up_to(rows, most=5) == 6
