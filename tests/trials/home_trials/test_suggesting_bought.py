"""Where everything comes back, a new pair of what she tried counts as what she kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.analytics.scorecard import CONVERSION_DAYS
from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from shop.orders.models import Order
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, filled_box, requested_trial
from tests.shop.orders.buying import mark_paid, placed_order
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.requests import cancel_trial
from trials.home_trials.suggesting import Ground, box_suggestions

pytestmark = pytest.mark.django_db


@pytest.fixture
def tried() -> Variant:
    return TrialUnitFactory().variant


@pytest.fixture
def loved() -> Variant:
    return TrialUnitFactory().variant


def _sent_back(user: User, *variants: Variant) -> Trial:
    """Let a customer have had frames at home and sent all of them back; return that trial."""
    trial = requested_trial(user=user, variants=list(variants))
    cancel_trial(trial_id=trial.pk, by=user)
    now = timezone.now()
    Trial.objects.filter(pk=trial.pk).update(
        state="closed", delivered_at=now - timedelta(days=9), closed_at=now
    )
    TrialItem.objects.filter(trial=trial).update(outcome="returned")
    return Trial.objects.get(pk=trial.pk)


def _order(user: User, variant: Variant, *, paid: bool = True, **changed: Any) -> None:
    stock = getattr(variant, "stock", None) or StockRecordFactory(variant=variant)
    order = placed_order(stock, user=user)
    if paid:
        mark_paid(order)
    Order.objects.filter(pk=order.pk).update(**changed)


def test_what_three_others_sent_back_and_bought_is_suggested(
    tried: Variant, loved: Variant
) -> None:
    user = UserFactory()
    box = filled_box(user=user, variants=[tried])
    for count in range(3):
        assert box_suggestions(box, user) == [], count
        other = UserFactory()
        _sent_back(other, tried, loved)
        _order(other, loved)

    (found,) = box_suggestions(box, user)
    assert (found.variant, found.ground, found.customers) == (loved, Ground.KEPT_BY_OTHERS, 3)


def test_who_kept_it_once_and_bought_it_once_is_one_customer(
    tried: Variant, loved: Variant
) -> None:
    both = UserFactory()
    trial = _sent_back(both, tried, loved)
    _order(both, loved)
    TrialItem.objects.filter(trial=trial, variant=loved).update(outcome="kept")
    for _each in range(2):
        _order(both, loved)

    user = UserFactory()
    assert box_suggestions(filled_box(user=user, variants=[tried]), user) == []


@pytest.mark.parametrize(
    "way", ["unpaid", "cancelled", "of another frame", "before", "long after", "by somebody else"]
)
def test_what_does_not_follow_from_the_trial_counts_for_nothing(
    tried: Variant, loved: Variant, way: str
) -> None:
    other_frame = TrialUnitFactory().variant
    for _each in range(3):
        who = UserFactory()
        trial = _sent_back(who, tried, loved)
        assert trial.delivered_at is not None
        if way == "of another frame":
            _order(who, other_frame)
        elif way == "by somebody else":
            _order(UserFactory(), loved)
        else:
            # Settled is moved by hand, as a refund and time would.
            changed: dict[str, Any] = {
                "cancelled": {"state": "cancelled"},
                "before": {"paid_at": trial.delivered_at - timedelta(seconds=1)},
                "long after": {"paid_at": trial.delivered_at + timedelta(days=CONVERSION_DAYS)},
            }.get(way, {})
            _order(who, loved, paid=way != "unpaid", **changed)

    user = UserFactory()
    assert box_suggestions(filled_box(user=user, variants=[tried]), user) == []


def test_frames_as_wide_as_what_she_bought_are_suggested(tried: Variant) -> None:
    user = UserFactory()
    one, two, fits, other = (TrialUnitFactory().variant for _each in range(4))
    Frame.objects.update(width="narrow")
    Frame.objects.filter(pk__in=[one.frame_id, two.frame_id, fits.frame_id]).update(width="wide")
    _sent_back(user, one, two, other)
    box = filled_box(user=user, variants=[tried])
    _order(user, one)
    assert box_suggestions(box, user) == []
    _order(user, two)

    found = box_suggestions(box, user)

    assert fits in [each.variant for each in found]
    assert {(each.ground, each.variant.frame.width) for each in found} == {(Ground.WIDTH, "wide")}
