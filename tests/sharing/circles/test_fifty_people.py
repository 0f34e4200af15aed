"""Fifty people a circle, however many come in the same second."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from sharing.circles.errors import CircleFullError, InvitationMissingError
from sharing.circles.models import Membership, MembershipTransition
from sharing.circles.services import membership
from sharing.circles.services.inviting import invite
from sharing.circles.services.membership import join_circle
from sharing.circles.tokens import invitation_token
from tests.factories.circles import circle_of
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
COMING = 12


def join_at_once(token, people):
    gate = Barrier(len(people))

    def run(user):
        try:
            gate.wait(timeout=30)
            return join_circle(user=user, token=token)
        except (CircleFullError, InvitationMissingError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def filled_up(circle, count):
    """Put people into a circle as quickly as can be."""
    for _each in range(count):
        row = Membership.objects.create(circle=circle, user=UserFactory())
        MembershipTransition.objects.create(subject=row, from_state="", to_state="member")


def test_the_fifty_first_person_stays_outside_whoever_comes_with_her():
    ada = UserFactory()
    circle = circle_of(ada)
    filled_up(circle, membership.MOST_PEOPLE - 4)
    token = invitation_token(invite(by=ada, circle_id=circle.pk, most_uses=40).pk)
    came = join_at_once(token, [UserFactory() for _each in range(COMING)])
    assert sum(isinstance(each, Membership) for each in came) == 3
    assert circle.memberships.present().count() == membership.MOST_PEOPLE


def test_an_invitation_for_two_lets_in_two_of_many():
    ada = UserFactory()
    circle = circle_of(ada)
    invitation = invite(by=ada, circle_id=circle.pk, most_uses=2)
    came = join_at_once(invitation_token(invitation.pk), [UserFactory() for _each in range(COMING)])
    assert sum(isinstance(each, Membership) for each in came) == 2
    assert circle.memberships.present().count() == 3


def test_one_person_in_ten_tabs_has_one_membership():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada)
    token = invitation_token(invite(by=ada, circle_id=circle.pk, most_uses=9).pk)
    came = join_at_once(token, [bea] * 10)
    assert len({each.pk for each in came}) == 1
    assert circle.memberships.filter(user=bea).count() == 1
