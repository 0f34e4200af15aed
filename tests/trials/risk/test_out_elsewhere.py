"""One person under many names: boxes under way elsewhere, and one house written in many ways."""

from importlib import import_module

import pytest
from django.apps import apps

from shop.customers.models import Address
from shop.payments.models import SavedCard
from tests.factories.shop import UserFactory
from tests.factories.trials import requested_trial
from tests.trials.risk.assessed import only_rule
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.risk.models import RiskRule
from trials.risk.services.assessing import assess_trial

pytestmark = pytest.mark.django_db


def _asked(*, line1: str, card: str) -> Trial:
    trial = requested_trial(user=UserFactory(), frames=1)
    Address.objects.filter(pk=trial.address_id).update(
        line1=line1, postal_code="10115", country="DE"
    )
    SavedCard.objects.filter(pk=trial.card_id).update(fingerprint=card)
    return trial


def _found(trial: Trial) -> list[int]:
    decision = assess_trial(trial_id=trial.pk)
    assert decision is not None
    return [each["found"] for each in decision.reasons]


def test_boxes_under_way_to_other_accounts_of_her_card_and_address_are_counted() -> None:
    only_rule("out_elsewhere", threshold=2)
    _asked(line1="Hauptstr. 5", card="one")
    assert _found(_asked(line1="Hauptstr. 5", card="two")) == []
    _asked(line1="Elsewhere 1", card="three")

    assert _found(_asked(line1="Hauptstr. 5", card="three")) == [3]


def test_what_is_over_is_not_counted() -> None:
    only_rule("out_elsewhere", threshold=1)
    first = _asked(line1="Hauptstr. 5", card="one")
    cancel_trial(trial_id=first.pk, by=first.user)

    assert _found(_asked(line1="Hauptstr. 5", card="one")) == []


@pytest.mark.parametrize(
    "spelled",
    ["Hauptstraße 5", "HAUPTSTRASSE 5", "Haupt-Straße 5", " hauptstr.5 ", "Haupt Str 5"],
)
def test_one_house_is_one_however_it_is_spelled(spelled: str) -> None:
    only_rule("out_elsewhere", threshold=1)
    _asked(line1="Hauptstr. 5", card="one")

    assert _found(_asked(line1=spelled, card="two")) == [1]


@pytest.mark.parametrize("other", ["Hauptstr. 55", "Hauptstr. 5a", "Hauptweg 5"])
def test_another_house_is_another(other: str) -> None:
    only_rule("out_elsewhere", threshold=1)
    _asked(line1="Hauptstr. 5", card="one")

    assert _found(_asked(line1=other, card="two")) == []


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_person_looks_from_the_second_on_unless_the_shop_lets_boxes_out_by_itself(
    by_itself: bool,
) -> None:
    RiskRule.objects.all().delete()
    RiskRule.objects.create(kind="nothing_found", outcome="approve", active=by_itself)

    import_module("trials.migrations.0071_out_elsewhere_rule").begin(apps, None)

    rule = RiskRule.objects.get(kind="out_elsewhere")
    assert (rule.threshold, rule.outcome, rule.active) == (2, "review", not by_itself)
