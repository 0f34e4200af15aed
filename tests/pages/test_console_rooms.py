"""The console's column of rooms: the open one is in sight, and the page stays at its top."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import MARKS, PHONE

pytestmark = MARKS
LOW = {"width": 1280, "height": 600}


@pytest.mark.parametrize("viewport", [LOW, PHONE])
@pytest.mark.parametrize("path", ["/console/", "/console/orders/", "/console/planning/"])
def test_a_page_opens_at_its_top_with_its_room_in_sight(visit, viewport, path):
    page = visit("max", viewport=viewport).page
    page.goto(path)
    expect(page.locator(".console__nav [aria-current]")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


LAPTOP = {"width": 1366, "height": 768}
PLACEHOLDERS_CUT = """() => [...document.querySelectorAll('input[placeholder]')].filter((input) => {
  const style = getComputedStyle(input), pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return input.checkVisibility() && pen.measureText(input.placeholder).width > room;
}).map((input) => input.placeholder)"""


@pytest.mark.parametrize("path", ["/console/trials/", "/console/units/", "/console/orders/"])
def test_what_can_be_searched_for_is_read_whole_on_a_laptop(visit, path):
    page = visit("max", viewport=LAPTOP).page
    page.goto(path)
    expect(page.locator("#find")).to_be_visible()
    assert page.evaluate(PLACEHOLDERS_CUT) == []


def test_the_planning_table_fits_a_laptop(visit):
    page = visit("max", viewport=LAPTOP).page
    page.goto("/console/planning/")
    table = page.locator(".table-scroll")
    expect(table).to_be_visible()
    wide, shown = table.evaluate("table => [table.scrollWidth, table.clientWidth]")
    assert wide <= shown
