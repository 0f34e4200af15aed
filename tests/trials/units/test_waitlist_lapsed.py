"""Whose held unit goes on to the next is written to, once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import finish_check_in
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist, lapse_holds, leave_waitlist
from trials.units.states import UnitState
from trials.units.tasks import keep_promises

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


def test_who_cannot_take_it_when_her_hold_runs_out_keeps_her_place_and_is_told() -> None:
    with time_machine.travel(NOON):
        entry = _held()
        nora = join_waitlist(user=UserFactory(), variant_id=entry.variant_id)
        trial = delivered_trial(user=entry.user, frames=1)
    with time_machine.travel(NOON + timedelta(hours=49)):
        assert lapse_holds() == 0
        assert lapse_holds() == 0
        entry.refresh_from_db()
        nora.refresh_from_db()
        assert (entry.state, nora.state) == ("waiting", "held")
        assert entry.passed_at is not None
        assert entry.units.count() == 0
        assert _told() == []
        (told,) = [each for each in mail.outbox if "You keep your place" in each.subject]
        assert told.to == [entry.user.email]
        _books_are_right()

        # Her box is back, and the next one lets it go: it is hers.
        checked_in(item_of(trial), Finding.GOOD)
        finish_check_in(trial_id=trial.pk, by=StaffFactory())
        leave_waitlist(user=nora.user, variant_id=entry.variant_id)
        keep_promises()
        entry.refresh_from_db()
        assert (entry.state, entry.passed_at) == ("held", None)
        assert entry.held_until is not None
        assert entry.held_until > timezone.now() + timedelta(hours=47)
        _books_are_right()


def test_until_its_time_is_over_she_may_take_it_should_she_be_able_to_meanwhile() -> None:
    with time_machine.travel(NOON):
        entry = _held()
        delivered_trial(user=entry.user, frames=1)
    with time_machine.travel(NOON + timedelta(hours=47)):
        keep_promises()
        entry.refresh_from_db()
        assert entry.state == "held"


def test_who_can_still_swap_it_into_her_box_and_does_not_is_out_of_the_line() -> None:
    with time_machine.travel(NOON):
        entry = _held()
        approved_trial(user=entry.user, frames=1)
    with time_machine.travel(NOON + timedelta(hours=49)):
        assert lapse_holds() == 1
        assert len(_told()) == 1


def test_her_page_says_what_becomes_of_what_she_cannot_take(client: Client) -> None:
    entry = _held()
    client.force_login(entry.user)
    words = "goes to the next in line, and you keep your place"
    assert words not in client.get("/waitlist/").content.decode()

    delivered_trial(user=entry.user, frames=1)

    assert words in client.get("/waitlist/").content.decode()
    assert client.get("/api/v1/waitlist/").json()["passed_over"] is True


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name
