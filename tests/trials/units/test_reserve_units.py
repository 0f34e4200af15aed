"""Units are reserved all or none, the least used first."""

import pytest
from django.db import transaction

from tests.factories.shop import VariantFactory
from tests.factories.trials import TrialUnitFactory, requested_trial
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit, UnitMovement
from trials.units.services.reserving import reserve_units

pytestmark = pytest.mark.django_db


def test_the_least_used_unit_is_taken_and_the_move_names_its_trial() -> None:
    trial, variant = requested_trial(), VariantFactory()
    worn = TrialUnitFactory(variant=variant, uses=9)
    fresh = TrialUnitFactory(variant=variant, uses=1)

    taken = reserve_units(variant_ids=[variant.pk], trial_id=trial.pk, by=trial.user)

    assert taken == {variant.pk: fresh.pk}
    worn.refresh_from_db()
    assert worn.state == "available"
    move = fresh.movements.latest("pk")
    assert (move.from_state, move.to_state) == ("available", "reserved")
    assert (move.trial_id, move.actor) == (trial.pk, trial.user)


def test_where_one_variant_has_none_nothing_is_reserved() -> None:
    trial, free, none_left = requested_trial(), TrialUnitFactory(), VariantFactory()

    with pytest.raises(NothingFreeError) as refused, transaction.atomic():
        reserve_units(variant_ids=[free.variant_id, none_left.pk], trial_id=trial.pk)

    assert refused.value.extra["variants"] == [none_left.pk]
    assert TrialUnit.objects.get(pk=free.pk).state == "available"
    assert not UnitMovement.objects.filter(subject=free, to_state="reserved").exists()
