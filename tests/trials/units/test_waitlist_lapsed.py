"""Whose held unit goes on to the next is written to, once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from shop.foundation.locks import lock_rows
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import UserFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist, lapse_holds, leave_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=11, minute=0)


def _held() -> WaitlistEntry:
    unit = TrialUnitFactory(state=UnitState.INSPECTION)
    entry = join_waitlist(user=UserFactory(), variant_id=unit.variant_id)
    with transaction.atomic():
        (locked,) = lock_rows(TrialUnit, [unit.pk])
        move_unit(unit=locked, to_state=UnitState.AVAILABLE)
    entry.refresh_from_db()
    assert entry.state == "held"
    return entry


def _told() -> list[str]:
    for _each in range(3):
        carry_out_due()
    return [each.subject for each in mail.outbox if "no longer held for you" in each.subject]


def test_she_is_told_once_that_her_hold_lapsed_and_where_to_wait_again() -> None:
    with time_machine.travel(NOON):
        entry = _held()
    with time_machine.travel(NOON + timedelta(hours=49)):
        assert lapse_holds() == 1
        assert lapse_holds() == 0
        assert len(_told()) == 1
    (told,) = [each for each in mail.outbox if "no longer held" in each.subject]
    assert told.to == [entry.user.email]
    assert f"/frames/{entry.variant.frame.handle}/" in told.body


def test_who_leaves_by_herself_is_told_nothing() -> None:
    with time_machine.travel(NOON):
        entry = _held()
        leave_waitlist(user=entry.user, variant_id=entry.variant_id)
        assert _told() == []
