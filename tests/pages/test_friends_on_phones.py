"""What friends and owners of galleries see on a phone's screen, and what must not be in its way."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.pages.conftest import MARKS, PHONE
from tests.sharing.photos.pictures import jpeg

pytestmark = MARKS

TOP = "(e) => e.getBoundingClientRect().top"
BOTTOM = "(e) => e.getBoundingClientRect().bottom"


def say(page: Page, words: str) -> None:
    detail = {"detail": {"message": words, "tone": "danger"}}
    page.evaluate("(d) => document.body.dispatchEvent(new CustomEvent('toast', d))", detail)
    expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 664), (390, 844)])
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_first_frame_its_reactions_and_the_pick_share_the_first_screen(
    visit, content, voting, width, height, locale
):
    page = visit(viewport={"width": width, "height": height}, locale=locale).page
    page.goto(content.paths["friend"])
    pick = page.locator(".vote__favourite").first.evaluate(BOTTOM)
    assert pick <= page.locator(".sticky-actions").evaluate(TOP)
    picture = page.locator(".look__picture").first.bounding_box()
    assert picture is not None
    assert picture["height"] >= 170


def test_no_other_site_is_told_from_which_friends_page_somebody_comes(visit, content):
    page = visit().page
    page.route("https://elsewhere.example/**", lambda route: route.fulfill(body="Elsewhere"))
    page.goto(content.paths["friend"])
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin',"
        " '<a href=\"https://elsewhere.example/\">Away</a>')"
    )
    with page.expect_request("https://elsewhere.example/") as asked:
        page.get_by_role("link", name="Away").click()
    assert "referer" not in asked.value.all_headers()


def test_a_message_stands_at_the_top_and_covers_nothing_there(visit, content):
    page = visit("mia").page
    page.goto(content.paths["gallery"])
    say(page, "That did not work.")
    toast = page.locator(".toast")
    assert page.locator(".site-header").evaluate(BOTTOM) <= toast.evaluate(TOP)
    assert toast.evaluate(BOTTOM) <= page.locator("main").evaluate(TOP)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert 0 < toast.evaluate(TOP) < PHONE["height"] / 4


def test_the_frame_without_a_photo_is_chosen_next(visit, content):
    page = visit("mia").page
    page.goto(content.paths["photos"])
    chosen = page.locator('input[name="frame"]:checked')
    first = chosen.get_attribute("value")
    photo: Any = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Choose photos").set_input_files([photo])
    page.get_by_label("Lorgnette may keep these photos").check()
    page.get_by_role("button", name="Send photos").click()
    expect(page.get_by_text("Photos that have arrived: 1")).to_be_visible()
    expect(page.locator(f'input[name="frame"][value="{first}"]')).not_to_be_checked()
    bare = page.locator("#shelves").get_attribute("data-next")
    expect(chosen).to_have_attribute("value", bare or "")
    # The shelves are drawn again while a photo is prepared: her own choice stays.
    with page.expect_response("**/photos/shelves/"):
        page.locator(f'input[name="frame"][value="{first}"]').check()
    with page.expect_response("**/photos/shelves/"):
        pass
    expect(page.locator(f'input[name="frame"][value="{first}"]')).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_bar_is_seen(visit, content, scheme):
    page = visit("mia", color_scheme=scheme).page
    page.goto(content.paths["gallery"])
    bar = page.locator(".standing__row", has_text="0 picks").first.locator(".bar")
    bar.scroll_into_view_if_needed()
    drawn = Image.open(BytesIO(bar.screenshot())).convert("RGB")
    track = drawn.getpixel((drawn.width // 2, drawn.height // 2))
    outside = Image.open(BytesIO(page.screenshot())).convert("RGB").getpixel((3, 400))
    assert contrast(track, outside) > 1.4


def contrast(one: Any, other: Any) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [each / 255 for each in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
