"""Who asks for a box while a frame of it is not free counts as turned away, once."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    TrialUnitFactory,
    filled_box,
    requested_trial,
)
from trials.planning.queries import frame_plans
from trials.programme.queries import current_version
from trials.units.models import TrialUnit, TurnedAway
from trials.units.services.turning_away import note_turned_away
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def out() -> Variant:
    ProgrammeVersionFactory()
    return TrialUnitFactory(state="repair").variant


def _asks(client: Client, variants: list[Variant], *, api: bool) -> int:
    user = UserFactory()
    client.force_login(user)
    filled_box(user=user, variants=variants)
    sent = {
        "address": AddressFactory(user=user).pk,
        "card": SavedCardFactory(user=user).pk,
        "wish": str(uuid.uuid4()),
        "version": current_version(country="DE").pk,
    }
    if not api:
        return client.post("/box/place/", sent).status_code
    headers = {"Referer": "http://testserver/", "Idempotency-Key": "a"}
    body = {
        "version_id": sent["version"],
        "address_id": sent["address"],
        "card_id": sent["card"],
    }
    answer = client.post("/api/v1/trials/", body, content_type="application/json", headers=headers)
    return answer.status_code


def _turned_away(variant: Variant) -> tuple[int, int]:
    (plan,) = [
        each for each in frame_plans(until=timezone.now()) if each.name == variant.frame.name
    ]
    return plan.turned_away, sum(plan.weekly)


@pytest.mark.parametrize("api", [False, True])
def test_a_refused_wish_is_noted_though_nothing_else_is_written(
    api: bool, out: Variant, client: Client
) -> None:
    free = TrialUnitFactory().variant
    assert _asks(client, [out, free], api=api) == 409

    assert [each.variant for each in TurnedAway.objects.all()] == [out]
    assert set(TrialUnit.objects.values_list("state", flat=True)) == {"repair", "available"}
    assert _turned_away(out) == (1, 1)


def _refused(user: User, variant: Variant, *, days_ago: float = 0) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        note_turned_away(user=user, variant_ids=[variant.pk])


def test_who_asks_again_and_again_counts_once_a_week(out: Variant) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        TrialUnitFactory(variant=out, state="repair")
    user = UserFactory()
    for days_ago in (0, 0, 1, 3, 12):
        _refused(user, out, days_ago=days_ago)
    _refused(UserFactory(), out)
    assert TurnedAway.objects.count() == 5
    assert _turned_away(out) == (3, 3)


def test_who_joins_the_line_counts_there_alone_and_who_is_served_not_at_all(out: Variant) -> None:
    waits, served = UserFactory(), UserFactory()
    _refused(waits, out)
    join_waitlist(user=waits, variant_id=out.pk)
    assert _turned_away(out) == (1, 1)

    other = TrialUnitFactory().variant
    _refused(served, other, days_ago=1)
    assert _turned_away(other) == (1, 1)
    requested_trial(user=served, variants=[other])
    assert _turned_away(other) == (0, 1)
