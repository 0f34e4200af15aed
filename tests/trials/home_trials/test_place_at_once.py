"""Two hundred customers ask for twenty units at once, through real threads and connections.

The control runs the same race with the lock taken out and must double-book, or the race is none.
"""

import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import Count

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.trials.home_trials.rush import (
    CUSTOMERS,
    THREADS,
    UNITS,
    customers,
    double_booked,
    variants,
)
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.home_trials.services import requests
from trials.home_trials.services.requests import place_trial
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def _place(user: User) -> Trial | NothingFreeError:
    try:
        return place_trial(
            user=user,
            box_id=user.box.pk,
            address_id=user.addresses.get().pk,
            card_id=user.saved_cards.get().pk,
        )
    except NothingFreeError as refused:
        return refused


def _at_once(act: Callable[[User], T], users: list[User]) -> list[T]:
    """Run ``act`` for all, each thread beginning when all stand ready; errors are raised."""
    ready = Barrier(THREADS)

    def run(mine: list[User]) -> list[T]:
        try:
            ready.wait(timeout=60)
            return [act(user) for user in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        shares = pool.map(run, [users[start::THREADS] for start in range(THREADS)])
        return [result for share in shares for result in share]


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

    placed = _check_books(_at_once(_place, users), frames=frames)

    assert len(placed) == possible


def test_nobody_is_refused_who_could_have_been_served() -> None:
    five = variants(5)
    pairs = [[five[n % 5], five[(n + 1 + n // 5 % 4) % 5]] for n in range(CUSTOMERS)]
    users = customers(pairs)

    _check_books(_at_once(_place, users), frames=2)

    free = set(TrialUnit.objects.filter(state="available").values_list("variant_id", flat=True))
    for box in Box.objects.prefetch_related("items").filter(items__isnull=False).distinct():
        wanted = {item.variant_id for item in box.items.all()}
        assert not wanted <= free


def test_one_customer_asking_from_many_tabs_gets_one_trial() -> None:
    variant = variants(1)[0]
    (user,) = customers([[variant]])
    wish = uuid.uuid4()

    def place(same: User) -> Trial:
        return place_trial(
            user=same,
            box_id=same.box.pk,
            address_id=same.addresses.get().pk,
            card_id=same.saved_cards.get().pk,
            wish=wish,
        )

    tabs = [User.objects.get(pk=user.pk) for _each in range(THREADS)]
    trials = _at_once(place, tabs)

    assert {trial.pk for trial in trials} == {Trial.objects.get().pk}


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look for a unit, then take it, as if nobody else could; and no constraint catches it."""

    def reserve(
        *, variant_ids: Collection[int], trial_id: uuid.UUID, by: User | None = None
    ) -> dict[int, int]:
        units = {}
        for variant_id in sorted(variant_ids):
            free = TrialUnit.objects.filter(variant_id=variant_id, state="available")
            unit = free.order_by("uses", "pk").first()
            if unit is None:
                raise NothingFreeError("none", variants=[variant_id])
            units[variant_id] = unit.pk
        TrialUnit.objects.filter(pk__in=units.values()).update(state="reserved")
        return units

    constraint = next(
        each for each in TrialItem._meta.constraints if each.name == "unit_in_one_open_trial"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(TrialItem, constraint)
    monkeypatch.setattr(requests, "reserve_units", reserve)
    yield
    TrialItem.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(TrialItem, constraint)


@pytest.mark.usefixtures("without_lock")
def test_without_the_lock_the_same_race_double_books_and_the_audit_says_so() -> None:
    users = customers([variants(1)] * CUSTOMERS)

    results = _at_once(_place, users)

    placed = [result for result in results if isinstance(result, Trial)]
    assert len(placed) > UNITS
    assert double_booked()
    broken = {each.name for each in all_invariants() if breaches(each)}
    assert "A trial unit is in at most one open trial" in broken
