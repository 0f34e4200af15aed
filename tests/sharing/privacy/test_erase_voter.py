"""A friend without an account takes her vote back; a gallery that is over forgets its friends."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.services import close_gallery, create_link, revoke_link
from sharing.photos.models import Photo
from sharing.privacy.services import expiring
from sharing.privacy.services.expiring import erase_expired, erase_unshared, warn_of_expiry
from sharing.privacy.tasks import expire
from sharing.votes.models import Vote, Voter
from sharing.votes.queries import standing
from shop.analytics.models import Event
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import ballot_paper, gallery_with_link, ready_photo, vote_on
from tests.factories.trials import delivered_trial
from tests.sharing.privacy.searching import files_under, rows_with

pytestmark = pytest.mark.django_db
COMMENT, NAME = "Unmistakably Zebra", "Friederike-Luise"


@pytest.fixture
def shared():
    return gallery_with_link(frames=2)


def page(shared, name="friend_gallery"):
    return reverse(f"sharing:{name}", args=[shared.token])


def vote(friend, shared):
    first = shared.items[0].pk
    friend.get(page(shared))
    said = {f"reaction-{first}": "love", "favourite": first, "comment": COMMENT, "name": NAME}
    said["paper"] = ballot_paper(shared, friend)
    assert friend.post(page(shared, "vote"), said).status_code == 302


def broken():
    return [each.name for each in all_invariants() if breaches(each)]


def after_days(days: float):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_a_look_erases_nothing_and_an_act_erases_every_word(shared, friend):
    friend.get(page(shared))
    vote(friend, shared)
    assert friend.get(page(shared, "vote_erase")).status_code == 200
    assert rows_with(COMMENT)
    assert rows_with(NAME)

    assert friend.post(page(shared, "vote_erase")).status_code == 302

    assert rows_with(COMMENT) == rows_with(NAME) == set()
    assert standing(shared.gallery).total == 0
    assert not Voter.objects.exclude(name="", address_hash="", user=None).exists()
    assert broken() == []


def test_it_is_possible_after_the_voting_too(shared, friend):
    vote(friend, shared)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    friend.post(page(shared, "vote_erase"))

    assert standing(shared.gallery).total == 0
    assert broken() == []


def test_nobody_erases_the_vote_of_another_browser(shared, friend, client):
    vote(friend, shared)
    assert client.post(page(shared, "vote_erase")).status_code == 404
    assert standing(shared.gallery).total == 1


def test_the_event_is_caused_by_the_vote_and_names_nobody(shared, friend):
    vote(friend, shared)
    friend.post(page(shared, "vote_erase"))

    erased, cast = Event.objects.get(name="person_erased"), Event.objects.get(name="vote_cast")
    assert (erased.caused_by, erased.person_type) == (cast.id, "voter")


def test_who_votes_again_counts_again(shared, friend):
    vote(friend, shared)
    friend.post(page(shared, "vote_erase"))
    body = friend.get(page(shared)).content.decode()
    assert "Send my vote" in body
    assert COMMENT not in body
    vote(friend, shared)

    assert standing(shared.gallery).total == 1
    assert Vote.objects.get().excluded_because == ""
    assert broken() == []


def test_of_an_erased_vote_its_gallerys_owner_sees_nothing_at_all(shared, friend):
    vote(friend, shared)
    friend.post(reverse("sharing:vote_erase", args=[shared.token]))
    carry_out_due()
    owner = Client()
    owner.force_login(shared.gallery.owner)
    address = reverse("sharing:gallery", args=[shared.gallery.pk])
    body = owner.get(address).content.decode()
    assert "No votes yet" in body
    for words in ("erased by", "A friend", "Block", "left out"):
        assert words not in body
    found = owner.get(reverse("api-gallery", args=[shared.gallery.pk])).json()
    assert (found["left_out"], found["comments"]) == ({}, [])
    act = reverse("sharing:gallery_vote", args=[shared.gallery.pk, Vote.objects.get().pk])
    owner.post(act, {"act": "block"})
    assert Vote.objects.get().voter.blocked_at is None


def test_an_app_erases_by_its_token(shared, friend):
    cast = vote_on(shared, browser="b" * 32, comment=COMMENT)
    address = reverse("api-shared-erase", args=[shared.token])
    assert friend.post(address, headers={"X-Voter-Token": "c" * 32}).status_code == 404
    assert friend.post(address, headers={"X-Voter-Token": "b" * 32}).status_code == 204
    assert Vote.objects.get(pk=cast.vote_id).comment == ""


def test_a_gallery_over_for_thirty_days_keeps_numbers_alone(shared, friend, private_files):
    for item in shared.items:
        ready_photo(item.trial_item)
    create_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, label="Zwerg-Crew")
    vote(friend, shared)
    carry_out_due()
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)

    with after_days(29.9):
        erase_expired()
        assert rows_with(COMMENT)
        assert len(files_under(private_files)) > 5
    with after_days(30.1):
        assert erase_expired() == 1
        carry_out_due()
        assert erase_expired() == 0

    for word in (COMMENT, NAME, "Zwerg-Crew"):
        assert rows_with(word) == set()
    assert files_under(private_files) == {}
    assert standing(shared.gallery).total == 1
    assert not ShareLink.objects.filter(revoked_at=None).exists()
    assert friend.get(page(shared)).status_code == 404
    assert Gallery.objects.get().erased_at is not None
    assert broken() == []


def test_a_run_killed_half_way_is_finished_by_the_next(shared, friend, monkeypatch):
    vote(friend, shared)
    ready_photo(shared.items[0].trial_item)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    real = expiring.forget

    def killed(kind, key):
        real(kind, key)
        raise KeyboardInterrupt

    with after_days(31):
        monkeypatch.setattr(expiring, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            erase_expired()
        assert Gallery.objects.get().erased_at is None
        monkeypatch.undo()
        assert erase_expired() == 1

    assert Gallery.objects.get().erased_at is not None
    assert rows_with(COMMENT) == set()


def test_the_owner_is_told_once_some_days_before(shared, mailoutbox):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    with after_days(24):
        assert warn_of_expiry() == 0
    with after_days(26):
        assert warn_of_expiry() == 1
        assert warn_of_expiry() == 0
        carry_out_due()

    (mail,) = [mail for mail in mailoutbox if "erased soon" in mail.subject]
    assert mail.to == [shared.gallery.owner.email]
    assert "Which pair should I keep?" in mail.body


def test_a_gallery_nobody_can_reach_closes_by_itself_and_expires(shared, friend):
    vote(friend, shared)
    with after_days(29):
        expire()
        assert Gallery.objects.get().state == "open"
    with after_days(31):
        expire()
        assert Gallery.objects.get().state == "closed"
    with after_days(62):
        expire()
    assert Gallery.objects.get().erased_at is not None
    assert rows_with(COMMENT) == set()


def test_a_gallery_with_a_living_link_stays_open(shared):
    with after_days(29):
        create_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    with after_days(32):
        expire()
    assert Gallery.objects.get().state == "open"


def test_photos_never_shared_go_two_months_after_their_trial():
    trial = delivered_trial(frames=1)
    ready_photo(trial.items.get())
    with after_days(100):
        assert erase_unshared() == 0
    trial.closed_at = timezone.now()
    trial.save()
    with after_days(59):
        assert erase_unshared() == 0
    with after_days(61):
        assert erase_unshared() == 1
    assert Photo.objects.get().state == "erased"


def test_a_photo_in_a_living_gallery_stays_however_old_its_trial(shared):
    ready_photo(shared.items[0].trial_item)
    trial = shared.gallery.trial
    trial.closed_at = timezone.now() - timedelta(days=400)
    trial.save()
    assert erase_unshared() == 0


def test_a_link_withdrawn_lets_nobody_erase(shared, friend):
    vote(friend, shared)
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    assert friend.post(page(shared, "vote_erase")).status_code == 404


def test_owners_told_already_keep_no_later_one_from_it(shared):
    other = gallery_with_link(frames=2)
    for each in (shared, other):
        close_gallery(owner=each.gallery.owner, gallery_id=each.gallery.pk)
    with after_days(26):
        assert [warn_of_expiry(limit=1) for _time in range(3)] == [1, 1, 0]
