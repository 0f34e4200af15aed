"""A word of 300 letters, typed by anybody, breaks: no console page is wider than a screen."""

import pytest

from tests.pages.conftest import DESK, MARKS, PHONE
from tests.pages.test_large_letters import OUTSIDE, WIDTH

pytestmark = MARKS
LONG = "a" * 300
# A reason as long as one may be, in place of what stands there.
WRITE = """word => document.querySelectorAll('.timeline__entry').forEach(each => {
  each.lastElementChild.textContent = word;
})"""


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_long_word_in_a_reason_breaks_on_the_page_of_a_trial(visit, content, screen):
    page = visit("ola", viewport=screen).page
    page.goto(content.paths["console trial"])
    page.evaluate(WRITE, LONG)
    assert page.get_by_text(LONG).count()
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(WIDTH) <= screen["width"]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_long_word_that_is_searched_for_breaks(visit, screen):
    page = visit("ola", viewport=screen).page
    page.goto(f"/console/search/?q={LONG}")
    assert page.get_by_role("heading", level=1, name=LONG).count()
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(WIDTH) <= screen["width"]
