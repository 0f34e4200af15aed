"""What a version's terms come to in one plain case, for whoever is about to publish them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Avg
from djmoney.money import Money

from shop.catalogue.models import Variant
from shop.foundation.clock import end_of_day
from shop.foundation.money import quantize
from trials.programme.days import nth_day
from trials.programme.models import ProgrammeVersion
from trials.programme.terms import due_at_placing

FULL = Decimal(100)
# So many days late is the box of the example.
LATE_DAYS = 4


@dataclass(frozen=True)
class Example:
    """One trial, placed now and shipped at once.

    Attributes:
        arrives_on: where no tracking tells otherwise.
        due_on: the last day at home.
        extended_to: the last day after an extension; nothing where there is none.
        charged_after: the last day of grace.
        reminded_on: the days she is written to.
        due_now: what is charged when she asks.
        hold: what is held on her card meanwhile.
        price: what the frames in the shop cost on average; the frame of the example does.
        missing: what is charged for it if it does not come back.
        damaged: what is proposed for it at most if it comes back damaged.
        late_days: how late the box of the example is after grace.
        late_fee: what that costs.
    """

    arrives_on: date
    due_on: date
    extended_to: date | None
    charged_after: date
    reminded_on: list[date]
    due_now: Money
    hold: Money
    price: Money
    missing: Money
    damaged: Money
    late_days: int
    late_fee: Money


def example_of(version: ProgrammeVersion, *, now: datetime, zone: ZoneInfo) -> Example:
    """Work a version's terms out for a trial placed now, with one query.

    Args:
        version: the rules, published or not.
        now: an aware time.
        zone: of the customer; her country is the programme's first, or the shop's.
    """
    currency = str(version.fee.currency)
    country = next(iter(version.programme.countries), settings.SHOP_COUNTRY)
    average = Variant.objects.filter(active=True, price_currency=currency).aggregate(
        average=Avg("price")
    )["average"]
    price = quantize(Money(average or 0, currency))
    arrives = end_of_day(now, days=version.shipping_days, zone=zone)

    def day(days: int, after: date | None = None) -> date:
        begin = after or arrives.date()
        return nth_day(begin, days, count=version.day_count, country=country)

    due_on = day(version.days_at_home)
    extended_to = day(version.days_at_home + version.extension_days)
    late = version.late_fee * LATE_DAYS
    if version.late_fee_cap.amount:
        late = min(late, version.late_fee_cap)
    return Example(
        arrives_on=arrives.date(),
        due_on=due_on,
        extended_to=extended_to if version.extension_days else None,
        charged_after=day(version.grace_days, due_on),
        reminded_on=[day(each) for each in sorted(version.reminder_days)],
        due_now=due_at_placing(version),
        hold=version.hold,
        price=price,
        missing=quantize(price * (version.unreturned_percent / FULL)),
        damaged=quantize(price * (version.damaged_percent / FULL)),
        late_days=LATE_DAYS,
        late_fee=late,
    )
