"""Circles: made, invited into by link and mail, roles, leaving, handing over, keeping away."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from sharing.bookmarks.services.leaving import leave_circle, remove_member
from sharing.circles.errors import (
    CircleArchivedError,
    CircleInvalidError,
    CircleMissingError,
    InvitationMissingError,
    NotAllowedInCircleError,
    OwnerStaysError,
    TooManyCirclesError,
)
from sharing.circles.models import CircleInvitation, Membership
from sharing.circles.queries import circles_of, seat_of
from sharing.circles.services import keeping
from sharing.circles.services.inviting import invite, revoke_invitation
from sharing.circles.services.keeping import (
    archive_circle,
    create_circle,
    give_role,
    rename_circle,
    reopen_circle,
)
from sharing.circles.services.membership import block_person, join_circle, show_trials
from sharing.circles.states import CircleKind, Role
from sharing.circles.tokens import invitation_token, token_hash
from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.messages.addresses import hashed, token_for
from shop.messages.models import MessageItem
from shop.messages.services.choosing import unsubscribe
from shop.messages.topics import Topic
from tests.factories.circles import circle_of, join, owner_of
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def token_of(invitation: CircleInvitation) -> str:
    return invitation_token(invitation.pk)


def test_a_circle_begins_with_its_owner_and_is_recorded():
    ada = UserFactory()
    circle = create_circle(owner=ada, name="  Sisters \n and more ")
    assert circle.name == "Sisters and more"
    assert seat_of(user=ada, circle_id=circle.pk).is_owner
    assert Event.objects.get(name="circle_created").subject_id == str(circle.pk)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_circle_needs_a_name_of_up_to_sixty_characters(name):
    with pytest.raises(CircleInvalidError):
        create_circle(owner=UserFactory(), name=name)


def test_a_look_at_an_invitation_lets_nobody_in_and_the_act_does():
    circle, bea = circle_of(UserFactory(name="Ada Lang")), UserFactory()
    token = token_of(invite(by=owner_of(circle), circle_id=circle.pk))
    browser = Client()
    browser.force_login(bea)
    address = f"/circles/join/{token}/"
    page = browser.get(address)
    assert "Ada L." in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not Membership.objects.filter(user=bea).exists()
    assert browser.post(address).status_code == 302
    assert seat_of(user=bea, circle_id=circle.pk).membership.state == Role.MEMBER


def test_a_stranger_is_asked_to_log_in_before_she_joins():
    circle = circle_of(UserFactory())
    token = token_of(invite(by=owner_of(circle), circle_id=circle.pk))
    page = f"http://testserver/circles/join/{token}/"
    answer = Client(headers={"Referer": page}).post(f"/circles/join/{token}/")
    assert answer["Location"] == f"/accounts/login/?next=/circles/join/{token}/"
    assert circle.memberships.count() == 1


def test_joining_is_caused_by_the_circle_and_twice_changes_nothing():
    circle, bea = circle_of(UserFactory()), UserFactory()
    invitation = invite(by=owner_of(circle), circle_id=circle.pk, most_uses=2)
    first = join_circle(user=bea, token=token_of(invitation))
    assert join_circle(user=bea, token=token_of(invitation)) == first
    invitation.refresh_from_db()
    assert invitation.uses == 1
    joined, made = Event.objects.get(name="circle_joined"), Event.objects.get(name="circle_created")
    assert joined.caused_by == made.pk


def test_an_invitation_is_kept_as_a_hash_and_used_up():
    circle = circle_of(UserFactory())
    invitation = invite(by=owner_of(circle), circle_id=circle.pk, most_uses=1)
    token = token_of(invitation)
    assert invitation.token_hash == token_hash(token)
    assert token not in str(vars(invitation))
    join_circle(user=UserFactory(), token=token)
    with pytest.raises(InvitationMissingError):
        join_circle(user=UserFactory(), token=token)


@pytest.mark.parametrize("gone", ["expired", "revoked", "archived", "unknown"])
def test_an_invitation_that_is_gone_lets_nobody_in(gone):
    ada = UserFactory()
    circle = circle_of(ada)
    invitation = invite(by=ada, circle_id=circle.pk, most_uses=9)
    later = timezone.now()
    if gone == "expired":
        later += timedelta(days=15)
    if gone == "revoked":
        revoke_invitation(by=ada, circle_id=circle.pk, invitation_id=invitation.pk)
    if gone == "archived":
        archive_circle(by=ada, circle_id=circle.pk)
    token = "nothing" if gone == "unknown" else token_of(invitation)
    with time_machine.travel(later), pytest.raises(InvitationMissingError):
        join_circle(user=UserFactory(), token=token)


def test_an_invitation_by_mail_keeps_no_address():
    circle = circle_of(UserFactory(name="Ada Lang"))
    invitation = invite(by=owner_of(circle), circle_id=circle.pk, mail_to="jonas.berg@mail.example")
    assert (invitation.label, invitation.most_uses) == ("jo…@mail.example", 1)
    carry_out_due()
    (sent,) = mail.outbox
    assert sent.to == ["jonas.berg@mail.example"]
    assert "Ada invites you" in sent.subject
    assert f"/circles/join/{token_of(invitation)}/" in sent.body
    told = MessageItem.objects.get(topic=Topic.CIRCLES)
    assert (told.user, told.about) == (None, str(circle.pk))


def test_who_wants_no_invitations_into_circles_gets_none_and_nobody_is_told():
    circle, address = circle_of(UserFactory()), "jonas.berg@mail.example"
    unsubscribe(token=token_for(hashed(address), [Topic.CIRCLES]))
    assert invite(by=owner_of(circle), circle_id=circle.pk, mail_to=address).label
    carry_out_due()
    assert mail.outbox == []


def test_members_do_not_invite_and_editors_do():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    with pytest.raises(NotAllowedInCircleError):
        invite(by=bea, circle_id=circle.pk)
    member = circle.memberships.get(user=bea)
    give_role(by=ada, circle_id=circle.pk, member_id=member.pk, role=Role.EDITOR)
    assert invite(by=bea, circle_id=circle.pk).invited_by == bea


def test_a_circle_is_handed_over_and_has_one_owner_always():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    with pytest.raises(OwnerStaysError):
        leave_circle(user=ada, circle_id=circle.pk)
    member = circle.memberships.get(user=bea)
    give_role(by=ada, circle_id=circle.pk, member_id=member.pk, role=Role.OWNER)
    assert seat_of(user=bea, circle_id=circle.pk).is_owner
    assert seat_of(user=ada, circle_id=circle.pk).membership.state == Role.EDITOR
    leave_circle(user=ada, circle_id=circle.pk)
    with pytest.raises(CircleMissingError):
        seat_of(user=ada, circle_id=circle.pk)


def test_the_owner_does_not_take_the_circle_from_herself_without_an_heir():
    ada = UserFactory()
    circle = circle_of(ada)
    mine = circle.memberships.get(user=ada)
    with pytest.raises(IllegalMoveError):
        give_role(by=ada, circle_id=circle.pk, member_id=mine.pk, role=Role.MEMBER)


def test_the_database_itself_refuses_a_second_owner():
    circle = circle_of(UserFactory(), UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        circle.memberships.filter(state=Role.MEMBER).update(state=Role.OWNER)


def test_only_the_owner_removes_renames_and_archives():
    ada, bea, cleo = (UserFactory() for _each in range(3))
    circle = circle_of(ada, bea, cleo)
    third = circle.memberships.get(user=cleo)
    for act in (
        lambda: remove_member(by=bea, circle_id=circle.pk, member_id=third.pk),
        lambda: rename_circle(by=bea, circle_id=circle.pk, name="Mine"),
        lambda: archive_circle(by=bea, circle_id=circle.pk),
        lambda: give_role(by=bea, circle_id=circle.pk, member_id=third.pk, role=Role.EDITOR),
    ):
        with pytest.raises(NotAllowedInCircleError):
            act()


def test_who_was_removed_does_not_come_back_by_an_older_link():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    old = invite(by=ada, circle_id=circle.pk, most_uses=9)
    member = circle.memberships.get(user=bea)
    remove_member(by=ada, circle_id=circle.pk, member_id=member.pk)
    with pytest.raises(InvitationMissingError):
        join_circle(user=bea, token=token_of(old))
    assert join(circle, bea).state == Role.MEMBER


def test_who_left_by_herself_may_come_back_and_has_a_new_membership():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    leave_circle(user=bea, circle_id=circle.pk)
    join(circle, bea)
    assert [each.state for each in circle.memberships.filter(user=bea)] == ["left", "member"]


def test_who_is_blocked_by_the_owner_does_not_come_in():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada)
    block_person(by=ada, user=bea)
    with pytest.raises(InvitationMissingError):
        join(circle, bea)


def test_an_archived_circle_is_read_and_not_added_to():
    ada = UserFactory()
    circle = circle_of(ada)
    archive_circle(by=ada, circle_id=circle.pk)
    archive_circle(by=ada, circle_id=circle.pk)
    assert seat_of(user=ada, circle_id=circle.pk).circle.state == "archived"
    with pytest.raises(CircleArchivedError):
        invite(by=ada, circle_id=circle.pk)
    reopen_circle(by=ada, circle_id=circle.pk)
    assert [each.to_state for each in circle.transitions.all()] == ["open", "archived", "open"]


def test_a_circle_of_colleagues_is_made_and_joined_by_staff_alone():
    with pytest.raises(NotAllowedInCircleError):
        create_circle(owner=UserFactory(), name="Work", kind=CircleKind.STAFF)
    ola, customer = StaffFactory(), UserFactory()
    circle = circle_of(ola, kind=CircleKind.STAFF)
    with pytest.raises(InvitationMissingError):
        join(circle, customer)
    token = token_of(invite(by=ola, circle_id=circle.pk))
    assert Client().get(f"/circles/join/{token}/").status_code == 404


def test_whoever_works_here_no_more_is_out_of_colleagues_circles_at_once():
    ola, max_ = StaffFactory(), StaffFactory()
    circle = circle_of(ola, max_, kind=CircleKind.STAFF)
    max_.is_staff = False
    max_.save()
    assert list(circles_of(max_)) == []
    with pytest.raises(CircleMissingError):
        seat_of(user=max_, circle_id=circle.pk)


def test_a_person_is_in_thirty_circles_at_most(monkeypatch):
    monkeypatch.setattr(keeping, "CIRCLES_A_PERSON", 2)
    ada = UserFactory()
    circle_of(ada)
    circle_of(ada)
    with pytest.raises(TooManyCirclesError):
        circle_of(ada)


def test_trials_are_shown_to_a_circle_only_once_their_owner_says_so():
    ada = UserFactory()
    circle = circle_of(ada)
    assert not seat_of(user=ada, circle_id=circle.pk).membership.shows_trials
    assert show_trials(user=ada, circle_id=circle.pk, shown=True).shows_trials


def test_invariants_of_circles_find_what_breaks_them():
    names = {"A circle has one owner and at most fifty people"}
    circle = circle_of(UserFactory(), UserFactory())

    def broken():
        return {each.name for each in all_invariants() if each.name in names and breaches(each)}

    assert broken() == set()
    circle.memberships.filter(state=Role.OWNER).update(state=Role.MEMBER)
    assert broken() == names
