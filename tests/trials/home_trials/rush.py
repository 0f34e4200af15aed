"""Two hundred customers who want the same twenty units, made with few statements."""

from django.db.models import Count

from shop.catalogue.models import Variant
from shop.customers.models import Address, User
from shop.payments.models import SavedCard
from tests.factories.shop import VariantFactory
from tests.factories.trials import ProgrammeVersionFactory
from trials.home_trials.models import Box, BoxItem, TrialItem
from trials.units.services.making import create_units

CUSTOMERS = 200
UNITS = 20
THREADS = 32


def customers(wishes: list[list[Variant]]) -> list[User]:
    """Return one customer for each wish, with address, card and the wish in her box."""
    users = User.objects.bulk_create(
        User(email=f"rush{n}@lorgnette.example", name=f"Rush {n}", password="!")
        for n in range(len(wishes))
    )
    Address.objects.bulk_create(
        Address(user=user, name=user.name, line1="1", postal_code="1", city="B", country="DE")
        for user in users
    )
    SavedCard.objects.bulk_create(
        SavedCard(
            user=user,
            stripe_payment_method_id=f"pm_rush{user.pk}",
            brand="visa",
            last4="4242",
            exp_month=12,
            exp_year=2040,
            fingerprint="f",
        )
        for user in users
    )
    boxes = Box.objects.bulk_create(Box(user=user) for user in users)
    BoxItem.objects.bulk_create(
        BoxItem(box=box, variant=variant)
        for box, variants in zip(boxes, wishes, strict=True)
        for variant in variants
    )
    return list(User.objects.filter(pk__in=[user.pk for user in users]).order_by("pk"))


def variants(count: int) -> list[Variant]:
    """Return so many variants, of which there are ``UNITS`` units together."""
    ProgrammeVersionFactory()
    made = [VariantFactory() for _each in range(count)]
    for variant in made:
        create_units(variant_id=variant.pk, count=UNITS // count)
    return made


def double_booked() -> list[int]:
    """Return the units that more than one trial holds."""
    held = TrialItem.objects.filter(holds_unit=True).values("unit").annotate(n=Count("pk"))
    return [row["unit"] for row in held if row["n"] > 1]
