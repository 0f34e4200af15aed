"""The manager corrects frames in Django's admin; lists know at once."""

import pytest
from django.test import Client

from shop.catalogue.services.listing import refresh_listings
from shop.customers.roles import ensure_roles
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    StaffFactory,
    StockRecordFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    """The manager's browser."""
    ensure_roles()
    client.force_login(ManagerFactory())
    return client


@pytest.mark.parametrize("model", ["frame", "stockrecord", "user", "address"])
def test_every_list_and_every_row_opens(manager: Client, model: str) -> None:
    rows = {
        "frame": VariantFactory().frame,
        "stockrecord": StockRecordFactory(),
        "user": StaffFactory(),
        "address": AddressFactory(),
    }

    assert manager.get(f"/admin/shop/{model}/?q=a").status_code == 200
    assert manager.get(f"/admin/shop/{model}/{rows[model].pk}/change/").status_code == 200


def test_a_price_corrected_is_listed_at_once(manager: Client) -> None:
    variant = VariantFactory(frame__handle="ada", frame__name="Ada")
    frame = variant.frame
    refresh_listings(frame_ids=[frame.pk])
    form = {
        "name": "Ada",
        "brand": "",
        "description": "",
        "shape": "round",
        "tags": "",
        "material": "acetate",
        "width": "medium",
        "published": "on",
        "variants-TOTAL_FORMS": 1,
        "variants-INITIAL_FORMS": 1,
        "images-TOTAL_FORMS": 0,
        "images-INITIAL_FORMS": 0,
        "variants-0-id": variant.pk,
        "variants-0-frame": frame.pk,
        "variants-0-active": "on",
        "variants-0-sku": variant.sku,
        "variants-0-colour": variant.colour,
        "variants-0-colour_family": "black",
        "variants-0-size": "",
        "variants-0-price_0": "99.00",
        "variants-0-price_1": "EUR",
        "variants-0-compare_at_price_0": "",
        "variants-0-compare_at_price_1": "EUR",
    }

    answer = manager.post(f"/admin/shop/frame/{frame.pk}/change/", form)

    assert answer.status_code == 302, answer.context["errors"]
    (row,) = manager.get("/api/v1/frames/").json()["results"]
    assert row["price_from"]["amount"] == "99.00"


def test_the_manager_cannot_raise_anybody_to_staff(manager: Client) -> None:
    user = AddressFactory().user

    manager.post(
        f"/admin/shop/user/{user.pk}/change/",
        {"email": user.email, "language": "en", "time_zone": "Europe/Berlin", "is_staff": "on"},
    )

    user.refresh_from_db()
    assert not user.is_staff


def test_stock_is_looked_at_and_not_written(manager: Client) -> None:
    record = StockRecordFactory(on_hand=10)

    manager.post(f"/admin/shop/stockrecord/{record.pk}/change/", {"on_hand": 99})

    record.refresh_from_db()
    assert record.on_hand == 10
