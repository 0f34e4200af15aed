"""Fifty rounds of two hundred customers who all place overlapping boxes in the same moment.

Each over a thread and a connection of her own. The control runs a round with the lock taken out and
must double-book, or the rounds show nothing.
"""

import statistics
import time
from random import Random

import pytest
from django.db import OperationalError, connection

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.lock_order import outside_the_law
from tests.trials.home_trials.rush import (
    CUSTOMERS,
    by_all_at_once,
    check_round,
    customers,
    deadlocks,
    double_booked,
    overlapping_wishes,
    place,
    without_lock,
)

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
ROUNDS = 50
# Beside the two hundred: the test's own, and those that watch the server.
OTHER_CONNECTIONS = 10


@pytest.fixture(autouse=True)
def _the_server_has_room_for_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        (room,) = cursor.fetchone()
    if int(room) < CUSTOMERS + OTHER_CONNECTIONS:
        pytest.skip(f"PostgreSQL takes {room} connections; this needs {CUSTOMERS} at once.")


def test_fifty_times_two_hundred_customers_at_once_get_a_whole_box_or_nothing() -> None:
    deadlocks_before, seconds, placed, reserved = deadlocks(), list[float](), 0, 0
    for seed in range(ROUNDS):
        wishes = overlapping_wishes(Random(seed))
        users = customers(wishes)
        began = time.monotonic()
        results = by_all_at_once(place, users, threads=CUSTOMERS)
        seconds.append(time.monotonic() - began)
        trials, units = check_round(users, wishes, results)
        # As many as can be are placed in no round, but some are in each, and some are refused.
        assert 0 < trials < CUSTOMERS
        placed, reserved = placed + trials, reserved + units

    print(
        f"\n{ROUNDS} rounds of {CUSTOMERS} at once: {placed} trials placed with {reserved} units, "
        f"{ROUNDS * CUSTOMERS - placed} refused; a round took {statistics.median(seconds):.1f} s "
        f"(median), {max(seconds):.1f} s at most; {deadlocks() - deadlocks_before} deadlocks"
    )
    assert deadlocks() == deadlocks_before
    for each in all_invariants():
        assert breaches(each) == [], each.name


def _place_unless_deadlocked(user: User) -> None:
    """Place a box; without the lock PostgreSQL may have a deadlock to break, too."""
    try:
        place(user)
    except OperationalError:
        connection.close()


def test_without_the_lock_such_a_round_double_books() -> None:
    wishes = overlapping_wishes(Random(0))
    users = customers(wishes)

    with without_lock(), outside_the_law():
        by_all_at_once(_place_unless_deadlocked, users, threads=CUSTOMERS)

        assert double_booked()
