"""Laws of the programme, of rules of risk, costs and of what staff keep for themselves."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import ProgrammeFactory, ProgrammeVersionFactory
from tests.house.laws import Change, check, once
from tests.trials.laws.rows import days, trial
from trials.console.models import SavedFilter
from trials.costs.models import CostRates
from trials.programme.models import Programme
from trials.risk.models import Outcome, RiskRule, RuleKind, SecondLook

AMOUNTS = ("deposit", "fee", "hold", "most_value", "late_fee", "late_fee_cap")
PERCENTS = ("damaged_percent", "unreturned_percent", "late_return_percent")
RATES = (
    *("shipping_out", "shipping_back", "cleaning", "repair"),
    *("hourly_wage", "pack_minutes", "check_in_minutes"),
)


def _german_beside_everywhere() -> Programme:
    ProgrammeFactory()
    return ProgrammeFactory(slug="german", countries=["DE", "AT"])


def _other_programme() -> Programme:
    return ProgrammeFactory(slug="other", active=False)


def _rule(kind: RuleKind, outcome: Outcome) -> RiskRule:
    return RiskRule.objects.update_or_create(kind=kind, defaults={"outcome": outcome})[0]


def _new_customer() -> RiskRule:
    return _rule(RuleKind.NEW_CUSTOMER, Outcome.DECLINE)


def _nothing_found() -> RiskRule:
    return _rule(RuleKind.NOTHING_FOUND, Outcome.APPROVE)


def _look() -> SecondLook:
    return SecondLook.objects.create(trial=trial(), words="Look again, please.")


def _filter() -> SavedFilter:
    return SavedFilter.objects.create(
        owner=StaffFactory(), list="trials", name="Late", query="state=delivered"
    )


def _answered(answer: str, followed_by: Any = None) -> dict[str, Any]:
    return {"answer": answer, "decided_at": timezone.now, "followed_by": followed_by}


OTHER: Change = {"slug": "other"}
LAWS = (
    # By a trigger, for no constraint knows of lists that overlap.
    once(
        "programme_country_once",
        _german_beside_everywhere,
        *({**OTHER, "countries": codes} for codes in (["DE"], ["FR", "AT"], [])),
        lawful=({**OTHER, "countries": ["FR"]}, {**OTHER, "active": False}),
    ),
    once(
        "one_version_a_number",
        ProgrammeVersionFactory,
        lawful=({"number": 2}, {"programme": _other_programme}),
    ),
    check(
        "box_of_1_to_20",
        ProgrammeVersionFactory,
        *({"frames_per_box": 0}, {"frames_per_box": 21}),
        lawful=({"frames_per_box": 1}, {"frames_per_box": 20}),
    ),
    check(
        "at_home_a_day_or_more",
        ProgrammeVersionFactory,
        {"days_at_home": 0, "reminder_days": []},
        lawful=({"days_at_home": 1, "reminder_days": [1]},),
    ),
    # By a trigger, so that terms of before, which are never rewritten, may stand.
    check(
        "reminded_while_at_home",
        ProgrammeVersionFactory,
        *({"reminder_days": [0]}, {"reminder_days": [1, 6]}, {"days_at_home": 4}),
        lawful=({"reminder_days": []}, {"reminder_days": [5, 1]}, {"days_at_home": 6}),
    ),
    check(
        "programme_amounts_not_below_zero",
        ProgrammeVersionFactory,
        *({each: -1} for each in AMOUNTS),
    ),
    check(
        "programme_percents_to_100",
        ProgrammeVersionFactory,
        *({each: 101} for each in PERCENTS),
        lawful=(dict.fromkeys(PERCENTS, 100),),
    ),
    check(
        "withdrawn_before_it_was_valid",
        ProgrammeVersionFactory,
        *({"withdrawn_at": days(0)}, {"withdrawn_at": F("valid_from")}),
        lawful=({"withdrawn_at": days(-500)},),
    ),
    check(
        "risk_days_within_ten_years",
        _new_customer,
        *({"days": 0}, {"days": 3651}),
        lawful=({"days": 1}, {"days": 3650}),
    ),
    check("approved_where_nothing_speaks", _new_customer, {"outcome": Outcome.APPROVE}),
    check(
        "nothing_found_is_no_reproach",
        _nothing_found,
        *({"outcome": Outcome.DECLINE}, {"outcome": Outcome.DEPOSIT}),
        lawful=({"outcome": Outcome.REVIEW},),
    ),
    check(
        "risk_deposit_a_card_can_be_asked_for",
        _new_customer,
        {"deposit": "0.49"},
        lawful=({"deposit": "0.50"},),
    ),
    check(
        "look_decided_once",
        _look,
        {"decided_at": timezone.now},
        {"followed_by": trial},
        {"answer": "approved"},
        {"answer": "declined"},
        _answered("approved"),
        _answered("declined", trial),
        _answered("perhaps"),
        {"answer": "approved", "followed_by": trial},
        lawful=(_answered("declined"), _answered("approved", trial)),
    ),
    check(
        "cost_rates_in_bounds",
        CostRates.objects.create,
        *({each: -1} for each in RATES),
        {"goods_percent": 101},
        lawful=({"goods_percent": 100},),
    ),
    once(
        "filter_once_a_name",
        _filter,
        lawful=({"owner": StaffFactory}, {"name": "Later"}, {"list": "units"}),
    ),
    check("filter_of_something", _filter, {"name": ""}, {"query": ""}),
)
