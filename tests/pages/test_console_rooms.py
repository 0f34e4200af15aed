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
