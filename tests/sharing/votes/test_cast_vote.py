"""A friend votes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.models import ShareLink
from sharing.galleries.services import close_gallery, note_view, reopen_gallery, revoke_link
from sharing.votes.errors import (
    CommentInvalidError,
    OwnVoteError,
    VoteInvalidError,
    VotingClosedError,
)
from sharing.votes.models import Reaction, Vote, Voter
from sharing.votes.queries import standing
from sharing.votes.services import BURST_VOTERS, cast_vote
from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link, new_browser, vote_on
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link(frames=3)


def test_a_vote_holds_reactions_one_favourite_and_a_comment(shared):
    first, second, third = shared.items
    cast = vote_on(
        shared,
        favourite=second,
        reactions={first.pk: "like", second.pk: "love", third.pk: "not_you"},
        comment="  The round ones!  ",
        name="Jo",
    )
    vote = Vote.objects.get(pk=cast.vote_id)
    assert (vote.favourite, vote.comment, vote.voter.name) == (second, "The round ones!", "Jo")
    assert dict(vote.reactions.values_list("item", "value")) == {
        first.pk: "like",
        second.pk: "love",
        third.pk: "not_you",
    }
    assert cast.first
    assert cast.counted


def test_a_second_vote_of_the_same_browser_takes_the_place_of_the_first(shared):
    first, second, _third = shared.items
    browser = new_browser()
    vote_on(shared, browser=browser, favourite=first, reactions={first.pk: "love"})
    again = vote_on(shared, browser=browser, favourite=second, reactions={second.pk: "like"})
    assert not again.first
    assert Voter.objects.count() == Vote.objects.count() == 1
    assert Vote.objects.get().favourite == second
    assert list(Reaction.objects.values_list("item", "value")) == [(second.pk, "like")]
    assert Vote.objects.get().changed_at is not None


def test_the_facts_are_recorded_with_link_channel_person_and_cause(shared):
    browser = new_browser()
    note_view(link=shared.link, browser_token=browser)
    cast = vote_on(shared, browser=browser, comment="Wow")
    vote_on(shared, browser=browser, comment="Wow, really")
    events = {event.name: event for event in Event.objects.filter(subject_type="gallery")}
    view, voted = events["link_viewed"], events["vote_cast"]
    assert voted.caused_by == view.pk
    assert events["vote_changed"].caused_by == view.pk
    assert events["comment_added"].caused_by == voted.pk
    for event in (view, voted, events["vote_changed"], events["comment_added"]):
        assert event.subject_id == str(shared.gallery.pk)
        assert (event.person_type, event.person_id) == ("voter", str(cast.voter_id))
        assert (event.link, event.channel) == (str(shared.link.pk), "whatsapp")
        assert event.details["trial"] == str(shared.gallery.trial_id)
    assert voted.details["counted"] is True
    assert Event.objects.filter(name="comment_added").count() == 1


def test_the_owner_cannot_vote_on_her_own_gallery(shared):
    with pytest.raises(OwnVoteError):
        vote_on(shared, user=shared.gallery.owner)
    assert not Vote.objects.exists()


def test_a_friend_with_an_account_can_vote(shared):
    friend = UserFactory()
    cast = vote_on(shared, user=friend)
    assert Voter.objects.get(pk=cast.voter_id).user == friend


def test_nobody_votes_after_closing_and_everybody_again_after_reopening(shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    with pytest.raises(VotingClosedError):
        vote_on(shared)
    assert not Vote.objects.exists()
    reopen_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    assert vote_on(shared).first


def test_a_withdrawn_link_takes_no_vote_though_its_page_is_still_open(shared):
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    with pytest.raises(LinkMissingError):
        vote_on(shared)


def test_an_expired_link_takes_no_vote(shared):
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkMissingError):
        vote_on(shared)


def test_a_frame_of_another_gallery_is_refused(shared):
    foreign = gallery_with_link(frames=1).items[0]
    with pytest.raises(VoteInvalidError):
        vote_on(shared, favourite=foreign, reactions={})
    with pytest.raises(VoteInvalidError):
        vote_on(shared, reactions={foreign.pk: "love"}, favourite=None)
    assert not Voter.objects.exists()


def test_an_unknown_reaction_and_an_empty_vote_are_refused(shared):
    with pytest.raises(VoteInvalidError):
        vote_on(shared, reactions={shared.items[0].pk: "hate"})
    with pytest.raises(VoteInvalidError):
        cast_vote(
            link=shared.link, voter_token=new_browser(), reactions={}, favourite=None, comment=" "
        )
    assert not Vote.objects.exists()


def test_a_comment_ends_at_500_characters(shared):
    vote_on(shared, comment="x" * 500)
    with pytest.raises(CommentInvalidError):
        vote_on(shared, comment="x" * 501)
    with pytest.raises(CommentInvalidError):
        vote_on(shared, name="x" * 41)


def test_a_zero_byte_in_a_comment_is_dropped(shared):
    cast = vote_on(shared, comment="a\x00b")
    assert Vote.objects.get(pk=cast.vote_id).comment == "ab"


def test_a_burst_from_one_network_is_kept_and_left_out_of_the_standing(shared):
    before = vote_on(shared, address="203.0.113.8")
    casts = [vote_on(shared, address="203.0.113.7") for _each in range(BURST_VOTERS + 3)]
    assert [cast.counted for cast in casts] == [True] * BURST_VOTERS + [False] * 3
    # None of the flood counts, not even its beginning.
    assert standing(shared.gallery).total == 1
    assert Vote.objects.filter(excluded_because="burst").count() == BURST_VOTERS + 3
    assert Vote.objects.get(pk=before.vote_id).counted
    assert vote_on(shared, address="203.0.113.9").counted


def test_a_network_address_is_never_stored(shared):
    vote_on(shared, address="203.0.113.7")
    voter = Voter.objects.get()
    assert len(voter.address_hash) == 32
    assert "203.0.113.7" not in str(vars(voter))
    assert "203.0.113.7" not in str(list(Event.objects.values()))


def test_the_owner_is_mailed_once_for_the_first_vote(shared):
    OutboxMessage.objects.all().delete()
    vote_on(shared)
    vote_on(shared)
    assert OutboxMessage.objects.filter(topic="votes.tell_owner").count() == 2
    # By day: at night nobody is written to.
    with time_machine.travel(timezone.now().replace(hour=11) + timedelta(days=1)):
        carry_out_due()
    assert OutboxMessage.objects.filter(topic="mail.send").count() == 1
    vote_on(shared)
    assert not OutboxMessage.objects.filter(topic="votes.tell_owner", done_at=None).exists()


def test_a_vote_takes_six_statements(shared, django_assert_num_queries):
    vote_on(shared)
    carry_out_due()
    browser = new_browser()
    note_view(link=shared.link, browser_token=browser)
    # Begin, hold names, lock, write, the event with its key, commit.
    with django_assert_num_queries(6):
        vote_on(shared, browser=browser)


NOTHING = {"reactions": {}, "favourite": None}


@pytest.mark.parametrize("said", [{}, {"comment": "."}, {"name": "Jo"}, {"words": "."}])
def test_without_an_opinion_on_a_frame_nobody_has_voted(shared, said):
    if "words" in said:
        said = {"words": {shared.items[0].pk: "."}}
    with pytest.raises(VoteInvalidError):
        cast_vote(link=shared.link, voter_token=new_browser(), **{**NOTHING, **said})
    assert not Vote.objects.exists()


def test_one_opinion_on_a_frame_is_enough(shared):
    first = shared.items[0].pk
    for said in ({"reactions": {first: "not_you"}}, {"favourite": first}, {"places": {first: 2}}):
        cast = cast_vote(link=shared.link, voter_token=new_browser(), **{**NOTHING, **said})
        assert cast.counted


def ranks(cast):
    return dict(Reaction.objects.filter(vote=cast.vote_id).values_list("item", "rank"))


def test_her_favourite_comes_first_in_her_order_and_the_others_keep_theirs(shared):
    cleo, greta, hugo = (item.pk for item in shared.items)
    cast = vote_on(
        shared,
        favourite=shared.items[2],
        reactions={greta: "like"},
        places={cleo: 1, greta: 2, hugo: 3},
        words={hugo: "Those"},
    )
    assert ranks(cast) == {hugo: 1, cleo: 2, greta: 3}
    kept = Reaction.objects.filter(vote=cast.vote_id)
    assert (kept.get(item=greta).value, kept.get(item=hugo).comment) == ("like", "Those")


@pytest.mark.parametrize(
    ("places", "favourite", "agreed"),
    [
        ((1, None, None), 1, (2, 1, None)),
        ((1, None, 3), 1, (2, 1, 3)),
        ((None, None, 2), 1, (None, 1, 2)),
        ((None, 2, None), 1, (None, 1, None)),
        ((1, 2, 3), 0, (1, 2, 3)),
        ((None, None, None), 1, (None, None, None)),
    ],
)
def test_nobody_moves_further_than_the_favourite_needs(shared, places, favourite, agreed):
    ids = [item.pk for item in shared.items]
    given = {item: place for item, place in zip(ids, places, strict=True) if place}
    cast = vote_on(shared, favourite=shared.items[favourite], places=given)
    assert tuple(ranks(cast).get(item) for item in ids) == agreed


def test_five_frames_in_order_stay_five(frames_of_five):
    ids = [item.pk for item in frames_of_five.items]
    places = {item: place for place, item in enumerate(ids, start=1)}
    cast = vote_on(frames_of_five, favourite=frames_of_five.items[4], reactions={}, places=places)
    assert ranks(cast) == {ids[4]: 1, ids[0]: 2, ids[1]: 3, ids[2]: 4, ids[3]: 5}


@pytest.fixture
def frames_of_five():
    return gallery_with_link(frames=5)
