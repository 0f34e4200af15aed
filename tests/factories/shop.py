"""Things of the shop, made as plain as they can be."""

import hashlib
from typing import Any

import factory
from django.contrib.auth.models import Group
from djmoney.money import Money
from factory.django import DjangoModelFactory

from shop.catalogue.models import Frame, Material, Shape, Variant, Width
from shop.customers.models import Address, User
from shop.customers.roles import MANAGER, OPS
from shop.inventory.models import StockRecord
from shop.messages.models import PushSubscription
from shop.payments.models import SavedCard

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    """A customer who logs in with ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"customer{n}@lorgnette.example")
    name = factory.Sequence(lambda n: f"Customer {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)


class StaffFactory(UserFactory):
    """Somebody of operations."""

    email = factory.Sequence(lambda n: f"ops{n}@lorgnette.example")
    is_staff = True

    @factory.post_generation
    def role(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get_or_create(name=OPS)[0])


class ManagerFactory(UserFactory):
    """The shop's manager."""

    email = factory.Sequence(lambda n: f"manager{n}@lorgnette.example")
    is_staff = True

    @factory.post_generation
    def role(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get_or_create(name=MANAGER)[0])


class AddressFactory(DjangoModelFactory[Address]):
    """A door in Berlin."""

    class Meta:
        model = Address

    user = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda address: address.user.name)
    line1 = "Lindenstraße 4"
    postal_code = "10969"
    city = "Berlin"
    country = "DE"


class FrameFactory(DjangoModelFactory[Frame]):
    """A published frame without variants."""

    class Meta:
        model = Frame

    handle = factory.Sequence(lambda n: f"frame-{n}")
    name = factory.Sequence(lambda n: f"Frame {n}")
    brand = "Lindqvist"
    shape = Shape.ROUND
    material = Material.ACETATE
    width = Width.MEDIUM
    published = True


class VariantFactory(DjangoModelFactory[Variant]):
    """A variant of a frame of its own, unless one is given."""

    class Meta:
        model = Variant

    frame = factory.SubFactory(FrameFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    colour = factory.Sequence(lambda n: f"Colour {n}")
    colour_family = "black"
    price = Money(145, "EUR")


class StockRecordFactory(DjangoModelFactory[StockRecord]):
    """Ten pieces of a variant."""

    class Meta:
        model = StockRecord

    variant = factory.SubFactory(VariantFactory)
    on_hand = 10


class PushSubscriptionFactory(DjangoModelFactory[PushSubscription]):
    """A browser that shows messages; its public key is that of RFC 8291's example."""

    class Meta:
        model = PushSubscription

    user = factory.SubFactory(UserFactory)
    endpoint = factory.Sequence(lambda n: f"https://push.example/{n}")
    endpoint_hash = factory.LazyAttribute(
        lambda made: hashlib.sha256(made.endpoint.encode()).hexdigest()
    )
    p256dh = (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    auth = "BTBZMqHH6r4Tts7J_aSIgg"


class SavedCardFactory(DjangoModelFactory[SavedCard]):
    """A Visa card kept at Stripe."""

    class Meta:
        model = SavedCard

    user = factory.SubFactory(UserFactory)
    stripe_payment_method_id = factory.Sequence(lambda n: f"pm_{n}")
    brand = "visa"
    last4 = "4242"
    exp_month = 12
    exp_year = 2034
    fingerprint = factory.Sequence(lambda n: f"fingerprint{n}")
