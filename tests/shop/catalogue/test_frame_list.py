"""The list of frames, on its page and in the API."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from shop.catalogue.models import Frame, FrameImage
from shop.catalogue.services.listing import refresh_listings
from tests.factories.shop import FrameFactory, VariantFactory

pytestmark = pytest.mark.django_db


def shown(price: int = 145, families: tuple[str, ...] = ("black",), **fields: Any) -> Frame:
    """Return a frame that lists know of."""
    frame = FrameFactory(**fields)
    for family in families:
        VariantFactory(frame=frame, colour_family=family, price=Money(price, "EUR"))
    refresh_listings(frame_ids=[frame.pk])
    return frame


def found(client: Client, query: str) -> list[str]:
    answer = client.get(f"/api/v1/frames/?{query}")
    assert answer.status_code == 200
    return sorted(row["name"] for row in answer.json()["results"])


def test_only_published_frames_with_a_variant_are_listed(client: Client) -> None:
    shown(name="Ada")
    shown(name="Draft", published=False)
    shown(name="Bare", families=())

    assert found(client, "") == ["Ada"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("shape=round", ["Ada"]),
        ("shape=round&shape=oval", ["Ada", "Iris"]),
        ("shape=round&material=metal", []),
        ("colour=gold", ["Iris"]),
        ("colour=gold&colour=black", ["Ada", "Iris"]),
        ("price_max=120", ["Iris"]),
        ("price_min=120", ["Ada"]),
        ("width=narrow", ["Iris"]),
        ("q=ad", ["Ada"]),
        ("q=oval gol", ["Iris"]),
        ("q=ada iris", []),
        ("q=%26 | ! :*", ["Ada", "Iris"]),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, names: list[str]) -> None:
    shown(name="Ada", shape="round", material="acetate", price=145)
    shown(name="Iris", shape="oval", material="metal", width="narrow", price=95, families=("gold",))

    assert found(client, query) == names


def test_an_unknown_shape_is_refused_by_the_api_and_passed_over_by_the_page(client: Client) -> None:
    shown(name="Ada")

    assert client.get("/api/v1/frames/?shape=blob").status_code == 400
    assert "Ada" in client.get("/frames/?shape=blob").content.decode()


def test_pages_of_the_api_follow_by_cursor_without_gap_or_repetition(client: Client) -> None:
    names = {shown(name=f"Frame {n}").name for n in range(5)}
    seen: list[str] = []
    url = "/api/v1/frames/?page_size=2"
    while url:
        answer = client.get(url).json()
        seen += [row["name"] for row in answer["results"]]
        url = answer["next"]

    assert len(seen) == 5
    assert set(seen) == names


def test_a_row_tells_price_colours_and_facts(client: Client) -> None:
    shown(name="Ada", handle="ada", families=("black", "gold"), price=95)

    (row,) = client.get("/api/v1/frames/").json()["results"]

    assert row["price_from"] == {"amount": "95.00", "currency": "EUR"}
    assert [colour["family"] for colour in row["colours"]] == ["black", "gold"]
    assert (row["handle"], row["shape"], row["several_prices"]) == ("ada", "round", False)


@pytest.mark.parametrize("path", ["/frames/", "/api/v1/frames/", "/"])
def test_more_frames_take_no_more_queries(
    client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        shown(name=f"Frame {n}", families=("black", "gold"))
    with django_assert_max_num_queries(20) as few:
        client.get(path)
    for n in range(12):
        shown(name=f"More {n}", families=("black", "gold", "red"))
    with django_assert_max_num_queries(20) as many:
        client.get(path)

    assert len(many) == len(few)


def test_the_api_lists_with_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown()

    with django_assert_num_queries(1):
        client.get("/api/v1/frames/")


def test_htmx_gets_the_list_alone(client: Client) -> None:
    shown(name="Ada")

    part = client.get("/frames/?shape=round", headers={"HX-Request": "true"}).content.decode()

    assert 'id="frames"' in part
    assert "<html" not in part


def test_each_set_filter_can_be_taken_away(client: Client) -> None:
    shown(name="Ada")

    page = client.get("/frames/?shape=round&colour=black&q=ada").content.decode()

    assert "?shape=round&amp;q=ada" in page
    assert "?colour=black&amp;q=ada" in page


def test_nothing_found_says_what_to_do(client: Client) -> None:
    assert "No frame fits all of that" in client.get("/frames/?q=zeppelin").content.decode()


def test_the_order_may_be_by_price(client: Client) -> None:
    shown(name="Dear", price=300)
    shown(name="Cheap", price=50)

    page = client.get("/frames/?sort=price").content.decode()

    assert page.index(">Cheap<") < page.index(">Dear<")


def test_a_frame_is_shown_in_the_colour_filtered_by(client: Client) -> None:
    frame = FrameFactory(handle="ada")
    VariantFactory(frame=frame, colour="Noir", colour_family="black")
    VariantFactory(frame=frame, colour="Rose Gold", colour_family="gold", position=2)
    refresh_listings(frame_ids=[frame.pk])

    assert "/frames/ada/?colour=rose-gold" in client.get("/frames/?colour=gold").content.decode()


def test_pictures_of_a_row_are_addresses_that_answer(client: Client) -> None:
    frame = FrameFactory()
    variant = VariantFactory(frame=frame, colour='"image": "frames/')
    picture = default_storage.save("frames/ada.webp", ContentFile(b"picture"))
    FrameImage.objects.create(
        frame=frame, variant=variant, image=picture, width=4, height=3, source_url="ada.webp"
    )
    refresh_listings(frame_ids=[frame.pk])

    (row,) = client.get("/api/v1/frames/").json()["results"]

    assert row["image"] == f"http://testserver/media/{picture}"
    assert row["colours"][0]["image"] == row["image"]
    assert row["colours"][0]["name"] == '"image": "frames/'
    assert client.get(row["image"]).status_code == 200


def test_later_pages_show_the_rest(client: Client) -> None:
    for n in range(26):
        shown(name=f"Frame {n:02}")

    first = client.get("/frames/?sort=name").content.decode()
    second = client.get("/frames/?sort=name&page=2").content.decode()

    assert ">Frame 23<" in first
    assert ">Frame 24<" not in first
    assert ">Frame 24<" in second
    assert ">Frame 23<" not in second
