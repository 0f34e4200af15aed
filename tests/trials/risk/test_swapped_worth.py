"""A box that was approved by itself is not filled with dear frames afterwards."""

import pytest
from django.db import transaction

from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.shop import StaffFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from tests.trials.risk.assessed import only_rule
from trials.home_trials.models import Trial
from trials.risk.errors import SwapNeedsLookError
from trials.risk.models import Outcome, RiskRule, RuleKind
from trials.swaps.models import FrameSwap
from trials.swaps.services import swap_frame

pytestmark = pytest.mark.django_db


def _box(*prices: int) -> Trial:
    variants = [TrialUnitFactory(variant=VariantFactory(price=price)).variant for price in prices]
    return approved_trial(variants=variants)


def _swap(trial: Trial, price: int, by: User | None = None) -> FrameSwap:
    wanted: Variant = TrialUnitFactory(variant=VariantFactory(price=price)).variant
    item = trial.items.order_by("price").first()
    with transaction.atomic():
        return swap_frame(
            trial_id=trial.pk, item_id=item.pk, variant_id=wanted.pk, by=by or trial.user
        )


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.DECLINE])
def test_a_swap_by_which_the_rule_on_worth_would_speak_is_refused(outcome: str) -> None:
    only_rule(RuleKind.BOX_VALUE, threshold=300, outcome=outcome)
    trial = _box(100, 120)

    assert _swap(trial, 150).price_after.amount == 150
    with pytest.raises(SwapNeedsLookError, match="look at your box first"):
        _swap(trial, 200)
    assert sorted(item.price.amount for item in trial.items.all()) == [120, 150]
    # Who of staff does it for her has looked.
    assert _swap(trial, 200, by=StaffFactory()).price_after.amount == 200


def test_a_box_of_which_the_rule_spoke_before_is_swapped_as_she_likes() -> None:
    only_rule(RuleKind.BOX_VALUE, threshold=200, outcome=Outcome.REVIEW)
    assert _swap(_box(100, 120), 150).price_after.amount == 150


@pytest.mark.parametrize("kind", [RuleKind.OWN_DEBTS, ""])
def test_without_such_a_rule_nothing_is_refused(kind: str) -> None:
    only_rule(RuleKind.BOX_VALUE, threshold=200, outcome=Outcome.REVIEW)
    RiskRule.objects.update(active=False)
    if kind:
        only_rule(kind, threshold=1, outcome=Outcome.REVIEW)
    assert _swap(_box(100), 300).price_after.amount == 300
