"""The friends' floor on a phone, page by page: each fits its screen, and is photographed."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.story.portraits import encoded, photo
from tests.story.running import ROOT
from tests.story.stage import DESK, PHONE, Stage, stage
from tests.tour.content import Tour, make_tour

# Part of `make screenshots`, not of `make test`: tests/pages looks at each of these pages there.
pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Name of the picture, who looks, which page, and what she has scrolled to.
PAGES = (
    ("friends-04-settings", "nora", "gallery", "details:has(> [action$='settings/'])"),
    ("friends-05-share", "nora", "gallery", "#share"),
    ("friends-10-result", "nora", "gallery", ""),
    ("friends-11-trust", "nora", "gallery", "#trust"),
    ("friends-12-voices", "nora", "gallery", "[id^=vote-]"),
    ("friends-13-compare", "nora", "/galleries/compare/", ""),
    ("friends-14-stylist", "nora", "gallery", "#stylist"),
    ("friends-20-saved", "nora", "/saved/", ""),
    ("friends-21-save", "nora", "save", ""),
    ("friends-22-circle", "nora", "circle", ""),
    ("friends-23-people", "nora", "circle people", ""),
    ("friends-24-who", "nora", "who", "main .grid"),
    ("friends-25-feeds", "nora", "/saved/feeds/", ""),
    ("friends-30-advocate", "nora", "/account/friends/", ""),
    ("friends-33-friends", "nora", "/account/friends/", ".friend-rows"),
    ("friends-31-code", "", "code", ""),
    ("friends-32-checkout", "nora", "/checkout/", ""),
    ("friends-40-test", "nora", "test", ""),
    ("friends-41-ideas", "nora", "/ideas/", ""),
    ("friends-42-idea", "nora", "idea", ""),
    ("friends-50-choices", "nora", "/account/messages/", ""),
    ("friends-51-unsubscribe", "", "unsubscribe", ""),
    ("friends-52-privacy", "nora", "/account/privacy/", ""),
    ("friends-53-object", "", "object", ""),
)
CONSOLE = (
    ("console-7-reports", "max", "/console/reports/", ""),
    ("console-8-stylist", "ola", "/console/stylist/", ""),
    ("console-9-thread", "ola", "thread", ""),
    ("console-10-circle", "ola", "staff circle", ""),
    ("console-11-held", "max", "/console/referrals/", ""),
)


@pytest.fixture
def shop(settings, tmp_path: Path) -> Iterator[str]:
    files = "django.core.files.storage.FileSystemStorage"
    private = {"BACKEND": files, "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    server = LiveServer("127.0.0.1")
    yield str(server.url)
    server.stop()


@pytest.fixture
def scene() -> Iterator[Stage]:
    album = os.environ.get("SCREENSHOTS")
    with stage(ROOT / album if album else None) as opened:
        yield opened


def _person(scene: Stage, shop: str, tour: Tour, who: str, viewport: ViewportSize = PHONE) -> Page:
    page = scene.person(viewport)
    if who:
        page.context.add_cookies([{"name": "sessionid", "value": tour.sessions[who], "url": shop}])
    return page


def test_the_friends_floor_is_worth_looking_at(shop: str, scene: Stage, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    tour = make_tour(drawn)
    nora = _person(scene, shop, tour, "nora")
    _sends_a_photo(scene, shop, tour, nora)
    _keeps_a_story(scene, shop, tour, nora)
    _votes(scene, shop, tour)
    for pages, viewport in ((PAGES, PHONE), (CONSOLE, DESK)):
        for name, who, where, top in pages:
            page = _person(scene, shop, tour, who, viewport=viewport)
            page.goto(shop + tour.paths.get(where, where))
            for each in page.locator(f"{top}:not([open]) > summary").all() if top else []:
                each.click()
            scene.picture(page, name, top=top)
            page.context.close()
    _tests(scene, shop, tour, nora)
    assert scene.troubles == []


def _sends_a_photo(scene: Stage, shop: str, tour: Tour, nora: Page) -> None:
    """Send one over a line so slow that its bar can be looked at; then choose what is shown."""
    nora.goto(shop + tour.paths["photos"])
    line = nora.context.new_cdp_session(nora)
    slow = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 60_000}
    nora.get_by_role("checkbox", name="Lorgnette may keep").check()
    nora.get_by_label("Choose photos").set_input_files(
        [
            {
                "name": f"IMG_{at}.jpg",
                "mimeType": "image/jpeg",
                "buffer": encoded(photo(at), "JPEG"),
            }
            for at in ("ada", "clara")
        ]
    )
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    nora.get_by_role("button", name="Send photos").click()
    bar = nora.locator("progress").first
    expect(bar).to_be_visible()
    nora.wait_for_function(
        "() => [...document.querySelectorAll('progress')].some((e) => e.value > 0.3 * e.max)"
    )
    scene.picture(nora, "friends-01-upload", top=".photo-tile")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1, "latency": 0})
    expect(nora.locator(".photo-tile progress:visible")).to_have_count(0)
    scene.picture(nora, "friends-02-shelves", top="#shelves")
    nora.goto(shop + tour.paths["crop"])
    scene.picture(nora, "friends-03-crop")


def _keeps_a_story(scene: Stage, shop: str, tour: Tour, nora: Page) -> None:
    story = nora.request.get(shop + tour.paths["story"])
    assert story.headers["content-type"] == "image/jpeg"
    picture = Image.open(BytesIO(story.body()))
    assert picture.size == (1080, 1920)
    if scene.album is not None:
        small = picture.resize((780, 1387))
        small.save(scene.album / "friends-06-story.webp", quality=84, method=6)


def _votes(scene: Stage, shop: str, tour: Tour) -> None:
    """React, put into an order, say a word of one frame; and be thanked."""
    page = scene.person(locale="de-DE")
    page.goto(shop + tour.paths["fresh friend"])
    scene.picture(page, "friends-07-german")
    page.context.close()
    page = scene.person()
    page.goto(shop + tour.paths["fresh friend"])
    looks = page.locator(".look")
    expect(looks).to_have_count(5)
    for at, reaction in enumerate(("Love it", "Like it", "Not you")):
        looks.nth(at).get_by_role("radio", name=reaction).check(force=True)
    looks.nth(0).locator(".vote__favourite input").check(force=True)
    word = looks.nth(0).locator("summary")
    word.click()
    looks.nth(0).locator("textarea, input[name^=word]").first.fill("As if they were made for you.")
    scene.picture(page, "friends-08-word", top=".look")
    ranking = page.locator("#places > summary").first
    ranking.click()
    scene.picture(page, "friends-09-ranking", top="#places")
    page.get_by_label("Your first name").fill("Lena")
    page.get_by_role("button", name="Send my vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    scene.picture(page, "friends-09-thanks")
    page.context.close()


def _tests(scene: Stage, shop: str, tour: Tour, nora: Page) -> None:
    """Take the invitation, and say what the frame is like."""
    nora.goto(shop + tour.paths["test"])
    nora.get_by_role("button", name="Yes").click()
    nora.goto(shop + tour.paths["feedback"])
    scene.picture(nora, "friends-43-feedback")
