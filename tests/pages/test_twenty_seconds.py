"""From the link to the thanks in twenty seconds, on a phone, with scripts and without."""

import time

import pytest
from playwright.sync_api import Page, expect

from sharing.votes.models import Reaction, Vote
from tests.pages.conftest import MARKS

pytestmark = MARKS
MOST_SECONDS = 20


def reacts_and_picks(page: Page) -> None:
    looks = page.get_by_role("group", name="How does")
    looks.nth(0).get_by_role("radio", name="Like it").check(force=True)
    looks.nth(1).get_by_role("radio", name="Love it").check(force=True)
    looks.nth(1).get_by_role("radio", name="is my pick").check(force=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_friend_votes_ranks_and_writes_within_twenty_seconds(
    visit, content, scripts, capsys
) -> None:
    opened = visit(java_script_enabled=scripts)
    page = opened.page
    began = time.monotonic()
    page.goto(f"/g/{content.tokens[3 if scripts else 4]}/")
    reacts_and_picks(page)
    page.locator("summary").filter(has_text="Say something about this pair").first.click()
    page.get_by_label("About").first.fill("These make you look awake.")
    page.locator("summary").filter(has_text="Put them in order").click()
    rows = page.locator(".place")
    best = rows.nth(2).get_attribute("data-place")
    if scripts:
        page.get_by_role("button", name=f"Move {best} up").click()
        page.get_by_role("button", name=f"Move {best} up").press("Enter")
        expect(rows.first).to_have_attribute("data-place", best)
        grip, other = rows.nth(2).locator(".place__grip"), rows.nth(1)
        grip.scroll_into_view_if_needed()
        start, end = grip.bounding_box(), other.bounding_box()
        moved = rows.nth(2).get_attribute("data-place")
        page.mouse.move(start["x"] + 5, start["y"] + 5)
        page.mouse.down()
        page.mouse.move(start["x"] + 5, end["y"] + 2, steps=5)
        page.mouse.up()
        expect(rows.nth(1)).to_have_attribute("data-place", moved)
    else:
        rows.nth(2).locator("select").select_option("1")
        # Nothing tells her there, so her pick goes before it, and the page says so.
        expect(page.get_by_text("Your pick always comes first.")).to_be_visible()
    page.get_by_label("Your first name").fill("Jo")
    page.get_by_role("button", name="Send my vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(f"\nfrom link to thanks, scripts {scripts}: {seconds:.1f} s")
    assert seconds < MOST_SECONDS
    expect(page.get_by_text("1 friend has voted")).to_be_visible()
    vote = Vote.objects.latest("cast_at")
    said = Reaction.objects.filter(vote=vote).select_related("item__variant")
    assert vote.favourite_id == said.get(rank=1).item_id
    assert str(said.get(rank=1 if scripts else 2).item.variant) == best
    assert said.filter(rank__isnull=False).count() == (3 if scripts else 2)
    assert said.filter(comment="These make you look awake.").count() == 1
    assert opened.faults == []


def test_the_address_is_asked_for_once_she_wants_to_hear(visit, content) -> None:
    page = visit().page
    page.goto(f"/g/{content.tokens[3]}/")
    address = page.get_by_label("Your email address")
    expect(address).to_be_hidden()
    page.get_by_label("Tell me by email which pair it becomes").check()
    expect(address).to_be_visible()
