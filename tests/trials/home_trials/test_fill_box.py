"""A box holds what the programme allows, reserves nothing and survives the log-in."""

import pytest

from shop.analytics.models import Event
from tests.factories.shop import UserFactory, VariantFactory
from tests.factories.trials import (
    BoxFactory,
    ProgrammeVersionFactory,
    TrialUnitFactory,
    filled_box,
)
from trials.home_trials.errors import BoxFullError, NotForTrialError
from trials.home_trials.models import Box
from trials.home_trials.services.boxes import (
    add_to_box,
    box_for,
    merge_boxes,
    remove_from_box,
)
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules() -> None:
    ProgrammeVersionFactory(frames_per_box=3)


def test_a_frame_put_in_twice_is_in_once_and_reserves_nothing() -> None:
    box, unit = BoxFactory(), TrialUnitFactory()

    add_to_box(box_id=box.pk, variant_id=unit.variant_id)
    add_to_box(box_id=box.pk, variant_id=unit.variant_id)

    assert box.items.count() == 1
    assert TrialUnit.objects.get().state == "available"


def test_the_programmes_number_of_frames_goes_in_and_no_more() -> None:
    box = filled_box(user=UserFactory(), frames=3)

    with pytest.raises(BoxFullError):
        add_to_box(box_id=box.pk, variant_id=TrialUnitFactory().variant_id)

    assert box.items.count() == 3


def test_a_frame_that_is_all_out_does_not_go_in() -> None:
    box, variant = BoxFactory(), VariantFactory()

    with pytest.raises(NothingFreeError) as refused:
        add_to_box(box_id=box.pk, variant_id=variant.pk)

    assert str(variant) in str(refused.value)


def test_a_frame_that_is_not_shown_does_not_go_in() -> None:
    box, hidden = BoxFactory(), TrialUnitFactory(variant__frame__published=False)

    with pytest.raises(NotForTrialError):
        add_to_box(box_id=box.pk, variant_id=hidden.variant_id)
    gone = TrialUnitFactory(variant__active=False)
    for variant_id in (gone.variant_id, gone.variant_id + 1):
        with pytest.raises(NotForTrialError):
            add_to_box(box_id=box.pk, variant_id=variant_id)


def test_taking_out_what_is_not_in_is_no_error() -> None:
    box = filled_box(user=UserFactory(), frames=1)

    remove_from_box(box_id=box.pk, variant_id=VariantFactory().pk)

    assert box.items.count() == 1


def test_filling_is_recorded_once_for_each_trial_it_can_become() -> None:
    box = BoxFactory()
    first, second = TrialUnitFactory().variant_id, TrialUnitFactory().variant_id

    add_to_box(box_id=box.pk, variant_id=first)
    remove_from_box(box_id=box.pk, variant_id=first)
    add_to_box(box_id=box.pk, variant_id=second)

    assert Event.objects.get(name="box_filled").person_id == str(box.user_id)


def test_at_log_in_nothing_she_chose_is_lost_even_beyond_the_limit() -> None:
    user = UserFactory()
    own = filled_box(user=user, frames=2)
    shared = own.items.first().variant_id
    visitor = box_for()
    chosen = [shared, TrialUnitFactory().variant_id, TrialUnitFactory().variant_id]
    for variant_id in chosen:
        add_to_box(box_id=visitor.pk, variant_id=variant_id)

    merged = merge_boxes(user=user, box_id=visitor.pk)

    assert merged == own
    assert own.items.count() == 4
    assert set(chosen) <= set(own.items.values_list("variant_id", flat=True))
    assert not Box.objects.filter(pk=visitor.pk).exists()


def test_nobody_is_given_the_box_of_another_customer() -> None:
    victim = filled_box(user=UserFactory(), frames=2)
    user = UserFactory()

    merge_boxes(user=user, box_id=victim.pk)

    assert victim.items.count() == 2
    assert box_for(user=user).items.count() == 0
    assert box_for(box_id=victim.pk) != victim
