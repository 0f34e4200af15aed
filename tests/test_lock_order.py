"""The watch over locks sees what is against the law, and lets pass what is not."""

import uuid

import pytest
from django.db import transaction

from shop.foundation.locks import lock_name, lock_rows
from tests import lock_order
from trials.home_trials.models import Trial
from trials.units.models import TrialUnit


def seen() -> int:
    count = len(lock_order.against_the_law)
    lock_order.against_the_law.clear()
    return count


@pytest.mark.django_db(transaction=True)
def test_the_watch_sees_a_lock_that_comes_too_late() -> None:
    unit, trial = [1], [uuid.uuid4()]
    with transaction.atomic():
        lock_name("somebody")
        lock_rows(Trial, trial)
        lock_rows(TrialUnit, unit)
        # Held already: a nested service asks for it once more.
        lock_rows(Trial, trial)
        assert seen() == 0
        lock_rows(Trial, [uuid.uuid4()])
        assert seen() == 1
    with transaction.atomic():
        lock_rows(Trial, trial)
        assert seen() == 0


@pytest.mark.django_db
def test_within_a_tests_own_transaction_each_act_counts_by_itself() -> None:
    with transaction.atomic():
        lock_rows(TrialUnit, [1])
    with transaction.atomic():
        lock_rows(Trial, [uuid.uuid4()])
    assert seen() == 0
    with transaction.atomic():
        lock_rows(TrialUnit, [1])
        lock_rows(Trial, [uuid.uuid4()])
    assert seen() == 1
