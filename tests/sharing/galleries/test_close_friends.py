"""Links for one person: who comes in, who does not, and who is first of two."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.models import LinkAdmission
from sharing.galleries.queries import open_link
from sharing.galleries.services import admit, create_link
from sharing.galleries.visitors import COOKIE
from sharing.votes.models import Vote
from sharing.votes.opened import opened
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import (
    ballot_paper,
    frames_gallery,
    gallery_with_link,
    new_browser,
    ready_photo,
    vote_on,
    with_link,
)
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db


def phone() -> Client:
    return Client(headers={"user-agent": PHONE})


def for_one(gallery=None):
    return with_link(gallery or frames_gallery().gallery, channel="person", admits=1)


def page_of(shared):
    return reverse("sharing:friend_gallery", args=[shared.token])


def test_a_look_lets_nobody_in_however_often_and_whoever_looks():
    shared = for_one()
    for _each in range(3):
        assert phone().get(page_of(shared)).status_code == 200
    assert not LinkAdmission.objects.exists()


def test_the_first_who_votes_comes_in_and_the_link_opens_to_nobody_else():
    shared, first, second = for_one(), phone(), phone()
    vote_url = reverse("sharing:vote", args=[shared.token])
    forms = [
        {"favourite": shared.items[0].pk, "paper": ballot_paper(shared, browser)}
        for browser in (first, second)
    ]
    assert first.post(vote_url, forms[0]).status_code == 302
    assert second.post(vote_url, forms[1]).status_code == 404
    assert second.get(page_of(shared)).status_code == 404
    assert first.get(page_of(shared)).status_code == 200
    assert first.post(vote_url, forms[0]).status_code == 302
    assert Vote.objects.count() == 1


def test_who_says_it_is_her_comes_in_before_she_votes():
    shared, first, second = for_one(), phone(), phone()
    assert "It’s me" in first.get(page_of(shared)).content.decode()
    enter = reverse("sharing:enter", args=[shared.token])
    assert first.post(enter).url == page_of(shared)
    assert "It’s me" not in first.get(page_of(shared)).content.decode()
    assert second.get(page_of(shared)).status_code == 404
    assert second.post(enter).status_code == 404


def test_its_photos_and_card_are_closed_to_others_as_its_page_is():
    gallery = gallery_with_link().gallery
    photo = ready_photo(gallery.items.first().trial_item)
    shared, first, second = for_one(gallery), phone(), phone()
    admitted_urls = [
        page_of(shared),
        reverse("sharing:friend_photo", args=[shared.token, photo.pk, 320, "webp"]),
        reverse("sharing:preview", args=[shared.token]),
    ]
    first.get(page_of(shared))
    first.post(reverse("sharing:enter", args=[shared.token]))
    assert [first.get(url).status_code for url in admitted_urls] == [200, 200, 200]
    assert [second.get(url).status_code for url in admitted_urls] == [404, 404, 404]


def test_an_app_says_so_too_and_is_known_by_its_token(client):
    shared = for_one()
    gallery = reverse("api-shared", args=[shared.token])
    answer = client.post(reverse("api-shared-enter", args=[shared.token]))
    token = answer.json()["voter_token"]
    assert client.get(gallery, headers={"X-Voter-Token": token}).status_code == 200
    assert client.get(gallery).status_code == 404
    assert client.get(gallery, headers={"X-Voter-Token": new_browser()}).status_code == 404


def test_the_owner_does_not_come_in_by_her_own_link(client):
    shared = for_one()
    client.force_login(shared.gallery.owner)
    assert client.post(reverse("sharing:enter", args=[shared.token])).status_code == 403
    assert not LinkAdmission.objects.exists()


def test_a_refused_vote_lets_nobody_in():
    shared, browser = for_one(), phone()
    form = {"favourite": "999999", "paper": ballot_paper(shared, browser)}
    answer = browser.post(reverse("sharing:vote", args=[shared.token]), form)
    assert answer.status_code == 422
    assert not LinkAdmission.objects.exists()


def test_the_statement_of_the_page_knows_a_browser_as_django_does():
    shared, mine, others = for_one(), new_browser(), new_browser()
    admit(link=shared.link, browser_token=mine)
    for look in (open_link, opened):
        assert look(shared.token, mine)
        with pytest.raises(LinkMissingError):
            look(shared.token, others)


def test_a_link_for_anybody_writes_nobody_down():
    shared, browser = frames_gallery(), phone()
    browser.get(page_of(shared))
    assert browser.cookies[COOKIE]
    browser.post(reverse("sharing:enter", args=[shared.token]))
    assert not LinkAdmission.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["vote", "enter"])
def test_of_many_browsers_at_once_one_comes_in(act):
    shared, gate = for_one(), Barrier(8)

    def come(browser):
        try:
            gate.wait(timeout=30)
            if act == "vote":
                vote_on(shared, browser=browser)
            else:
                admit(link=shared.link, browser_token=browser)
        except LinkMissingError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(come, [new_browser() for _each in range(8)]))
    assert came.count(True) == 1
    assert LinkAdmission.objects.count() == 1
    assert Vote.objects.count() == (act == "vote")
    assert [each.name for each in all_invariants() if breaches(each)] == []


def test_a_link_for_three_lets_three_in():
    gallery = frames_gallery().gallery
    link = create_link(owner=gallery.owner, gallery_id=gallery.pk, admits=3)
    came = [new_browser() for _each in range(3)]
    for browser in [*came, *came]:
        admit(link=link, browser_token=browser)
    with pytest.raises(LinkMissingError):
        admit(link=link, browser_token=new_browser())
