"""The demo shop's first floor: rules of trials, and units to be tried on."""

from decimal import Decimal

from django.db.models import Exists, OuterRef

from shop.catalogue.models import Variant
from shop.demo import demo_handles
from trials.costs.models import CostRates
from trials.programme.models import Programme
from trials.programme.services import publish_version
from trials.risk.models import RiskRule, RuleKind
from trials.units.models import TrialUnit
from trials.units.services.making import create_units

MARKET = "eu"
UNITS_PER_VARIANT = 3
SHELVES_PER_RACK = 12


def ensure_programme() -> bool:
    """Publish the demo's rules, five frames for five days, where there are none.

    Returns:
        Whether there were none.
    """
    if Programme.objects.filter(slug=MARKET, versions__isnull=False).exists():
        return False
    publish_version(
        programme_slug=MARKET,
        name="Europe",
        frames_per_box=5,
        days_at_home=5,
        grace_days=3,
        extension_days=3,
        damaged_percent=40,
        late_return_days=30,
    )
    return True


def let_out_by_itself() -> None:
    """Let boxes out where no rule speaks, and new customers have theirs."""
    RiskRule.objects.filter(kind=RuleKind.NOTHING_FOUND).update(active=True)
    RiskRule.objects.filter(kind=RuleKind.NEW_CUSTOMER).update(active=False)


def ensure_rates() -> bool:
    """Enter what acts cost in the demo, where no rates are entered, so that margins say something.

    Returns:
        Whether there were none.
    """
    if CostRates.objects.exists():
        return False
    CostRates.objects.create(
        shipping_out=Decimal("4.19"),
        shipping_back=Decimal("3.99"),
        cleaning=Decimal("0.80"),
        repair=Decimal("6.50"),
        hourly_wage=Decimal("24.00"),
        pack_minutes=Decimal("1.50"),
        check_in_minutes=Decimal("2.00"),
        goods_percent=40,
    )
    return True


def ensure_units() -> int:
    """Put three units of every demo variant that has none on the shelves.

    Returns:
        How many were made.
    """
    without = Variant.objects.filter(
        ~Exists(TrialUnit.objects.filter(variant=OuterRef("pk"))),
        frame__handle__in=demo_handles(),
        active=True,
    )
    made = 0
    for number, variant_id in enumerate(without.order_by("pk").values_list("pk", flat=True)):
        rack, shelf = divmod(number, SHELVES_PER_RACK)
        location = f"{chr(ord('A') + rack % 26)}{shelf + 1}"
        made += len(create_units(variant_id=variant_id, count=UNITS_PER_VARIANT, location=location))
    return made
