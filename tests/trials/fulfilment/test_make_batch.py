"""Trials are picked together, the oldest wish first, and none of them twice."""

import pytest
from django.db import connection

from shop.foundation.history import IllegalMoveError
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, packed_trial, requested_trial
from trials.fulfilment.errors import BatchSizeError, NothingToPickError
from trials.fulfilment.models import PickBatch, PickTote
from trials.fulfilment.queries.batches import pick_lines, shelf_order
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.home_trials.models import Trial
from trials.units.models import TrialUnit


def _numbers(batch: PickBatch) -> list[str]:
    return list(batch.totes.order_by("position").values_list("trial__number", flat=True))


@pytest.mark.django_db
def test_the_oldest_wishes_go_into_the_first_totes() -> None:
    trials = [approved_trial(frames=1) for _each in range(3)]
    Trial.objects.filter(pk=trials[2].pk).update(requested_at=trials[0].requested_at)
    Trial.objects.filter(pk=trials[0].pk).update(requested_at=trials[1].requested_at)
    batch = make_batch(count=2, by=StaffFactory())

    assert _numbers(batch)[0] == trials[2].number
    assert len(_numbers(batch)) == 2


@pytest.mark.django_db
def test_only_approved_trials_are_picked() -> None:
    requested_trial()
    packed_trial()
    with pytest.raises(NothingToPickError):
        make_batch(count=5, by=StaffFactory())
    assert not PickBatch.objects.exists()


@pytest.mark.django_db
def test_a_trial_is_in_one_batch_until_that_is_cancelled() -> None:
    trial, by = approved_trial(), StaffFactory()
    batch = make_batch(count=5, by=by)
    with pytest.raises(NothingToPickError):
        make_batch(count=5, by=by)
    cancel_batch(batch_id=batch.pk, by=by, reason="Wrong trolley")

    again = make_batch(count=5, by=by)
    assert _numbers(again) == [trial.number]
    assert batch.transitions.get(to_state="cancelled").reason == "Wrong trolley"
    with pytest.raises(IllegalMoveError):
        cancel_batch(batch_id=batch.pk, by=by)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 61])
def test_a_batch_holds_what_a_trolley_holds(count: int) -> None:
    with pytest.raises(BatchSizeError):
        make_batch(count=count, by=StaffFactory())


@pytest.mark.django_db
def test_the_pick_list_goes_along_the_shelves() -> None:
    approved_trial(frames=4)
    shelves = ["B2", "A10", "", "A2"]
    for unit, shelf in zip(TrialUnit.objects.order_by("pk"), shelves, strict=True):
        TrialUnit.objects.filter(pk=unit.pk).update(location=shelf)
    lines = pick_lines(make_batch(count=1, by=StaffFactory()))

    assert [line.location for line in lines] == ["A2", "A10", "B2", ""]


def test_shelves_are_sorted_by_their_numbers() -> None:
    shelves = ["C", "A10-3", "", "2B", "A2", "a9"]
    assert sorted(shelves, key=shelf_order) == ["2B", "A2", "a9", "A10-3", "C", ""]


@pytest.mark.django_db
def test_a_pick_list_takes_the_same_statements_whatever_it_holds(
    django_assert_num_queries: object,
) -> None:
    by = StaffFactory()
    for _each in range(3):
        approved_trial(frames=1)
    small, large = make_batch(count=1, by=by), make_batch(count=2, by=by)
    for batch in (small, large):
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert pick_lines(batch)


@pytest.mark.django_db(transaction=True)
def test_two_who_make_batches_at_once_never_share_a_trial() -> None:
    for _each in range(8):
        approved_trial(frames=1)
    staff = [StaffFactory() for _each in range(4)]
    batches = at_once(
        [lambda by=by: make_batch(count=3, by=by) for by in staff],  # type: ignore[misc]
        expected=NothingToPickError,
    )

    made = [batch for batch in batches if isinstance(batch, PickBatch)]
    picked = list(PickTote.objects.values_list("trial", flat=True))
    assert len(picked) == len(set(picked)) == 8
    assert sum(batch.totes.count() for batch in made) == 8
    connection.close()
