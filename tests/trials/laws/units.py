"""Laws of units, of who waits for one, and of counts."""

from django.utils import timezone

from tests.factories.shop import UserFactory, VariantFactory
from tests.house.laws import check, once
from tests.trials.laws.rows import (
    count_of_shelf,
    count_of_variant,
    days,
    missing_unit,
    unit,
    wait,
)
from trials.units.models import TrialUnit, TurnedAway

NOW = timezone.now


def _held_unit() -> TrialUnit:
    return unit(held_for=wait())


def _turned_away() -> TurnedAway:
    return TurnedAway.objects.create(user=UserFactory(), variant=VariantFactory(), day=NOW().date())


LAWS = (
    once(
        "one_wait_a_customer_and_variant",
        wait,
        *({}, {"state": "held", "held_until": NOW}),
        lawful=(
            {"state": "left", "ended_at": NOW},
            {"variant": VariantFactory},
            {"user": UserFactory},
        ),
    ),
    check(
        "held_until_while_held",
        wait,
        *({"held_until": NOW}, {"state": "held"}),
        lawful=({"state": "held", "held_until": NOW},),
    ),
    check(
        "wait_ended_when_over",
        wait,
        *({"ended_at": NOW}, {"state": "taken"}),
        {"state": "held", "held_until": NOW, "ended_at": NOW},
        lawful=({"state": "lapsed", "ended_at": NOW},),
    ),
    once("one_unit_a_wait", _held_unit, {"barcode": "other"}),
    check(
        "held_on_the_shelf",
        _held_unit,
        {"state": "out"},
        {"state": "reserved"},
        lawful=({"state": "out", "held_for": None},),
    ),
    once(
        "turned_away_once_a_day",
        _turned_away,
        lawful=(
            {"day": lambda: days(1)().date()},
            {"user": UserFactory},
            {"variant": VariantFactory},
        ),
    ),
    once(
        "one_open_count_a_shelf",
        count_of_shelf,
        lawful=({"location": "A2"}, {"state": "finished", "ended_at": NOW}),
    ),
    once(
        "one_open_count_a_variant",
        count_of_variant,
        lawful=({"variant": VariantFactory}, {"state": "abandoned", "ended_at": NOW}),
    ),
    check(
        "count_of_shelf_or_variant",
        count_of_shelf,
        *({"location": ""}, {"variant": VariantFactory}),
        lawful=({"location": "", "variant": VariantFactory},),
    ),
    check(
        "count_ended_when_over",
        count_of_shelf,
        *({"ended_at": NOW}, {"state": "finished"}, {"state": "abandoned"}),
        lawful=({"state": "finished", "ended_at": NOW},),
    ),
    once("unit_once_a_count", missing_unit, lawful=({"unit": unit}, {"count": count_of_variant})),
    check(
        "expected_or_seen",
        missing_unit,
        {"expected": False},
        lawful=({"expected": False, "seen_at": NOW},),
    ),
    check(
        "decided_of_a_finding",
        missing_unit,
        {"decision": "accepted"},
        {"decided_at": NOW},
        {"decision": "accepted", "decided_at": NOW, "finding": ""},
        lawful=({"decision": "dismissed", "decided_at": NOW}, {"finding": ""}),
    ),
)
