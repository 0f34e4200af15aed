"""Laws of the catalogue, the stock, of customers, of what they are told and of answers kept."""

from uuid import uuid4

from django.utils import timezone

from shop.catalogue.models import EarlyLook, FrameImage
from shop.customers.models import User
from shop.foundation.models import IdempotencyRecord
from shop.inventory.models import StockReservation
from shop.messages.models import MessageItem, MessagePreference, Suppression
from shop.messages.topics import TRANSACTIONAL
from tests.factories.shop import FrameFactory, StockRecordFactory, UserFactory, VariantFactory
from tests.house.laws import check, once

NOW = timezone.now
NOT_OPTIONAL = tuple({"topic": topic} for topic in sorted(TRANSACTIONAL))


def _image() -> FrameImage:
    # Its size is given, for else its file would be read.
    return FrameImage.objects.create(
        frame=FrameFactory(),
        image="frame.webp",
        width=1,
        height=1,
        source_url="https://old.example/frame.jpg",
    )


def _early_look() -> EarlyLook:
    return EarlyLook.objects.create(frame=FrameFactory(), user=UserFactory(), source=uuid4())


def _reservation() -> StockReservation:
    return StockReservation.objects.create(
        stock=StockRecordFactory(), quantity=1, reference="order 1"
    )


def _anna() -> User:
    return UserFactory(email="anna@lorgnette.example")


def _answer() -> IdempotencyRecord:
    return IdempotencyRecord.objects.create(scope="1 orders", key="k", request_hash="0")


def _preference() -> MessagePreference:
    return MessagePreference.objects.create(user=UserFactory(), topic="votes", delivery="never")


def _suppression() -> Suppression:
    return Suppression.objects.create(address_hash="a", topic="votes")


def _message() -> MessageItem:
    return MessageItem.objects.create(
        key="k", address_hash="a", topic="votes", template="t", delivery="digest", due_at=NOW()
    )


LAWS = (
    once(
        "one_variant_a_colour_and_size",
        VariantFactory,
        {"sku": "other"},
        lawful=tuple(
            {"sku": "other", **each}
            for each in ({"colour": "Other"}, {"size": "L"}, {"frame": FrameFactory})
        ),
    ),
    check("price_not_negative", VariantFactory, {"price": -1}, lawful=({"price": 0},)),
    once(
        "one_image_a_source",
        _image,
        lawful=(
            {"source_url": "https://old.example/other.jpg"},
            {"variant": VariantFactory},
            {"frame": FrameFactory},
        ),
    ),
    once(
        "one_early_look_a_source",
        _early_look,
        lawful=({"source": uuid4}, {"user": UserFactory}, {"frame": FrameFactory}),
    ),
    # One less than nothing on the shelf is less than what is reserved, too.
    check(
        "stock_on_hand_not_negative",
        StockRecordFactory,
        {"on_hand": -1, "reserved": -1},
        lawful=({"on_hand": 0},),
    ),
    check("stock_reserved_not_negative", StockRecordFactory, {"reserved": -1}),
    check(
        "stock_reserved_within_on_hand",
        StockRecordFactory,
        {"reserved": 11},
        lawful=({"reserved": 10}, {"on_hand": 0}),
    ),
    once(
        "one_reservation_a_stock_and_reference",
        _reservation,
        *({"quantity": 2}, {"state": "released"}),
        lawful=({"reference": "order 2"}, {"stock": StockRecordFactory}),
    ),
    check("reservation_of_at_least_one", _reservation, {"quantity": 0}),
    once(
        "one_user_an_email_in_any_case",
        _anna,
        {"email": "Anna@lorgnette.example"},
        lawful=({"email": "anne@lorgnette.example"},),
    ),
    once("one_answer_a_key", _answer, lawful=({"scope": "2 orders"}, {"key": "other"})),
    once(
        "one_preference_a_topic",
        _preference,
        {"delivery": "digest"},
        lawful=({"topic": "circles"}, {"user": UserFactory}),
    ),
    check("only_optional_topics_chosen", _preference, *NOT_OPTIONAL),
    once("suppressed_once", _suppression, lawful=({"topic": "circles"}, {"address_hash": "b"})),
    check("only_optional_suppressed", _suppression, *NOT_OPTIONAL),
    check(
        "sent_or_withheld",
        _message,
        {"sent_at": NOW, "withheld_at": NOW},
        lawful=({"sent_at": NOW}, {"withheld_at": NOW}),
    ),
)
