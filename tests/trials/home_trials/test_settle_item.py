"""Each frame is settled once, its unit let go, and the trial closed when all are."""

import pytest

from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial, requested_trial
from trials.home_trials.errors import AlreadySettledError, NotSettledError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import close_trial, settle_item
from trials.home_trials.states import ItemOutcome

pytestmark = pytest.mark.django_db


def _items(trial: Trial) -> list[TrialItem]:
    return list(trial.items.select_related("unit"))


@pytest.mark.parametrize(
    ("outcome", "unit_state"),
    [("returned", "inspection"), ("damaged", "inspection"), ("kept", "retired"), ("lost", "lost")],
)
def test_an_outcome_lets_go_of_the_unit_and_moves_it_on(outcome: str, unit_state: str) -> None:
    item = _items(delivered_trial())[0]

    settled = settle_item(item_id=item.pk, outcome=ItemOutcome(outcome), by=StaffFactory())

    item.unit.refresh_from_db()
    assert (settled.holds_unit, item.unit.state) == (False, unit_state)
    assert Event.objects.get(name=f"item_{outcome}").subject_id == str(item.pk)


def test_the_same_outcome_again_changes_nothing_and_another_is_refused() -> None:
    item = _items(delivered_trial())[0]
    settle_item(item_id=item.pk, outcome=ItemOutcome.RETURNED)

    settle_item(item_id=item.pk, outcome=ItemOutcome.RETURNED)
    with pytest.raises(AlreadySettledError):
        settle_item(item_id=item.pk, outcome=ItemOutcome.LOST)

    assert Event.objects.filter(name="item_returned").count() == 1


def test_what_was_given_up_for_lost_may_turn_up() -> None:
    item = _items(delivered_trial())[0]
    settle_item(item_id=item.pk, outcome=ItemOutcome.LOST)

    settle_item(item_id=item.pk, outcome=ItemOutcome.RETURNED)

    item.unit.refresh_from_db()
    assert item.unit.state == "inspection"


def test_a_frame_that_never_left_is_not_settled() -> None:
    item = _items(requested_trial())[0]

    with pytest.raises(IllegalMoveError):
        settle_item(item_id=item.pk, outcome=ItemOutcome.RETURNED)
    with pytest.raises(IllegalMoveError):
        settle_item(item_id=_items(delivered_trial())[0].pk, outcome=ItemOutcome.AT_HOME)


def test_a_trial_closes_only_when_every_frame_is_settled() -> None:
    trial = delivered_trial(frames=2)
    first, second = _items(trial)
    settle_item(item_id=first.pk, outcome=ItemOutcome.RETURNED)

    with pytest.raises(NotSettledError, match=second.variant.frame.name):
        close_trial(trial_id=trial.pk)

    settle_item(item_id=second.pk, outcome=ItemOutcome.KEPT)
    closed = close_trial(trial_id=trial.pk)
    assert closed.state == "closed"
    assert close_trial(trial_id=trial.pk).closed_at == closed.closed_at
