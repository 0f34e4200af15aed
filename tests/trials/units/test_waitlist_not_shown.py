"""Nothing is held of a frame that is not in the shop; who waits for it keeps her place."""

from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from shop.catalogue.models import EarlyLook, Frame, Variant
from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState
from trials.units.tasks import keep_promises

pytestmark = pytest.mark.django_db


def _line(*users: User) -> tuple[TrialUnit, list[WaitlistEntry]]:
    unit = TrialUnitFactory(state=UnitState.INSPECTION)
    return unit, [join_waitlist(user=user, variant_id=unit.variant_id) for user in users]


@transaction.atomic
def _onto_the_shelf(unit: TrialUnit) -> None:
    (locked,) = lock_rows(TrialUnit, [unit.pk])
    move_unit(unit=locked, to_state=UnitState.AVAILABLE)


def _hide(unit: TrialUnit, how: str = "unpublished") -> None:
    if how == "unpublished":
        Frame.objects.filter(pk=unit.variant.frame_id).update(published=False)
    else:
        Variant.objects.filter(pk=unit.variant_id).update(active=False)


def _show(unit: TrialUnit) -> None:
    Frame.objects.filter(pk=unit.variant.frame_id).update(published=True)
    Variant.objects.filter(pk=unit.variant_id).update(active=True)


def _states(*entries: WaitlistEntry) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.state for entry in entries]


def _mailed() -> list[str]:
    for _each in range(3):
        carry_out_due()
    return [each.subject for each in mail.outbox]


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


@pytest.mark.parametrize("how", ["unpublished", "inactive"])
def test_nothing_is_held_until_the_frame_is_shown_again(how: str) -> None:
    unit, (entry,) = _line(UserFactory())
    _hide(unit, how)

    _onto_the_shelf(unit)
    keep_promises()

    assert _states(entry) == ["waiting"]
    assert _mailed() == []
    _books_are_right()

    _show(unit)
    keep_promises()
    assert _states(entry) == ["held"]


def test_what_is_held_goes_back_and_she_keeps_her_place_and_is_told_once() -> None:
    mia = UserFactory()
    unit, (first, second) = _line(mia, UserFactory())
    _onto_the_shelf(unit)
    _hide(unit)

    keep_promises()
    keep_promises()

    assert _states(first, second) == ["waiting", "waiting"]
    assert first.passed_at is None
    assert not TrialUnit.objects.exclude(held_for=None).exists()
    assert [each for each in _mailed() if "You keep your place" in each] == [
        f"You keep your place in line for {unit.variant}"
    ]
    assert "not in the shop at the moment" in mail.outbox[-1].body
    _books_are_right()

    _show(unit)
    keep_promises()
    assert _states(first, second) == ["held", "waiting"]
    _books_are_right()


def test_who_has_an_early_look_is_served_before_those_who_have_none() -> None:
    tess = UserFactory()
    unit, (first, hers) = _line(UserFactory(), tess)
    _hide(unit)
    EarlyLook.objects.create(user=tess, frame=unit.variant.frame, source=uuid4())

    _onto_the_shelf(unit)
    keep_promises()

    assert _states(first, hers) == ["waiting", "held"]
    _books_are_right()


def test_her_page_the_api_and_staff_say_that_it_is_not_in_the_shop(client: Client) -> None:
    mia = UserFactory()
    unit, _entries = _line(mia)
    path = f"/frames/{unit.variant.frame.handle}/"
    client.force_login(mia)
    assert path in client.get("/waitlist/").content.decode()
    assert client.get("/api/v1/waitlist/").json()["waits"][0]["shown"] is True

    _onto_the_shelf(unit)
    keep_promises()
    assert "Held for you" in client.get("/waitlist/").content.decode()

    _hide(unit)

    page = client.get("/waitlist/").content.decode()
    assert "Held for you" not in page
    assert "Not in the shop at the moment" in page
    assert path not in page
    assert client.get("/api/v1/waitlist/").json()["waits"][0]["shown"] is False
    keep_promises()
    client.force_login(StaffFactory())
    assert "not in the shop" in client.get("/console/waitlist/").content.decode()
    (wait,) = client.get("/api/v1/staff/waitlist/").json()["results"]
    assert wait["shown"] is False
