"""The watch over locks sees what is against the law, and lets pass what is not."""

import uuid

import pytest
from django.db import transaction

from shop.foundation.locks import lock_name, lock_rows
from tests import lock_order
from tests.factories.shop import VariantFactory
from tests.factories.trials import BoxFactory, TrialUnitFactory
from trials.home_trials.models import Box, BoxItem, Trial
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


@pytest.mark.django_db(transaction=True)
def test_the_watch_sees_a_state_that_is_set_without_a_lock() -> None:
    unit = TrialUnitFactory()
    rows = TrialUnit.objects.filter(pk=unit.pk)
    with transaction.atomic():
        lock_rows(TrialUnit, [unit.pk])
        rows.update(state="repair")
        assert seen() == 0
    with transaction.atomic():
        rows.update(state="available")
        assert seen() == 1
    with transaction.atomic():
        # The old state is a condition: who comes second changes nothing.
        rows.filter(state="available").update(state="repair")
        rows.update(grade="C")
        assert seen() == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_made_it_may_move() -> None:
    with transaction.atomic():
        unit = TrialUnitFactory()
        TrialUnit.objects.filter(pk=unit.pk).update(state="repair")
    assert seen() == 0


@pytest.mark.django_db(transaction=True)
def test_the_watch_sees_a_row_that_is_made_without_the_lock_it_is_made_under() -> None:
    box = BoxFactory()
    wish = {"box": box, "variant": VariantFactory()}
    with transaction.atomic():
        BoxItem.objects.create(**wish).delete()
        assert seen() == 1
    with transaction.atomic():
        lock_rows(Box, [box.pk])
        BoxItem.objects.create(**wish).delete()
        assert seen() == 0
    with transaction.atomic():
        BoxItem.objects.create(box=BoxFactory(), variant=wish["variant"])
        assert seen() == 0
