"""The owner's page: the way to ask before the first vote, and each vote judged by itself."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.galleries.models import Gallery
from sharing.votes.errors import VoteMissingError
from sharing.votes.judging import judge, vouch_for_vote
from sharing.votes.models import CommentReport, Vote
from sharing.votes.states import LeftOut
from shop.analytics.models import Event
from tests.factories.circles import saved
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import ManagerFactory, UserFactory
from tests.sharing.votes.test_friend_pages import post_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link(frames=2)


@pytest.fixture
def owner(shared):
    browser = Client()
    browser.force_login(shared.gallery.owner)
    return browser


def page(shared):
    return reverse("sharing:gallery", args=[shared.gallery.pk])


def left_out(shared, because, **ballot):
    """Return a vote that is left out, as the shop leaves it out."""
    cast = vote_on(shared, **ballot)
    vote = Vote.objects.select_related("gallery", "voter__link").get(pk=cast.vote_id)
    judge([vote], because)
    return vote


def test_before_the_first_vote_the_way_to_ask_comes_first(shared, owner):
    text = owner.get(page(shared)).content.decode()
    assert text.index('id="share"') < text.index('id="gallery-standing"')
    assert "0 people have" not in text
    vote_on(shared)
    text = owner.get(page(shared)).content.decode()
    assert text.index('id="gallery-standing"') < text.index('id="share"')
    assert text.count('id="share"') == 1


def test_a_gallery_of_saved_frames_has_a_link_to_send(client):
    mia = UserFactory()
    chosen = [saved(mia), saved(mia)]
    client.force_login(mia)
    client.post(reverse("sharing:saved_to_gallery"), {"bookmark": [each.pk for each in chosen]})
    assert Gallery.objects.get(owner=mia).links.count() == 1


def test_votes_that_are_all_left_out_are_not_none(shared, owner):
    left_out(shared, LeftOut.BURST)
    text = owner.get(page(shared)).content.decode()
    assert "No votes yet" not in text
    assert "No vote counts yet" in text


def test_one_vote_is_counted_by_itself_and_that_is_recorded(shared, owner):
    first, second = (left_out(shared, LeftOut.SAME_DEVICE) for _each in range(2))
    assert owner.get(page(shared)).content.decode().count("Count this one") == 2
    act = reverse("sharing:gallery_vote", args=[shared.gallery.pk, first.pk])
    for _twice in range(2):
        assert owner.post(act, {"act": "count"}).status_code == 302
    counted = dict(Vote.objects.values_list("pk", "counted"))
    assert (counted[first.pk], counted[second.pk]) == (True, False)
    assert Vote.objects.get(pk=first.pk).vouched_at is not None
    restored = Event.objects.get(name="vote_restored")
    assert restored.details["vote"] == str(first.pk)
    moves = first.transitions.values_list("to_state", "actor")
    assert (*moves,)[-1] == ("counted", shared.gallery.owner_id)
    api = reverse("api-vote-vouched", args=[shared.gallery.pk, second.pk])
    assert owner.put(api).status_code == 204
    assert Vote.objects.filter(counted=True).count() == 2


@pytest.mark.parametrize("because", [LeftOut.OWNER, LeftOut.BOT, LeftOut.SCRIPTED, LeftOut.BLOCKED])
def test_what_is_no_guess_is_not_hers_to_count(shared, owner, because):
    vote = left_out(shared, because)
    assert "Count this one" not in owner.get(page(shared)).content.decode()
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    with pytest.raises(VoteMissingError):
        vouch_for_vote(**own, vote_id=vote.pk)


def test_the_owner_reports_with_a_reason_that_staff_read_and_a_look_reports_nothing(shared, owner):
    vote = vote_on(shared, comment="Ugly words").vote_id
    address = reverse("sharing:vote_report", args=[shared.gallery.pk, vote])
    assert f'href="{address}"' in owner.get(page(shared)).content.decode()
    assert "Ugly words" in owner.get(address).content.decode()
    assert not CommentReport.objects.exists()
    owner.post(address, {"reason": "An insult"})
    staff = Client()
    staff.force_login(ManagerFactory())
    listed = staff.get(reverse("sharing:report_list")).content.decode()
    assert "An insult" in listed
    # Where staff read on: the trial that was shown, and how the writer came.
    trial = reverse("console:trial", args=[shared.gallery.trial.number])
    assert f'href="{trial}"' in listed
    assert f"{shared.gallery.owner} ·" in listed
    assert "without an account · WhatsApp" in listed


def test_a_friend_reports_with_a_reason_too(shared, friend):
    vote = vote_on(shared, comment="Ugly words").vote_id
    address = reverse("sharing:word_report", args=[shared.token, vote])
    assert friend.get(address).status_code == 403
    post_vote(friend, shared)
    thanks = reverse("sharing:thanks", args=[shared.token])
    assert f'href="{address}"' in friend.get(thanks).content.decode()
    assert "Ugly words" in friend.get(address).content.decode()
    assert not CommentReport.objects.exists()
    assert friend.post(address, {"reason": "An insult"}).status_code == 302
    assert CommentReport.objects.get().reason == "An insult"


def test_a_card_number_is_no_reason(shared, owner, friend):
    vote = vote_on(shared, comment="Ugly words").vote_id
    post_vote(friend, shared)
    number = {"reason": "4242 4242 4242 4242"}
    own = reverse("sharing:vote_report", args=[shared.gallery.pk, vote])
    friends = reverse("sharing:word_report", args=[shared.token, vote])
    assert owner.post(own, number).status_code == friend.post(friends, number).status_code == 422
    assert not CommentReport.objects.exists()
