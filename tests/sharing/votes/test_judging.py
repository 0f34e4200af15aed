"""The owner hides, blocks, reports and vouches; staff decide; the scorecard follows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.votes.errors import VoteMissingError
from sharing.votes.judging import block_voter, unblock_voter, vouch_for
from sharing.votes.models import CommentReport, Reaction, Vote, Voter
from sharing.votes.moderation import (
    decide_report,
    hide_words,
    report_as_friend,
    report_as_owner,
    show_words,
)
from sharing.votes.news import forget_addresses, tell_friends
from sharing.votes.queries import standing, words_on
from sharing.votes.services import BURST_VOTERS, DEVICE_VOTERS
from sharing.votes.states import LeftOut
from shop.analytics.models import Event
from shop.analytics.recount import comparable, recount
from shop.analytics.scorecard import scorecard
from shop.foundation.history import IllegalMoveError
from shop.foundation.models import OutboxMessage
from tests.factories.sharing import SharedGallery, gallery_with_link, new_browser, vote_on
from tests.factories.shop import StaffFactory, StockRecordFactory, UserFactory
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> SharedGallery:
    return gallery_with_link(frames=3)


def of(shared: SharedGallery, vote_id: object) -> dict:
    return {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk, "vote_id": vote_id}


def voted_stage() -> int:
    now = timezone.now()
    period = {"since": now - timedelta(days=60), "until": now + timedelta(days=1)}
    card = scorecard(**period)
    assert comparable(card) == recount(**period)
    return card.stages["voted"]


def test_a_blocked_friend_is_thanked_and_counts_for_nothing_until_it_is_taken_back(shared):
    browser = new_browser()
    cast = vote_on(shared, browser=browser)
    assert voted_stage() == 1
    block_voter(**of(shared, cast.vote_id))
    assert (standing(shared.gallery).total, voted_stage()) == (0, 0)
    again = vote_on(shared, browser=browser, favourite=shared.items[1])
    assert not again.counted
    unblock_voter(**of(shared, cast.vote_id))
    assert (standing(shared.gallery).total, voted_stage()) == (1, 1)
    names = list(Event.objects.filter(name__contains="vote").values_list("name", flat=True))
    assert {"vote_cast", "vote_excluded", "vote_restored", "voter_blocked"} <= set(names)
    excluded = Event.objects.get(name="vote_excluded")
    assert excluded.caused_by == Event.objects.get(name="voter_blocked").pk
    assert excluded.details["because"] == "blocked"


def test_votes_of_a_party_count_once_their_host_says_so_and_so_do_later_ones(shared):
    for _each in range(BURST_VOTERS + 2):
        vote_on(shared, address="203.0.113.7")
    assert standing(shared.gallery).total == 0
    ask = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    assert vouch_for(**ask, because="burst") == BURST_VOTERS + 2
    assert standing(shared.gallery).total == BURST_VOTERS + 2
    assert vote_on(shared, address="203.0.113.7").counted
    with pytest.raises(VoteMissingError):
        vouch_for(**ask, because="scripted")


def test_telephones_alike_in_one_family_count_and_one_too_many_leaves_all_out(shared):
    alike = {"address": "203.0.113.7", "device": "d" * 32}
    first = [vote_on(shared, **alike) for _each in range(DEVICE_VOTERS)]
    assert all(cast.counted for cast in first)
    assert vote_on(shared, address="203.0.113.7", device="e" * 32).counted
    assert not vote_on(shared, **alike).counted
    assert standing(shared.gallery).total == 1
    assert Vote.objects.filter(excluded_because="same_device").count() == DEVICE_VOTERS + 1


def test_hidden_words_are_on_no_page_and_what_staff_hid_the_owner_cannot_show(shared):
    cast = vote_on(shared, comment="Ugly!", words={shared.items[1].pk: "Worse"})
    hide_words(**of(shared, cast.vote_id))
    assert not words_on(shared.gallery).exists()
    assert standing(shared.gallery).total == 1
    show_words(**of(shared, cast.vote_id))
    assert words_on(shared.gallery).count() == 1
    report = report_as_friend(
        gallery_id=shared.gallery.pk, vote_id=cast.vote_id, person_id=vote_on(shared).voter_id
    )
    assert report_as_owner(**of(shared, cast.vote_id)).pk != report.pk
    assert report_as_owner(**of(shared, cast.vote_id))
    assert CommentReport.objects.count() == 2
    ola = StaffFactory()
    decide_report(report_id=report.pk, by=ola, decision="hidden", reason="Abuse")
    assert not CommentReport.objects.filter(state="open").exists()
    show_words(**of(shared, cast.vote_id))
    assert not words_on(shared.gallery).exists()
    with pytest.raises(IllegalMoveError):
        decide_report(report_id=report.pk, by=ola, decision="hidden")
    decide_report(report_id=report.pk, by=ola, decision="kept")
    assert words_on(shared.gallery).count() == 1
    steps = report.transitions.order_by("pk").values_list("to_state", "actor")
    assert list(steps) == [("open", None), ("hidden", ola.pk), ("kept", ola.pk)]


def test_the_console_shows_reports_to_staff_and_lets_them_decide(shared):
    cast = vote_on(shared, comment="Ugly!")
    report = report_as_owner(**of(shared, cast.vote_id))
    ola = Client()
    ola.force_login(StaffFactory())
    assert "Ugly!" in ola.get(reverse("sharing:report_list")).content.decode()
    form = {"decision": "hidden", "reason": "Abuse"}
    assert ola.post(reverse("sharing:report_decide", args=[report.pk]), form).status_code == 302
    assert Vote.objects.get(pk=cast.vote_id).hidden_by == "staff"
    mia = Client()
    mia.force_login(UserFactory())
    assert mia.get(reverse("sharing:report_list")).status_code == 404


def test_places_are_kept_swapped_and_given_once(shared):
    first, second, third = shared.items
    browser = new_browser()
    ask = {"browser": browser, "favourite": second, "reactions": {}}
    vote_on(shared, **ask, places={first.pk: 1, second.pk: 2, third.pk: 3})
    vote_on(shared, **ask, places={first.pk: 2, second.pk: 1})
    assert list(Reaction.objects.order_by("rank").values_list("item", "rank")) == [
        (second.pk, 1),
        (first.pk, 2),
    ]
    with pytest.raises(IntegrityError, match="one_frame_a_place"), transaction.atomic():
        Reaction.objects.update(rank=1)
    with pytest.raises(IntegrityError, match="places_are_1_to_5"), transaction.atomic():
        Reaction.objects.filter(item=first).update(rank=6)


def test_who_wanted_to_hear_it_is_told_once_what_was_bought_and_forgotten(shared):
    item = shared.items[1]
    picked = vote_on(shared, favourite=item, wants_news=True, email="jo@friends.example")
    other = vote_on(shared, wants_news=True, email="al@friends.example")
    silent = vote_on(shared, email="no@friends.example")
    assert Voter.objects.get(pk=silent.voter_id).email == ""
    order = placed_order(StockRecordFactory(variant=item.variant), user=shared.gallery.owner)
    mark_paid(order)
    OutboxMessage.objects.filter(topic="mail.send").delete()
    assert tell_friends(order_id=order.pk) == 2
    assert tell_friends(order_id=order.pk) == 0
    mails = {
        each.payload["to"]: each.payload for each in OutboxMessage.objects.filter(topic="mail.send")
    }
    assert set(mails) == {"jo@friends.example", "al@friends.example"}
    assert "the pair you picked" in mails["jo@friends.example"]["subject"]
    assert str(item.variant) in mails["al@friends.example"]["subject"]
    assert "List-Unsubscribe" in mails["jo@friends.example"]["headers"]
    assert not Voter.objects.exclude(email="").exists()
    assert Voter.objects.get(pk=picked.voter_id).news_at is not None
    assert other.counted


def test_addresses_are_forgotten_once_a_gallery_is_long_over(shared):
    vote_on(shared, wants_news=True, email="jo@friends.example")
    assert forget_addresses() == 0
    shared.gallery.state, shared.gallery.closed_at = "closed", timezone.now() - timedelta(days=31)
    shared.gallery.save(update_fields=["state", "closed_at"])
    assert forget_addresses() == 1


def test_a_friend_who_changes_her_mind_at_once_stays_counted() -> None:
    shared, browser = gallery_with_link(frames=2), new_browser()
    assert vote_on(shared, browser=browser).counted
    again = vote_on(shared, browser=browser, favourite=shared.items[1], left_out=LeftOut.SCRIPTED)
    assert again.counted


def test_a_vote_that_no_person_looked_at_counts_once_somebody_looks() -> None:
    shared, browser = gallery_with_link(frames=2), new_browser()
    assert not vote_on(shared, browser=browser, left_out=LeftOut.SCRIPTED).counted
    assert not vote_on(shared, browser=browser, left_out=LeftOut.SCRIPTED).counted
    assert vote_on(shared, browser=browser).counted
