"""What a friend's page asks the database: one statement, whatever a process saw before."""

import pytest

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.services.links import note_view, revoke_link
from sharing.galleries.tokens import browser_person, new_browser_token, token_hash
from sharing.votes import opened as room
from sharing.votes.opened import Known, known, opened
from sharing.votes.services import cast_vote
from tests.factories.sharing import SharedGallery, gallery_with_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> SharedGallery:
    return gallery_with_link(frames=2)


def known_of(shared: SharedGallery, browser: str) -> Known:
    gallery = opened(shared.token, browser)
    person_id = browser_person(browser, gallery.gallery_id)
    return known(gallery, browser_token=browser, person_id=person_id)


def test_a_link_seen_before_takes_one_query_for_gallery_and_reader(
    shared: SharedGallery, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        known_of(shared, new_browser_token())

    with django_assert_num_queries(1):
        known_of(shared, new_browser_token())


def test_who_looked_and_who_voted_is_known_at_the_next_look(shared: SharedGallery) -> None:
    mia, tom = new_browser_token(), new_browser_token()
    assert known_of(shared, mia) == Known(seen=False, voted=False)

    note_view(link=shared.link, browser_token=mia)
    assert known_of(shared, mia) == Known(seen=True, voted=False)

    item = shared.items[0].pk
    cast_vote(link=shared.link, voter_token=mia, reactions={item: "love"}, favourite=item)
    assert known_of(shared, mia) == Known(seen=True, voted=True)
    assert known_of(shared, tom) == Known(seen=False, voted=False)


def test_a_wrong_guess_is_not_believed(shared: SharedGallery) -> None:
    mia, other = new_browser_token(), gallery_with_link(frames=1)
    note_view(link=shared.link, browser_token=mia)
    room._guesses[token_hash(shared.token)] = other.gallery.pk

    assert opened(shared.token, mia).gallery_id == shared.gallery.pk
    room._guesses[token_hash(shared.token)] = other.gallery.pk
    assert known_of(shared, mia) == Known(seen=True, voted=False)


def test_a_link_seen_before_opens_nothing_once_it_is_withdrawn(shared: SharedGallery) -> None:
    opened(shared.token, new_browser_token())
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)

    with pytest.raises(LinkMissingError):
        opened(shared.token, new_browser_token())
