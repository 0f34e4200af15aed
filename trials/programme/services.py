"""Making rules: always a new version, so that running trials keep their terms."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from djmoney.money import Money

from shop.foundation.locks import lock_row
from trials.programme.errors import RulesInvalidError
from trials.programme.models import DayCount, Mode, Programme, ProgrammeVersion

COPIED = (
    "frames_per_box",
    "days_at_home",
    "grace_days",
    "shipping_days",
    "fee",
    "open_trials_per_customer",
    "mode",
    "deposit",
    "hold",
    "most_value",
    "cool_down_days",
    "day_count",
    "reminder_days",
    "extension_days",
    "longest_wait_days",
    "unreturned_percent",
    "damaged_percent",
    "late_fee",
    "late_fee_cap",
    "late_return_days",
    "late_return_percent",
)


class Rules(TypedDict, total=False):
    """The rules of a version; days are calendar days in the customer's zone."""

    frames_per_box: int
    days_at_home: int
    grace_days: int
    shipping_days: int
    fee: Money
    open_trials_per_customer: int
    mode: Mode
    deposit: Money
    hold: Money
    most_value: Money
    cool_down_days: int
    day_count: DayCount
    reminder_days: list[int]
    extension_days: int
    longest_wait_days: int
    unreturned_percent: int
    damaged_percent: int
    late_fee: Money
    late_fee_cap: Money
    late_return_days: int
    late_return_percent: int
    valid_from: datetime


def publish_version(
    *, programme_slug: str, name: str = "", **rules: Unpack[Rules]
) -> ProgrammeVersion:
    """Publish the next version of a programme, which is made if it is new.

    Args:
        programme_slug: names the programme.
        name: of a new programme, as people read it; its slug if empty.
        rules: what changes; what is not named stays as in the version before.

    Returns:
        The version, numbered one above the last.

    Raises:
        RulesInvalidError: the rules cannot be kept, such as a box of no frames.
    """
    with transaction.atomic():
        made, _ = Programme.objects.get_or_create(
            slug=programme_slug, defaults={"name": name or programme_slug}
        )
        programme = lock_row(Programme, made.pk)
        last = programme.versions.order_by("-number").first()
        values = {field: getattr(last, field) for field in COPIED} if last else {}
        version = ProgrammeVersion(
            programme=programme, number=last.number + 1 if last else 1, **{**values, **rules}
        )
        try:
            version.full_clean()
        except ValidationError as error:
            raise RulesInvalidError(" ".join(error.messages)) from error
        version.save()
        return version
