"""Staff invite, customers say yes or no; who sees what, and until when."""

import pytest
import time_machine

from sharing.testers import errors, models, states
from sharing.testers.services.panels import (
    answer_invitation,
    begin_panel,
    close_panel,
    invite,
    leave_panels,
    open_panel,
    remove_tester,
)
from shop.catalogue.models import EarlyLook
from shop.foundation.errors import InvalidError
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from tests.factories.sharing import open_panel_of
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_laws_hold_after_each_test():
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


def looks() -> int:
    return EarlyLook.objects.count()


@time_machine.travel("2026-11-25T12:00:00Z", tick=True)
def test_an_invitation_is_mailed_once_and_shows_nothing_before_a_yes() -> None:
    panel, user, ops = open_panel_of(), UserFactory(), StaffFactory()
    done = invite(
        panel_id=panel.pk, by=ops, emails=[user.email.upper(), user.email, "x@lorgnette.example"]
    )
    assert (done.new, done.before, done.unknown) == ([user.email], [], ["x@lorgnette.example"])
    again = invite(panel_id=panel.pk, by=ops, emails=[user.email])
    assert (again.new, again.before) == ([], [user.email])
    (mail,) = [each.payload for each in OutboxMessage.objects.filter(topic="mail.send")]
    assert mail["to"] == user.email
    assert f"/tests/{panel.pk}/" in mail["text"]
    assert looks() == 0
    answer_invitation(user=user, panel_id=panel.pk, accept=True)
    assert looks() == 1


def test_a_tester_who_changes_her_mind_sees_the_frames_no_more() -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    answer_invitation(user=user, panel_id=panel.pk, accept=False)
    assert looks() == 0
    answer_invitation(user=user, panel_id=panel.pk, accept=True)
    assert looks() == 1


def test_whoever_is_removed_is_out_and_not_in_again_by_herself() -> None:
    user, ops = UserFactory(), StaffFactory()
    panel = open_panel_of(user)
    tester = panel.testers.get()
    remove_tester(panel_id=panel.pk, tester_id=tester.pk, by=ops)
    assert looks() == 0
    with pytest.raises(errors.PanelMissingError):
        answer_invitation(user=user, panel_id=panel.pk, accept=True)
    assert invite(panel_id=panel.pk, by=ops, emails=[user.email]).new == [user.email]
    answer_invitation(user=user, panel_id=panel.pk, accept=True)
    assert looks() == 1


def test_closing_a_panel_takes_its_frames_away_and_opening_it_brings_them_back() -> None:
    panel, ops = open_panel_of(UserFactory(), UserFactory()), StaffFactory()
    assert looks() == 2
    close_panel(panel_id=panel.pk, by=ops)
    assert looks() == 0
    with pytest.raises(errors.PanelClosedError):
        answer_invitation(user=panel.testers.first().user, panel_id=panel.pk, accept=False)
    open_panel(panel_id=panel.pk, by=ops)
    assert looks() == 2


def test_two_panels_of_one_frame_do_not_take_from_each_other() -> None:
    user = UserFactory()
    first = open_panel_of(user)
    frame = first.frames.get().frame
    open_panel_of(user, variants=[frame.variants.get()])
    close_panel(panel_id=first.pk, by=StaffFactory())
    assert EarlyLook.objects.filter(user=user, frame=frame).count() == 1


def test_an_empty_panel_is_not_opened_and_a_draft_invites_nobody() -> None:
    panel, ops = models.Panel.objects.create(title="Empty"), StaffFactory()
    begin_panel(panel=panel, by=ops)
    with pytest.raises(errors.PanelEmptyError):
        open_panel(panel_id=panel.pk, by=ops)
    with pytest.raises(errors.PanelClosedError):
        invite(panel_id=panel.pk, by=ops, emails=[UserFactory().email])
    with pytest.raises(IllegalMoveError):
        close_panel(panel_id=panel.pk, by=ops)
    assert panel.state == states.PanelState.DRAFT


def test_strangers_find_no_panel_and_customers_run_none() -> None:
    panel, stranger = open_panel_of(UserFactory()), UserFactory()
    with pytest.raises(errors.PanelMissingError):
        answer_invitation(user=stranger, panel_id=panel.pk, accept=True)
    for act in (
        lambda: open_panel(panel_id=panel.pk, by=stranger),
        lambda: close_panel(panel_id=panel.pk, by=stranger),
        lambda: invite(panel_id=panel.pk, by=stranger, emails=[stranger.email]),
        lambda: remove_tester(panel_id=panel.pk, tester_id=panel.testers.get().pk, by=stranger),
    ):
        with pytest.raises(errors.NotStaffError):
            act()


@pytest.mark.parametrize("count", [0, 101])
def test_nobody_or_too_many_at_once_are_not_invited(count: int) -> None:
    panel = open_panel_of()
    emails = [f"{number}@lorgnette.example" for number in range(count)]
    with pytest.raises(InvalidError):
        invite(panel_id=panel.pk, by=StaffFactory(), emails=emails)


def test_a_person_who_is_erased_leaves_her_panels_and_sees_nothing_early() -> None:
    user = UserFactory()
    first, second = open_panel_of(user), open_panel_of(user, UserFactory())
    close_panel(panel_id=first.pk, by=StaffFactory())
    assert leave_panels(user=user) == 2
    assert leave_panels(user=user) == 0
    assert not EarlyLook.objects.filter(user=user).exists()
    assert EarlyLook.objects.filter(source=second.pk).count() == 1
