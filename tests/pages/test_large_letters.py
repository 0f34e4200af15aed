"""Letters twice as large, and words that are too long for a line: no page is wider than a phone."""

import pytest

from tests.pages.conftest import MARKS
from tests.pages.kinds import KINDS

pytestmark = MARKS

# Where motion is reduced, letters grow only with the next frame: what is measured at once is small.
MOVES = {"reduced_motion": "no-preference"}
TWICE = "document.documentElement.style.setProperty('font-size', '200%')"
WIDTH = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
# Parts that stick out of the screen, by what they are.
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter(each => {
  const box = each.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  for (let at = each; at; at = at.parentElement) {
    if (getComputedStyle(at).overflowX !== 'visible') return false;
  }
  return box.right > innerWidth + 1;
}).map(each => each.tagName + '.' + each.className + ' ' + each.textContent.trim().slice(0, 40))"""
PAGES = {
    "photos": "mia",
    "friend": "",
    "friend ended": "",
    "gallery": "mia",
    "gallery ended": "mia",
    "friends": "mia",
    "account": "mia",
    "cart": "mia",
    "circle people": "mia",
    "galleries": "mia",
    "your data": "mia",
}
FIXED = {name: path for name, _who, path in KINDS if path}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_with_letters_twice_as_large_nothing_sticks_out_of_a_phone(name, visit, content):
    page = visit(PAGES[name], **MOVES).page
    page.goto(content.paths.get(name) or FIXED[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate(TWICE)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).fontSize") == "32px"
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(WIDTH) <= 390


def test_a_long_word_in_a_notice_breaks(visit, content):
    page = visit("mia").page
    page.goto(content.paths["save"])
    page.get_by_role("textbox", name="Tags").fill("x" * 60)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(WIDTH) <= 390


# What is wider than what it stands in: a button's word, a card's field, a figure.
CUT = """() => [...document.querySelectorAll(
  'main :is(.button, .vote__option, .panel, .choice, .notice, .facts, h1, h2)'
)].filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
  .map(each => each.className + ' ' + each.textContent.trim().slice(0, 40))"""
# Names of frames that have less room than a short word.
SQUEEZED = """() => [...document.querySelectorAll(
  'main :is(.choice strong, .standing__name)'
)].filter(
  each => each.clientWidth && each.clientWidth < 4 * parseFloat(getComputedStyle(each).fontSize)
).map(each => each.textContent)"""


@pytest.mark.parametrize(
    "name", ["photos", "friend", "friend ended", "gallery", "friends", "circle people"]
)
def test_german_words_twice_as_large_stay_in_their_places(name, visit, content):
    page = visit(PAGES[name], locale="de-DE", **MOVES).page
    page.goto(content.paths.get(name) or FIXED[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate(TWICE)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).fontSize") == "32px"
    assert page.evaluate(CUT) == []
    assert page.evaluate(SQUEEZED) == []
