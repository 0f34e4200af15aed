"""Pages by keyboard, by large letters, without motion; and how little a friend's page weighs."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import DESK, MARKS

pytestmark = MARKS
FOCUS = "() => getComputedStyle(document.activeElement).outlineStyle"
# The page of a friend, without photos: on a slow phone network a second at most.
MOST_BYTES, MOST_REQUESTS = 300_000, 30


@pytest.mark.parametrize(("who", "path"), [("", "/frames/"), ("ola", "/console/trials/")])
def test_the_first_tab_stop_leads_past_the_header_and_is_seen(who, path, visit):
    page = visit(who, viewport=DESK).page
    page.goto(path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    assert page.evaluate(FOCUS) == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert page.evaluate(FOCUS) == "solid"


def test_the_menu_opens_by_key_and_gives_the_focus_back_on_escape(visit):
    page = visit().page
    page.goto("/")
    menu = page.locator("summary[aria-label='Menu']")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Menu")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back_on_escape(visit):
    page = visit().page
    page.goto("/styleguide/")
    opener = page.locator("[data-dialog]").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _each in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('dialog[open]').matches(':focus-within, *')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_filters_are_set_by_key_alone(visit):
    page = visit().page
    page.goto("/frames/")
    page.locator("summary").filter(has_text="Filters").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("shape=round"))
    expect(page.get_by_role("link", name="Remove filter: Round")).to_be_visible()


@pytest.mark.parametrize("name", ["home", "frame", "friend", "gallery", "checkout", "pack trial"])
def test_letters_twice_as_large_need_no_scrolling_sideways(name, visit, content):
    paths = {"home": "/", "frame": "/frames/ada/", "checkout": "/checkout/"}
    who = {"gallery": "mia", "checkout": "mia", "pack trial": "ola"}.get(name, "")
    page = visit(who).page
    page.goto(paths.get(name) or content.paths[name])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate(
        "document.querySelectorAll('aside details').forEach((each) => (each.open = true))"
    )
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("path", ["/frames/", "/styleguide/"])
def test_nothing_moves_for_those_who_asked_for_it(path, visit):
    page = visit().page
    page.goto(path)
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap((each) => {
          const style = getComputedStyle(each);
          return [style.animationDuration, style.transitionDuration];
        }).flatMap((all) => all.split(",")).map(parseFloat))"""
    )
    assert longest <= 0.01


def test_a_friends_page_is_light(visit, content, capsys):
    visit = visit()
    answers = []
    visit.page.on("response", lambda answer: answers.append(answer))
    visit.page.goto(content.paths["friend"], wait_until="networkidle")
    sizes = {each.url: len(each.body()) for each in answers if "/photos/" not in each.url}
    frames = sum(size for url, size in sizes.items() if "/media/" in url)
    weight = sum(sizes.values()) - frames
    with capsys.disabled():
        print(f"\na friend's page: {weight / 1000:.0f} kB in {len(sizes)} requests, without photos")
    assert weight < MOST_BYTES
    assert len(sizes) <= MOST_REQUESTS
    assert visit.faults == []
