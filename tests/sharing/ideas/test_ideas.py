"""Customers propose and vote, the maker answers, who asked is told once."""

import secrets
import uuid
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing.ideas.answering import (
    answer_idea,
    hide_idea,
    merge_idea,
    show_idea,
    tell_built,
)
from sharing.ideas.errors import (
    IdeaInvalidError,
    IdeaMissingError,
    IdeaSettledError,
    NotStaffError,
    OwnIdeaError,
)
from sharing.ideas.models import Idea, IdeaReport, IdeaVote
from sharing.ideas.queries import ideas_for, staff_ideas
from sharing.ideas.services import (
    IDEAS_A_DAY,
    add_idea,
    erase_from_ideas,
    report_idea,
    take_vote_back,
    vote_for,
)
from sharing.ideas.states import IdeaState
from sharing.ideas.tasks import tell
from shop.analytics.models import Event
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.errors import TooManyError
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.messages.models import MessageItem
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_laws_hold_after_each_test():
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


def idea(**fields) -> Idea:
    return add_idea(**{"user": UserFactory(), "title": "Clip-on sunglasses", **fields})


def answered(found: Idea, state: str, *, by=None, text: str = "We hear you.") -> Idea:
    found.refresh_from_db()
    return answer_idea(
        idea_id=found.pk, by=by or StaffFactory(), state=state, text=text, seen=found.state
    )


def told(found: Idea) -> list[int]:
    """Carry out what was published, twice, and return who was told."""
    for message in OutboxMessage.objects.filter(topic="ideas.tell_built"):
        tell(message.payload)
        tell(message.payload)
    items = MessageItem.objects.filter(template="idea_built", about=str(found.pk))
    return sorted(items.values_list("user_id", flat=True))


def test_a_customer_votes_once_and_may_take_it_back() -> None:
    found, voter = idea(), UserFactory()
    vote_for(user=voter, idea_id=found.pk)
    assert vote_for(user=voter, idea_id=found.pk).votes_count == 1
    assert take_vote_back(user=voter, idea_id=found.pk).votes_count == 0
    assert take_vote_back(user=voter, idea_id=found.pk).votes_count == 0
    assert vote_for(user=voter, idea_id=found.pk).votes_count == 1
    voted = Event.objects.filter(name="idea_voted")
    assert voted.count() == 2
    assert {each.caused_by for each in voted} == {Event.objects.get(name="idea_added").pk}


def test_the_database_keeps_a_second_vote_out() -> None:
    found, voter = idea(), UserFactory()
    vote_for(user=voter, idea_id=found.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdeaVote.objects.create(idea=found, user=voter)


def test_nobody_votes_for_or_reports_an_idea_of_her_own() -> None:
    found = idea()
    for act in (vote_for, take_vote_back, report_idea):
        with pytest.raises(OwnIdeaError):
            act(user=found.author, idea_id=found.pk)


@pytest.mark.parametrize("title", ["", " \n ", "x" * 101])
def test_an_idea_of_nothing_or_too_much_is_refused(title: str) -> None:
    with pytest.raises(IdeaInvalidError):
        idea(title=title)


def test_card_numbers_are_refused_in_every_text() -> None:
    found, card = idea(), "4242 4242 4242 4242"
    for act in (
        lambda: idea(title=card),
        lambda: idea(text=card),
        lambda: report_idea(user=UserFactory(), idea_id=found.pk, reason=card),
        lambda: answered(found, IdeaState.PLANNED, text=card),
    ):
        with pytest.raises(CardNumberError):
            act()


def test_ideas_are_limited_by_the_day() -> None:
    # A number nobody else has: limits are counted in Redis, by number and for a day.
    user = UserFactory(pk=secrets.randbelow(10**9) + 10**9)
    for _each in range(IDEAS_A_DAY):
        idea(user=user)
    with pytest.raises(TooManyError):
        idea(user=user)


def test_only_people_who_work_here_answer_merge_and_hide() -> None:
    found, other, user = idea(), idea(), UserFactory()
    for act in (
        lambda: answered(found, IdeaState.PLANNED, by=user),
        lambda: merge_idea(idea_id=found.pk, into_id=other.pk, by=user),
        lambda: hide_idea(idea_id=found.pk, by=user),
        lambda: show_idea(idea_id=found.pk, by=user),
    ):
        with pytest.raises(NotStaffError):
            act()


def test_an_answer_is_read_by_everybody_and_caused_by_the_idea() -> None:
    found = idea()
    answered(found, IdeaState.PLANNED, text="Next spring.")
    (shown,) = ideas_for(UserFactory())
    assert (shown.state, shown.answer) == (IdeaState.PLANNED, "Next spring.")
    event = Event.objects.get(name="idea_answered")
    assert event.caused_by == Event.objects.get(name="idea_added").pk
    assert event.details["state"] == "planned"
    assert "spring" not in str(event.details)


def test_two_who_answer_the_same_state_do_not_undo_each_other() -> None:
    found = idea()
    seen = found.state
    answered(found, IdeaState.PLANNED)
    with pytest.raises(IllegalMoveError):
        answer_idea(
            idea_id=found.pk, by=StaffFactory(), state=IdeaState.DECLINED, text="No.", seen=seen
        )


def test_who_asked_is_told_once_that_it_is_built() -> None:
    found, voters = idea(), [UserFactory() for _each in range(3)]
    for voter in voters:
        vote_for(user=voter, idea_id=found.pk)
    answered(found, IdeaState.PLANNED)
    assert told(found) == []
    answered(found, IdeaState.BUILT, text="It is here.")
    everybody = sorted([found.author_id, *(each.pk for each in voters)])
    assert told(found) == everybody
    answered(found, IdeaState.BUILT, text="It is here, in two colours.")
    assert told(found) == everybody


def test_no_vote_is_taken_once_an_idea_is_settled() -> None:
    found = idea()
    answered(found, IdeaState.DECLINED)
    for act in (vote_for, take_vote_back):
        with pytest.raises(IdeaSettledError):
            act(user=UserFactory(), idea_id=found.pk)


def test_a_duplicate_brings_its_votes_each_voter_counting_once() -> None:
    into, duplicate = idea(), idea()
    both, only = UserFactory(), UserFactory()
    vote_for(user=both, idea_id=into.pk)
    vote_for(user=both, idea_id=duplicate.pk)
    vote_for(user=only, idea_id=duplicate.pk)
    vote_for(user=into.author, idea_id=duplicate.pk)
    kept = merge_idea(idea_id=duplicate.pk, into_id=into.pk, by=StaffFactory())
    voters = {*kept.votes.values_list("user_id", flat=True)}
    assert voters == {both.pk, only.pk, duplicate.author_id}
    assert kept.votes_count == 3
    duplicate.refresh_from_db()
    assert (duplicate.state, duplicate.votes_count) == (IdeaState.MERGED, 0)
    assert [each.pk for each in ideas_for(both)] == [into.pk]
    answered(kept, IdeaState.BUILT)
    assert told(kept) == sorted([*voters, into.author_id])


def test_who_comes_by_a_merge_into_what_is_built_is_told_and_the_others_not_again() -> None:
    into, duplicate = idea(), idea()
    answered(into, IdeaState.BUILT)
    assert told(into) == [into.author_id]
    merge_idea(idea_id=duplicate.pk, into_id=into.pk, by=StaffFactory())
    assert told(into) == sorted([into.author_id, duplicate.author_id])


def test_nothing_is_merged_into_itself_or_into_what_is_merged() -> None:
    first, second, third = idea(), idea(), idea()
    ops = StaffFactory()
    with pytest.raises(IdeaInvalidError):
        merge_idea(idea_id=first.pk, into_id=first.pk, by=ops)
    merge_idea(idea_id=first.pk, into_id=second.pk, by=ops)
    with pytest.raises(IdeaInvalidError):
        merge_idea(idea_id=third.pk, into_id=first.pk, by=ops)
    with pytest.raises(IllegalMoveError):
        merge_idea(idea_id=first.pk, into_id=third.pk, by=ops)
    with pytest.raises(IdeaMissingError):
        merge_idea(idea_id=third.pk, into_id=uuid.uuid4(), by=ops)


def test_a_hidden_idea_is_read_by_nobody_and_its_reports_are_settled() -> None:
    found, reader = idea(), UserFactory()
    report_idea(user=reader, idea_id=found.pk, reason="Rude")
    report_idea(user=reader, idea_id=found.pk, reason="Rude again")
    assert [each.pk for each in staff_ideas(state="reported")] == [found.pk]
    hide_idea(idea_id=found.pk, by=StaffFactory())
    assert list(ideas_for(reader)) == []
    assert list(staff_ideas(state="reported")) == []
    with pytest.raises(IdeaMissingError):
        vote_for(user=reader, idea_id=found.pk)
    show_idea(idea_id=found.pk, by=StaffFactory())
    assert [each.pk for each in ideas_for(reader)] == [found.pk]
    assert IdeaReport.objects.get().reason == "Rude"


def test_a_hidden_idea_tells_nobody_that_it_is_built() -> None:
    found = idea()
    answered(found, IdeaState.BUILT)
    hide_idea(idea_id=found.pk, by=StaffFactory())
    assert told(found) == []
    assert tell_built(idea_id=uuid.uuid4(), event=uuid.uuid4()) == 0


def test_erasing_a_person_leaves_what_others_asked_for_without_her() -> None:
    wanted, alone = idea(title="Mirrors"), idea(title="My own street, 4")
    user, voter = wanted.author, UserFactory()
    Idea.objects.filter(pk=alone.pk).update(author=user)
    vote_for(user=voter, idea_id=wanted.pk)
    hers = idea()
    vote_for(user=user, idea_id=hers.pk)
    assert erase_from_ideas(user=user) == 2
    wanted.refresh_from_db()
    alone.refresh_from_db()
    hers.refresh_from_db()
    assert (wanted.title, wanted.author, wanted.votes_count) == ("Mirrors", None, 1)
    assert (alone.title, alone.author) == ("–", None)
    assert alone.hidden_at is not None
    assert hers.votes_count == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=12),
    st.sampled_from(list(permutations(range(3), 2))),
)
def test_whatever_is_voted_and_merged_each_voter_counts_once(votes, merged) -> None:
    people = [UserFactory() for _each in range(4)]
    ideas = [idea(user=people[number]) for number in range(3)]
    for which, who in votes:
        if ideas[which].author_id != people[who].pk:
            vote_for(user=people[who], idea_id=ideas[which].pk)
    source, target = (ideas[number] for number in merged)
    wanted = {people[who].pk for which, who in votes if ideas[which] in (source, target)}
    wanted = (wanted | {source.author_id}) - {target.author_id}
    kept = merge_idea(idea_id=source.pk, into_id=target.pk, by=StaffFactory())
    assert {*kept.votes.values_list("user_id", flat=True)} == wanted
    assert kept.votes_count == len(wanted)
    assert connection.in_atomic_block
