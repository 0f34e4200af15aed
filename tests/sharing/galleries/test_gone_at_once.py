"""What an owner takes back is gone from every process at the next look, in both ways to run.

A gallery is opened by several links over connections that stay open, so each web process has
shown all of it before and is asked for it again: what one of them kept would show.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sharing import urls
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.preview_files import preview_name
from sharing.galleries.queries import open_link
from sharing.galleries.services import archive_gallery, close_gallery
from sharing.galleries.visitors import COOKIE
from sharing.photos.files import photo_folder
from sharing.photos.models import Photo
from sharing.stylist.models import Message
from sharing.stylist.pictures import keep_picture, render_picture
from sharing.stylist.services import answer, ask, show_to_friends
from shop.customers.models import User
from shop.foundation.photos.decoding import EXTENSIONS, SIZES
from tests.factories.sharing import (
    SharedGallery,
    gallery_with_link,
    new_browser,
    ready_photo,
    vote_on,
)
from tests.factories.shop import StaffFactory
from tests.sharing.galleries.both_modes import Shop, embedded_shop, served_shop
from tests.sharing.photos.pictures import jpeg
from tests.shop.payments.sandbox.running import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("gone")]
GONE_SECONDS = 60
CONNECTIONS = 4
# A page's own, and no part of what it says: what a form is believed by, the request's number.
OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w{64}|(?<="request_id":")[^"]*')
CSRF = "c" * 32
# An act, never a look; their own tests say that they refuse what is withdrawn.
ACTS = {"vote", "word_report", "referral_click", "enter"}
ACTS |= {"api-shared-objection", "api-shared-erase"}
ACTS |= {"api-shared-vote", "api-shared-report", "api-shared-referral", "api-shared-enter"}


@dataclass(frozen=True)
class Story:
    """What is shared, with pictures of both kinds."""

    owner: User
    gallery: Gallery
    photo: Photo
    advice: Message
    browser: str

    def by_token(self, token: str) -> dict[str, str]:
        """Return every address that a link's token opens to a look, by route and file."""
        names: tuple[str, ...] = (
            "sharing:friend_gallery",
            "sharing:thanks",
            "sharing:preview",
            "api-shared",
        )
        names += (
            "sharing:vote_erase",
            "api-shared-standing",
            "api-shared-words",
            "api-shared-stylist",
        )
        found = {name: reverse(name, args=[token]) for name in names}
        found["sharing:photos_object"] = reverse("sharing:photos_object", args=[token])
        found["sharing:photo_object"] = reverse("sharing:photo_object", args=[token, self.photo.pk])
        for size in SIZES:
            for each in EXTENSIONS:
                for name, args in (
                    ("sharing:friend_photo", [token, self.photo.pk, size, each]),
                    ("sharing:stylist_friend_picture", [token, self.advice.pk, size, each]),
                ):
                    found[f"{name} {size}.{each}"] = reverse(name, args=args)
        return found

    def photos_by(self, token: str) -> dict[str, str]:
        """Return the part of ``by_token`` that is the photo."""
        shown = self.by_token(token)
        return {name: path for name, path in shown.items() if "friend_photo" in name}

    def to_owner(self, link_id: uuid.UUID) -> dict[str, str]:
        """Return the pictures by which she sends a link."""
        of_link = [self.gallery.pk, link_id]
        return {
            name: reverse(name, args=[*of_link, *which])
            for name, which in (
                ("sharing:link_qr", []),
                ("api-link-qr", []),
                ("sharing:link_story", ["photos"]),
                ("api-link-story", ["frames"]),
            )
        }


@pytest.fixture
def story(settings) -> Story:
    shared: SharedGallery = gallery_with_link(frames=2)
    owner, browser = shared.gallery.owner, new_browser()
    photo = ready_photo(shared.items[0].trial_item)
    vote_on(shared, browser=browser, comment="Round suits you")
    asked = ask(user=owner, gallery=shared.gallery, text="Round or square?")
    picture = keep_picture(SimpleUploadedFile("advice.jpg", jpeg()))
    said = answer(
        thread_id=asked.thread.pk, by=StaffFactory(), seen=asked.pk, text="Round.", original=picture
    )
    render_picture(said.pk)
    show_to_friends(owner=owner, gallery=shared.gallery, shown=True)
    return Story(owner, shared.gallery, photo, said, browser)


class Lines:
    """Connections to every web process that stay open, for a friend and for the owner."""

    def __init__(self, shop: Shop, story: Story) -> None:
        # One server is two processes, of which one takes the connection: by chance.
        every = shop.addresses if len(shop.addresses) > 1 else shop.addresses * CONNECTIONS
        self._lines = [(address, requests.Session()) for address in every]
        self._shop, self._browser = shop, story.browser
        self._session = _logged_in(story.owner)

    def friend(self, path: str) -> Iterator[requests.Response]:
        """Yield what a friend who voted is answered: a page on each line, a file on the next."""
        own = {"Cookie": f"{COOKIE}={self._browser}", "X-Voter-Token": self._browser}
        self._lines.append(self._lines.pop(0))
        for address, line in self._lines if path.endswith("/") else self._lines[:1]:
            yield self._asked(line, "GET", address + path, own)

    def act(self, method: str, path: str) -> requests.Response:
        """Return what the owner is answered, on the next line in turn."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={self._session}"
        own = {"Cookie": f"{cookies}; {settings.CSRF_COOKIE_NAME}={CSRF}", "X-CSRFToken": CSRF}
        own["Referer"] = f"{self._shop.origin}/"
        self._lines.append(self._lines.pop(0))
        address, line = self._lines[0]
        return self._asked(line, method, address + path, own)

    def _asked(
        self, line: requests.Session, method: str, url: str, headers: dict[str, str]
    ) -> requests.Response:
        line.cookies.clear()
        sent = self._shop.headers | headers
        return line.request(method, url, headers=sent, timeout=30, allow_redirects=False)


def _logged_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _sent(lines: Lines, story: Story) -> tuple[ShareLink, str]:
    """Make a link as an app does; return it with its token."""
    made = lines.act("POST", reverse("api-links", args=[story.gallery.pk]))
    assert made.status_code == 201, made.text
    token = made.json()["token"]
    return open_link(token), token


def _opens(lines: Lines, shown: dict[str, str]) -> None:
    """See that a link shows everything on every line, to be kept by nobody."""
    for name, path in shown.items():
        for now in lines.friend(path):
            assert now.status_code == 200, (name, now.text[-500:])
            assert "no-store" in now.headers["Cache-Control"], name


def _sends(lines: Lines, pictures: dict[str, str]) -> None:
    """See that the owner is given what she sends a link by, to be kept by nobody else."""
    for name, path in pictures.items():
        now = lines.act("GET", path)
        assert now.status_code == 200, (name, now.text[-500:])
        assert "no-store" in now.headers["Cache-Control"], name


def _nothing(lines: Lines, shown: dict[str, str], unknown: dict[str, str]) -> None:
    """See that what a friend was shown answers as if it had never been, on every line."""
    for name, path in shown.items():
        never = next(lines.friend(unknown[name]))
        for now in lines.friend(path):
            assert (now.status_code, _body(now)) == (404, _body(never)), name
            assert "no-store" in now.headers.get("Cache-Control", ""), name


def _body(answer_: requests.Response) -> str:
    """Return what an answer says, without what is its own and the address it was asked at."""
    return OWN.sub("", answer_.text).replace(answer_.request.path_url, "/address/")


def _gone(lines: Lines, story: Story, link: ShareLink, token: str) -> None:
    _nothing(lines, story.by_token(token), story.by_token(new_browser()))
    # Its owner knows that there was one.
    for name, path in story.to_owner(link.pk).items():
        assert lines.act("GET", path).status_code == 404, name


@pytest.mark.parametrize(
    ("run", "redis_database"), [(embedded_shop, 12), (served_shop, 14)], ids=["embedded", "served"]
)
def test_what_an_owner_takes_back_is_gone_from_every_process_at_the_next_look(
    run: Callable[..., AbstractContextManager[Shop]],
    redis_database: int,
    story: Story,
    tmp_path: Path,
    private_files: Path,
) -> None:
    with run(tmp_path, redis_database=redis_database) as shop:
        lines = Lines(shop, story)
        links = [_sent(lines, story) for _each in range(4)]
        cards = [private_files / preview_name(link.pk) for link, _token in links]
        assert eventually(lambda: all(card.exists() for card in cards), GONE_SECONDS)
        for _link, token in links:
            _opens(lines, story.by_token(token))
        by_page, by_call, by_time, by_end = links
        _sends(lines, story.to_owner(by_page[0].pk))

        began = time.monotonic()
        page = reverse("sharing:link_revoke", args=[story.gallery.pk, by_page[0].pk])
        assert lines.act("POST", page).status_code == 302
        _gone(lines, story, *by_page)
        assert lines.act("DELETE", _link_call(by_call[0])).status_code == 204
        _gone(lines, story, *by_call)
        assert time.monotonic() - began < GONE_SECONDS
        assert eventually(lambda: not any(card.exists() for card in cards[:2]), GONE_SECONDS)

        ShareLink.objects.filter(pk=by_time[0].pk).update(expires_at=timezone.now())
        _gone(lines, story, *by_time)
        _opens(lines, story.by_token(by_end[1]))

        erase = reverse("sharing:photo_erase", args=[story.photo.pk])
        assert lines.act("POST", erase).status_code == 302
        token = by_end[1]
        _nothing(lines, story.photos_by(token), story.photos_by(new_browser()))
        for page_ in lines.friend(story.by_token(token)["sharing:friend_gallery"]):
            assert page_.status_code == 200
            assert story.photo.pk.hex not in page_.text.replace("-", "")
        files = private_files / photo_folder(story.photo.pk)
        assert eventually(lambda: not any(files.rglob("*.*")), GONE_SECONDS)

        close_gallery(owner=story.owner, gallery_id=story.gallery.pk)
        closed = Gallery.objects.filter(pk=story.gallery.pk)
        before = timezone.now() - timedelta(days=settings.GALLERY_KEPT_DAYS)
        closed.update(closed_at=before)
        _gone(lines, story, *by_end)
        closed.update(closed_at=timezone.now())
        for page_ in lines.friend(story.by_token(token)["sharing:friend_gallery"]):
            assert page_.status_code == 200
        archive_gallery(owner=story.owner, gallery_id=story.gallery.pk)
        _gone(lines, story, *by_end)


def _link_call(link: ShareLink) -> str:
    return reverse("api-link", args=[link.gallery_id, link.pk])


def test_every_address_that_a_links_token_opens_is_asked_for_above(story: Story) -> None:
    asked = {name.split()[0].removeprefix("sharing:") for name in story.by_token("token")}
    patterns = [*urls.urlpatterns, *urls.api_urlpatterns]
    routes = {
        str(each.name)
        for each in patterns
        if str(each.pattern).startswith(("g/<str:token>", "shared/<str:token>"))
    }
    assert routes - asked <= ACTS
