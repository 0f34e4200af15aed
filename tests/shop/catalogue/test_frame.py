"""One frame, on its page and in the API."""

import pytest
from django.test import Client
from djmoney.money import Money

from shop.catalogue.services.listing import refresh_listings
from tests.factories.shop import FrameFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> None:
    """A frame of two colours."""
    frame = FrameFactory(handle="ada", name="Ada", description="A circle.\n\n<b>Light.</b>")
    VariantFactory(frame=frame, colour="Dark Havana", sku="A-1", price=Money(145, "EUR"))
    VariantFactory(frame=frame, colour="Noir", sku="A-2", price=Money("149.50", "EUR"), position=2)
    refresh_listings(frame_ids=[frame.pk])


def test_the_first_colour_is_shown_unless_another_is_asked_for(client: Client, ada: None) -> None:
    assert "<strong>Dark Havana</strong>" in client.get("/frames/ada/").content.decode()
    page = client.get("/frames/ada/?colour=noir").content.decode()
    assert "<strong>Noir</strong>" in page
    assert "149.50" in page


def test_a_description_shows_no_markup_of_its_own(client: Client, ada: None) -> None:
    page = client.get("/frames/ada/").content.decode()

    assert "&lt;b&gt;Light.&lt;/b&gt;" in page


@pytest.mark.parametrize("path", ["/frames/beckett/", "/api/v1/frames/beckett/"])
def test_a_frame_not_published_is_not_found(client: Client, path: str) -> None:
    VariantFactory(frame__handle="beckett", frame__published=False)

    assert client.get(path).status_code == 404


def test_the_api_tells_every_variant(client: Client, ada: None) -> None:
    answer = client.get("/api/v1/frames/ada/").json()

    assert [(each["sku"], each["price"]["amount"]) for each in answer["variants"]] == [
        ("A-1", "145.00"),
        ("A-2", "149.50"),
    ]


def test_a_missing_frame_is_a_problem_by_its_code(client: Client) -> None:
    answer = client.get("/api/v1/frames/nothing/")

    assert (answer.status_code, answer.json()["code"]) == (404, "frame_not_found")
