"""A friend's page is drawn once and filled for each reader with what is hers and still there."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sharing.photos.services import erase_photo
from tests.factories.sharing import SharedGallery, ballot_paper, gallery_with_link, ready_photo
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture
def shared() -> SharedGallery:
    return gallery_with_link(frames=3)


def look(shared: SharedGallery, browser: Client | None = None, **headers: str) -> str:
    """Return the page in a browser; a friend's new one if none is given."""
    browser = browser or Client(headers={"user-agent": PHONE})
    answer = browser.get(
        reverse("sharing:friend_gallery", args=[shared.token]), headers=headers or None
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_one_friend_said_is_on_no_other_friends_page(shared: SharedGallery) -> None:
    before = look(shared)
    mia = Client(headers={"user-agent": PHONE})
    item = shared.items[0].pk
    words = {"comment": "Round <suits> you", "name": "Mia"}
    form = {f"reaction-{item}": "love", "favourite": item, **words}
    form["paper"] = ballot_paper(shared, mia)
    mia.post(reverse("sharing:vote", args=[shared.token]), form)

    hers, anothers = look(shared, mia), look(shared)

    assert "Round &lt;suits&gt; you" in hers
    assert 'value="Mia"' in hers
    assert hers.count(" checked") == 2
    for page in (before, anothers):
        assert "suits" not in page
        assert "Mia" not in page
        assert " checked" not in page


def test_each_form_has_a_token_that_only_its_own_browser_is_believed_with(
    shared: SharedGallery,
) -> None:
    mia, tom = (
        Client(headers={"user-agent": PHONE}, enforce_csrf_checks=True) for _each in range(2)
    )
    tokens = [FORM_TOKEN.findall(look(shared, each)) for each in (mia, tom)]
    form = {"favourite": shared.items[0].pk, "csrfmiddlewaretoken": tokens[0][0]}
    form["paper"] = ballot_paper(shared, mia)
    address = reverse("sharing:vote", args=[shared.token])

    # Of the language and of the vote.
    assert [len(each) for each in tokens] == [2, 2]
    assert tom.post(address, form).status_code == 403
    assert mia.post(address, form).status_code == 302


def test_a_photo_taken_away_is_gone_from_the_next_look(shared: SharedGallery) -> None:
    photo = ready_photo(shared.items[0].trial_item)
    assert str(photo.pk) in look(shared)

    erase_photo(user=photo.user, photo_id=photo.pk)

    assert str(photo.pk) not in look(shared)


def test_another_question_and_another_name_of_a_frame_show_at_once(shared: SharedGallery) -> None:
    look(shared)
    shared.gallery.question = "Round or square?"
    shared.gallery.save(update_fields=["question"])
    frame = shared.items[0].variant.frame
    frame.name = "Renamed"
    frame.save(update_fields=["name"])

    page = look(shared)

    assert "Round or square?" in page
    assert "Renamed, " in page


def test_each_friend_reads_her_own_language(shared: SharedGallery) -> None:
    pages = [look(shared, **{"accept-language": language}) for language in ("en", "de", "en")]

    assert ["Send my vote" in page for page in pages] == [True, False, True]
    assert ["Love it" in page for page in pages] == [True, False, True]
