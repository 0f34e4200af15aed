"""Votes cast while ideas are merged, answered and voted for in the same second."""

import pytest

from sharing.ideas.answering import merge_idea
from sharing.ideas.errors import IdeaSettledError
from sharing.ideas.models import Idea, IdeaVote
from sharing.ideas.services import add_idea, take_vote_back, vote_for
from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
SETTLED = (IdeaSettledError, IllegalMoveError)


def laws_hold() -> bool:
    return [each.name for each in all_invariants() if breaches(each)] == []


def test_twenty_who_vote_at_once_are_all_counted() -> None:
    idea = add_idea(user=UserFactory(), title="Clip-ons")
    people = [UserFactory() for _each in range(20)]
    at_once([lambda who=who: vote_for(user=who, idea_id=idea.pk) for who in people], expected=())
    idea.refresh_from_db()
    assert idea.votes_count == idea.votes.count() == 20
    assert Event.objects.filter(name="idea_voted").count() == 20


def test_one_who_votes_eight_times_at_once_is_one_vote() -> None:
    idea, who = add_idea(user=UserFactory(), title="Clip-ons"), UserFactory()
    at_once([lambda: vote_for(user=who, idea_id=idea.pk)] * 8, expected=())
    idea.refresh_from_db()
    assert idea.votes_count == IdeaVote.objects.count() == 1
    assert Event.objects.filter(name="idea_voted").count() == 1


def test_votes_that_meet_a_merge_are_moved_or_refused_and_none_is_lost() -> None:
    into = add_idea(user=UserFactory(), title="Clip-ons")
    duplicate = add_idea(user=UserFactory(), title="Clip-on sunglasses")
    people, ops = [UserFactory() for _each in range(10)], StaffFactory()
    early = UserFactory()
    vote_for(user=early, idea_id=duplicate.pk)

    def merge() -> Idea:
        return merge_idea(idea_id=duplicate.pk, into_id=into.pk, by=ops)

    votes = [
        lambda who=who, idea=idea: vote_for(user=who, idea_id=idea.pk)
        for who in people
        for idea in (into, duplicate)
    ]
    results = at_once(
        [
            *votes[:10],
            merge,
            lambda: take_vote_back(user=early, idea_id=duplicate.pk),
            *votes[10:],
        ],
        expected=SETTLED,
    )
    assert not any(isinstance(each, IllegalMoveError) for each in results)
    into.refresh_from_db()
    voters = {*into.votes.values_list("user_id", flat=True)}
    assert {each.pk for each in people} <= voters
    assert into.votes_count == len(voters)
    assert laws_hold()


def test_two_ideas_merged_into_each_other_at_once_leave_one() -> None:
    first = add_idea(user=UserFactory(), title="Clip-ons")
    second = add_idea(user=UserFactory(), title="Clip-on sunglasses")
    ops = StaffFactory()
    from sharing.ideas.errors import IdeaInvalidError

    at_once(
        [
            lambda: merge_idea(idea_id=first.pk, into_id=second.pk, by=ops),
            lambda: merge_idea(idea_id=second.pk, into_id=first.pk, by=ops),
        ],
        expected=(*SETTLED, IdeaInvalidError),
    )
    assert Idea.objects.exclude(state="merged").count() == 1
    assert laws_hold()
