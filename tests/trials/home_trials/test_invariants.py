"""The audit finds each breach of the trials' books, made here on purpose."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from shop.foundation.invariants import all_invariants, breaches
from tests.factories.trials import delivered_trial, requested_trial
from trials.home_trials.models import Trial, TrialItem
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


def _broken() -> set[str]:
    return {each.name for each in all_invariants() if each.number in (4, 5, 9) and breaches(each)}


def _unit_in_two() -> None:
    first, second = requested_trial(frames=1), requested_trial(frames=1)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX unit_in_one_open_trial")
    second.items.update(unit=first.items.get().unit_id)


def _state_without_movement() -> None:
    requested_trial()
    TrialUnit.objects.update(state="packed")


def _free_but_held() -> None:
    trial = requested_trial(frames=1)
    unit = trial.items.get().unit
    TrialUnit.objects.update(state="available")
    unit.movements.create(from_state="reserved", to_state="available")


def _over_but_holding() -> None:
    trial = requested_trial(frames=1)
    Trial.objects.filter(pk=trial.pk).update(closed_at=timezone.now())


def _state_without_move() -> None:
    Trial.objects.filter(pk=requested_trial().pk).update(state="approved")


def _closed_unsettled() -> None:
    trial = delivered_trial(frames=1)
    TrialItem.objects.update(holds_unit=False)
    Trial.objects.filter(pk=trial.pk).update(state="closed", closed_at=timezone.now())


def _delivered_and_not_counted() -> None:
    requested_trial()
    Trial.objects.update(delivered_at=timezone.now())


def _counted_and_not_delivered() -> None:
    delivered_trial()
    Trial.objects.update(delivered_at=None)


@pytest.mark.parametrize(
    ("break_it", "found"),
    [
        (_unit_in_two, "A trial unit is in at most one open trial"),
        (_state_without_movement, "A trial unit's state equals its latest movement"),
        (_free_but_held, "A unit on its way is held by one trial, a free one by none"),
        (_over_but_holding, "A trial that is over has an end and holds no unit"),
        (_state_without_move, "A trial's state equals its latest move"),
        (_closed_unsettled, "A closed trial has every item settled"),
        (
            _delivered_and_not_counted,
            "Every delivered trial is one event of its customer's, and nothing else is",
        ),
        (
            _counted_and_not_delivered,
            "Every delivered trial is one event of its customer's, and nothing else is",
        ),
    ],
)
def test_a_breach_is_found(break_it: Callable[[], None], found: str) -> None:
    assert _broken() == set()

    break_it()

    assert found in _broken()


def test_a_trial_as_the_services_leave_it_breaks_nothing() -> None:
    delivered_trial()

    assert _broken() == set()
