"""Two customers on their phones: one saves a frame for the circle, the other tries it at home."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import MARKS

pytestmark = MARKS
# One for each way; Mia has neither in her box yet, and takes both out again.
FRAMES = {True: ("hugo", "Hugo", "for rainy days"), False: ("klee", "Klee", "for dry days")}
SHOTS = os.environ.get("SAVED_SHOTS", "")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_frame_saved_for_the_circle_is_found_by_its_tag_and_goes_into_the_box(
    scripts, visit, content
):
    handle, name, tag = FRAMES[scripts]
    nora = visit("nora", java_script_enabled=scripts).page
    nora.goto(f"/frames/{handle}/")
    nora.get_by_role("link", name="Save", exact=True).click()
    nora.get_by_role("textbox", name="Tags").fill(tag)
    nora.get_by_role("textbox", name="Note").fill("Look at the bridge!")
    expect(nora.get_by_role("radio", name="Sisters")).to_be_checked()
    shot(nora, "sheet")
    nora.get_by_role("button", name="Save").click()
    expect(nora.get_by_text("Saved for “Sisters”.")).to_be_visible()
    expect(nora.get_by_role("link", name="Saved: change tags or note")).to_be_visible()

    mia = visit("mia", java_script_enabled=scripts).page
    mia.goto(content.paths["circle"])
    shot(mia, "circle")
    mia.get_by_role("navigation", name="Tags").get_by_role("link", name=f"#{tag}").click()
    expect(mia.get_by_text("Look at the bridge!")).to_be_visible()
    expect(mia.get_by_role("article")).to_have_count(1)
    mia.get_by_role("checkbox", name=f"Choose {name}").check()
    shot(mia, "chosen")
    mia.get_by_role("button", name="Put into my box").click()
    expect(mia).to_have_url(re.compile("/box/$"))
    expect(mia.get_by_text("They are in your box.")).to_be_visible()
    expect(mia.get_by_role("main").get_by_role("link", name=name)).to_be_visible()
    mia.get_by_role("main").get_by_role("button", name=re.compile(f"Take .*{name}")).click()
    expect(mia.get_by_role("main").get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_she_saved_herself_goes_into_the_box_too(scripts, visit, content):
    mia = visit("mia", java_script_enabled=scripts).page
    mia.goto("/saved/")
    shot(mia, "saved")
    mia.get_by_role("checkbox", name="Choose Iris").check()
    mia.get_by_role("button", name="Put into my box").click()
    expect(mia.get_by_text("They are in your box.")).to_be_visible()
    mia.get_by_role("main").get_by_role("button", name=re.compile("Take .*Iris")).click()
    expect(mia.get_by_role("main").get_by_role("link", name="Iris")).to_have_count(0)
