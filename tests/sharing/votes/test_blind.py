"""A blind gallery tells nobody how it stands before her own vote, by no way."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from sharing.galleries.services import close_gallery
from tests.factories.sharing import (
    SharedGallery,
    ballot_paper,
    gallery_with_link,
    vote_by_api,
    vote_on,
)
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
TOLD = ("pick", "Ahead", "standing__row", "have voted", "has voted", "choice", "Zora")


@pytest.fixture
def shared() -> SharedGallery:
    return gallery_with_link(frames=3)


def voted(shared: SharedGallery) -> None:
    for _each in range(4):
        vote_on(shared, favourite=shared.items[1], comment="Zora thinks so", name="Zora")


def ways(shared: SharedGallery) -> dict[str, str]:
    token = [shared.token]
    return {
        "page": reverse("sharing:friend_gallery", args=token),
        "thanks": reverse("sharing:thanks", args=token),
        "shared": reverse("api-shared", args=token),
        "standing": reverse("api-shared-standing", args=token),
        "words": reverse("api-shared-words", args=token),
    }


def seen(shared: SharedGallery) -> dict[str, tuple[int, bytes, str]]:
    """Return what one browser is answered by each way, without what is new each time."""
    answers = {}
    for name, path in ways(shared).items():
        asked = {"x-voter-token": "z" * 32, "x-request-id": "a" * 32}
        browser = Client(headers={"user-agent": PHONE, **asked})
        browser.cookies["lorgnette_friend"] = "z" * 32
        answer = browser.get(path)
        body = b"".join(
            part
            for part in answer.content.split(b'"')
            if len(part) < 60  # tokens of forms and ballot papers are longer
        )
        answers[name] = (answer.status_code, body, answer.headers.get("ETag", ""))
    return answers


@pytest.mark.parametrize("closed", [False, True])
def test_nothing_a_stranger_is_answered_depends_on_the_votes(
    shared: SharedGallery, closed: bool
) -> None:
    seen(shared)
    if closed:
        close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
        before = seen(shared)
        shared.gallery.refresh_from_db()
        # Votes as they would be had they been cast in time.
        shared.gallery.state, shared.gallery.closed_at = "open", None
        shared.gallery.save(update_fields=["state", "closed_at"])
        voted(shared)
        shared.gallery.state = "closed"
        shared.gallery.closed_at = shared.gallery.created_at
        shared.gallery.save(update_fields=["state", "closed_at"])
    else:
        before = seen(shared)
        voted(shared)

    after = seen(shared)

    assert after == before
    for name, (_status, body, _tag) in after.items():
        for word in TOLD:
            words = body.decode().replace("is my pick", "").replace("my pick", "")
            words = words.replace("My pick", "").replace("pick a", "")
            assert word not in words, (name, word)
    assert after["standing"][0] == after["words"][0] == 403


def test_her_own_vote_opens_it(shared: SharedGallery) -> None:
    voted(shared)
    browser = Client(headers={"user-agent": PHONE})
    form = {"favourite": shared.items[0].pk, "paper": ballot_paper(shared, browser)}
    answer = browser.post(reverse("sharing:vote", args=[shared.token]), form, follow=True)
    body = answer.content.decode()
    assert "4 picks" in body
    assert "Zora thinks so" in body
    api = APIClient()
    told = vote_by_api(api, shared.token, {"favourite": shared.items[0].pk}).data
    assert told["standing"]["total"] == 6
    header = {"X-Voter-Token": told["voter_token"]}
    looked = api.get(ways(shared)["shared"], headers=header).data
    assert looked["standing"]["total"] == 6


def test_an_open_gallery_shows_everybody_how_it_stands(shared: SharedGallery) -> None:
    voted(shared)
    shared.gallery.is_blind = False
    shared.gallery.save(update_fields=["is_blind"])
    assert (
        "4 picks"
        in Client(headers={"user-agent": PHONE}).get(ways(shared)["page"]).content.decode()
    )
    assert APIClient().get(ways(shared)["standing"]).data["total"] == 4
    assert APIClient().get(ways(shared)["shared"]).data["standing"]["total"] == 4


@pytest.mark.parametrize(("shown", "named"), [("owner", False), ("friends", True)])
def test_friends_read_names_only_where_the_owner_lets_them(
    shared: SharedGallery, shown: str, named: bool
) -> None:
    vote_on(shared, comment="Those!", name="Quirina")
    shared.gallery.names_shown = shown
    shared.gallery.save(update_fields=["names_shown"])
    api = APIClient()
    token = vote_by_api(api, shared.token, {"favourite": shared.items[0].pk}).data["voter_token"]
    words = api.get(ways(shared)["words"], headers={"X-Voter-Token": token})
    assert words.data["results"][0]["text"] == "Those!"
    browser = Client(headers={"user-agent": PHONE})
    form = {"favourite": shared.items[0].pk, "paper": ballot_paper(shared, browser)}
    thanks = browser.post(reverse("sharing:vote", args=[shared.token]), form, follow=True)
    assert "Those!" in thanks.content.decode()
    for text in (str(words.data), thanks.content.decode()):
        assert ("Quirina" in text) == named
