"""Whoever waits for units waits in the order of their frames, whatever plan PostgreSQL makes.

In which order a join gives its rows is the planner's choice, made by what it guesses of the tables:
two connections may choose differently in the same second, and wait for each other in a circle.
"""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from shop.customers.models import User
from shop.foundation.locks import lock_rows
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory
from tests.lock_order import outside_the_law
from tests.shop.foundation.at_once import waiting_for_locks
from tests.trials.home_trials.rush import customers
from trials.units.models import TrialUnit
from trials.units.services.reserving import reserve_units

pytestmark = pytest.mark.django_db(transaction=True)
FRAMES = 10


def _reserve(planner: list[str], variant_ids: list[int], user: User) -> dict[int, int]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for setting in planner:
                cursor.execute(f"SET LOCAL {setting}")
            return reserve_units(variant_ids=variant_ids, trial_id=user.box.pk, by=user)
    finally:
        connection.close()


def _not_in_hand() -> set[int]:
    with transaction.atomic(), outside_the_law():
        unlocked = TrialUnit.objects.select_for_update(skip_locked=True)
        return set(unlocked.values_list("variant_id", flat=True))


@pytest.mark.parametrize(
    "planner",
    [
        [],
        ["enable_nestloop = off"],
        ["enable_nestloop = off", "enable_hashjoin = off"],
        ["enable_material = off"],
        ["enable_memoize = off", "enable_mergejoin = off"],
    ],
    ids=lambda planner: ", ".join(planner) or "as it likes",
)
@pytest.mark.parametrize("place", [0, FRAMES // 2, FRAMES - 1])
def test_who_waits_for_a_frame_has_those_before_it_in_hand_and_none_after_it(
    planner: list[str], place: int
) -> None:
    ProgrammeVersionFactory()
    wanted = sorted(TrialUnitFactory().variant_id for _each in range(FRAMES))
    (user,) = customers([[]])
    taken = TrialUnit.objects.get(variant_id=wanted[place])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_rows(TrialUnit, [taken.pk])
            reserving = pool.submit(_reserve, planner, wanted, user)
            end = monotonic() + 10
            while not waiting_for_locks() and not reserving.done() and monotonic() < end:
                sleep(0.02)
            free = _not_in_hand()
        reserved = reserving.result()

    assert free - {wanted[place]} == set(wanted[place + 1 :])
    assert set(reserved) == set(wanted)
