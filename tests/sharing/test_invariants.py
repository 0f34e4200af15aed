"""Each invariant of sharing holds after the story and finds what breaks it."""

import pytest
from django.db import connection
from django.utils import timezone

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.services import close_gallery
from sharing.referrals.models import Referral
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.votes.models import Reaction, Vote, Voter
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    shared = gallery_with_link(frames=2)
    referral = click_referral(voter_id=vote_on(shared, comment="Yes").voter_id)
    join_referral(user=UserFactory(), referral_id=referral.pk)
    vote_on(shared, favourite=shared.items[1])
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    return shared


def broken():
    return [each.name for each in all_invariants() if each.number in (6, 7) and breaches(each)]


def test_all_hold_after_the_story(shared):
    assert len([each for each in all_invariants() if each.number in (6, 7)]) >= 20
    assert broken() == []


def test_a_voter_without_a_vote_is_found(shared):
    Vote.objects.first().delete()
    assert "A voter has one vote, on the gallery her link opened" in broken()


def test_a_vote_moved_to_another_gallery_is_found(shared):
    Vote.objects.update(gallery=gallery_with_link().gallery)
    assert "A voter has one vote, on the gallery her link opened" in broken()


def test_a_vote_after_closing_is_found(shared):
    Vote.objects.update(changed_at=timezone.now())
    assert broken() == ["No vote was cast or changed while its gallery was closed"]


def test_an_owners_vote_is_found(shared):
    Voter.objects.filter(referral=None).update(user=shared.gallery.owner)
    assert broken() == ["No owner votes on her own gallery"]


@pytest.mark.parametrize("model", [Reaction, Vote])
def test_a_vote_on_a_frame_of_another_gallery_is_found(shared, model):
    foreign = gallery_with_link().items[0]
    field = "item" if model is Reaction else "favourite"
    model.objects.update(**{field: foreign})
    assert broken() == ["A vote names frames of its own gallery only"]


def test_a_state_without_its_move_is_found(shared):
    Gallery.objects.update(state="open", closed_at=None)
    assert broken() == ["A gallery's state equals its latest move"]


def test_a_frame_of_another_trial_is_found(shared):
    foreign = gallery_with_link(frames=1).items[0]
    GalleryItem.objects.filter(pk=foreign.pk).update(variant=shared.items[0].variant)
    assert broken() == [
        "A gallery shows the frames of its own trial, and one without a trial those of none"
    ]


def test_a_referral_of_oneself_by_vote_is_found(shared):
    Voter.objects.filter(referral__isnull=False).update(user=shared.gallery.owner)
    assert "Nobody refers herself, by account or by vote" in broken()


def test_the_table_itself_refuses_a_referral_of_oneself(shared):
    with connection.cursor() as cursor, pytest.raises(Exception, match="nobody_refers_herself"):
        cursor.execute("UPDATE sharing_referral SET friend_id = advocate_id")


def test_a_joined_referral_without_a_friend_is_found(shared):
    Referral.objects.update(friend=None)
    name = "A friend is referred once, and has joined exactly where one is named"
    assert broken() == [name]


def test_a_referral_of_another_advocate_is_found(shared):
    Referral.objects.update(advocate=UserFactory())
    name = "A referral's advocate owns the gallery that her friend voted on"
    assert broken() == [name]


@pytest.mark.parametrize(
    "spoil",
    [Vote.objects.all().delete, lambda: Vote.objects.update(gallery=gallery_with_link().gallery)],
)
def test_a_vote_that_is_not_what_was_counted_is_found(shared, spoil):
    (stated,) = [each for each in all_invariants() if each.name.startswith("Every vote is one")]
    assert breaches(stated) == []
    spoil()
    assert len(breaches(stated)) == 2
