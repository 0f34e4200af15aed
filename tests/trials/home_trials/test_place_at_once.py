"""Two hundred customers ask for twenty units at once, through real threads and connections.

The control runs the same race with the lock taken out and must double-book, or the race is none.
"""

import uuid
from random import Random

import pytest
from django.db.models import Count

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.lock_order import outside_the_law
from tests.trials.home_trials.rush import (
    CUSTOMERS,
    THREADS,
    UNITS,
    by_all_at_once,
    check_round,
    customers,
    deadlocks,
    double_booked,
    overlapping_wishes,
    place,
    variants,
    without_lock,
)
from trials.home_trials.models import Box, BoxItem, Trial
from trials.home_trials.services.requests import place_trial
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db(transaction=True)


def _check_books(results: list[Trial | NothingFreeError], frames: int) -> list[Trial]:
    placed = [result for result in results if isinstance(result, Trial)]
    assert len(results) == CUSTOMERS
    assert Trial.objects.count() == len(placed)
    assert not double_booked()
    sizes = Trial.objects.annotate(n=Count("items")).values_list("n", flat=True)
    assert set(sizes) == {frames}
    assert TrialUnit.objects.filter(state="reserved").count() == len(placed) * frames
    assert BoxItem.objects.count() == (CUSTOMERS - len(placed)) * frames
    for each in all_invariants():
        assert breaches(each) == [], each.name
    return placed


@pytest.mark.parametrize(("frames", "possible"), [(1, UNITS), (5, UNITS // 5)])
def test_exactly_as_many_trials_are_placed_as_there_are_units(frames: int, possible: int) -> None:
    users = customers([variants(frames)] * CUSTOMERS)

    placed = _check_books(by_all_at_once(place, users), frames=frames)

    assert len(placed) == possible


def test_nobody_is_refused_who_could_have_been_served() -> None:
    five = variants(5)
    pairs = [[five[n % 5], five[(n + 1 + n // 5 % 4) % 5]] for n in range(CUSTOMERS)]
    users = customers(pairs)

    _check_books(by_all_at_once(place, users), frames=2)

    free = set(TrialUnit.objects.filter(state="available").values_list("variant_id", flat=True))
    for box in Box.objects.prefetch_related("items").filter(items__isnull=False).distinct():
        wanted = {item.variant_id for item in box.items.all()}
        assert not wanted <= free


def test_one_customer_asking_from_many_tabs_gets_one_trial() -> None:
    variant = variants(1)[0]
    (user,) = customers([[variant]])
    wish = uuid.uuid4()

    def place_hers(same: User) -> Trial:
        return place_trial(
            user=same,
            box_id=same.box.pk,
            address_id=same.addresses.get().pk,
            card_id=same.saved_cards.get().pk,
            wish=wish,
        )

    tabs = [User.objects.get(pk=user.pk) for _each in range(THREADS)]
    trials = by_all_at_once(place_hers, tabs)

    assert {trial.pk for trial in trials} == {Trial.objects.get().pk}


def test_whoever_wants_some_of_the_same_frames_gets_the_whole_box_or_nothing() -> None:
    """Two rounds of the fifty of ``tests/soak/test_rush.py``."""
    before = deadlocks()
    for seed in range(2):
        wishes = overlapping_wishes(Random(seed))
        users = customers(wishes)

        check_round(users, wishes, by_all_at_once(place, users))

    assert deadlocks() == before
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_without_the_lock_the_same_race_double_books_and_the_audit_says_so() -> None:
    users = customers([variants(1)] * CUSTOMERS)

    with without_lock(), outside_the_law():
        results = by_all_at_once(place, users)

        placed = [result for result in results if isinstance(result, Trial)]
        assert len(placed) > UNITS
        assert double_booked()
        broken = {each.name for each in all_invariants() if breaches(each)}
        assert "A trial unit is in at most one open trial" in broken
