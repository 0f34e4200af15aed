"""What friends do: look, vote, change their minds; without an account, on a phone."""

import re
from dataclasses import dataclass
from io import BytesIO

import requests
from PIL import Image
from playwright.sync_api import Page, expect

from tests.story.customer import fills_address, fills_card
from tests.story.stage import Stage

EMAIL, PASSWORD = "jule@example.com", "which of these suits you"
# Nobody looks at five faces in less; a vote sent sooner is taken for a program's.
A_LOOK_MS = 1600


@dataclass
class Friend:
    """Somebody who got the link.

    Attributes:
        page: of a telephone that has never seen the shop.
        stage: keeps pictures.
        link: what came by message.
    """

    page: Page
    stage: Stage
    link: str


def sees_the_card_in_the_chat(link: str) -> None:
    """Unfurl the link as a messenger does: no cookies, no scripts, nothing counted."""
    page = requests.get(link, headers={"User-Agent": "WhatsApp/2.24"}, timeout=10)
    found = re.search(r'property="og:image" content="([^"]+)"', page.text)
    assert found, "the page names no picture for chats"
    card = requests.get(found[1], timeout=10)
    assert card.headers["Content-Type"] == "image/png"
    assert Image.open(BytesIO(card.content)).size == (1200, 630)


def votes(friend: Friend, *, comment: str, name: str) -> None:
    """Open the link, react to three frames, pick one, write a word, send."""
    page = friend.page
    page.goto(friend.link)
    expect(page.get_by_role("img", name="On her face")).to_have_count(5)
    friend.stage.picture(page, "5-friend")
    reacts(page, "Ada, Tortoise", "Like it")
    reacts(page, "Clara, Oxblood", "Love it")
    reacts(page, "Klee, Forest Green", "Not you")
    page.get_by_role("radio", name="Clara, Oxblood is my pick").check(force=True)
    page.get_by_label("A word to go with it").fill(comment)
    page.get_by_label("Your first name").fill(name)
    page.wait_for_timeout(A_LOOK_MS)
    page.get_by_role("button", name="Send my vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_text("1 friend has voted")).to_be_visible()


def reacts(page: Page, frame: str, reaction: str) -> None:
    """Say how a frame looks."""
    group = page.get_by_role("group", name=f"How does {frame} look?")
    group.get_by_role("radio", name=reaction).check(force=True)


def changes_her_mind(friend: Friend) -> None:
    """Go back, find what was said before, and pick another frame."""
    page = friend.page
    page.get_by_role("link", name="Change my vote").click()
    expect(page.get_by_role("radio", name="Clara, Oxblood is my pick")).to_be_checked()
    reacts(page, "Ada, Tortoise", "Love it")
    page.get_by_role("radio", name="Ada, Tortoise is my pick").check(force=True)
    friend.stage.picture(page, "5-voting", top=".look:has(.vote__favourite :checked)")
    page.wait_for_timeout(A_LOOK_MS)
    page.get_by_role("button", name="Send my new vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_text("1 friend has voted")).to_be_visible()
    friend.stage.picture(page, "5-standing")


def votes_in_german(friend: Friend, *, comment: str, name: str) -> None:
    """Open the link in a browser that speaks German, and vote with Ada."""
    page = friend.page
    page.goto(friend.link)
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.get_by_role("img", name="Im Gesicht")).to_have_count(5)
    ada = page.get_by_role("group", name="Wie sieht Ada, Tortoise aus?")
    ada.get_by_role("radio", name="Super").check(force=True)
    ada.get_by_role("radio", name="Ada, Tortoise ist mein Favorit").check(force=True)
    page.get_by_label("Ein Wort dazu").fill(comment)
    page.get_by_label("Dein Vorname").fill(name)
    friend.stage.picture(page, "5-german", top="form .field")
    page.wait_for_timeout(A_LOOK_MS)
    page.get_by_role("button", name="Stimme abgeben").click()
    expect(page.get_by_role("heading", name="Danke!")).to_be_visible()


def buys_a_pair_herself(friend: Friend) -> None:
    """Follow the way from the vote to the shop, join, and buy."""
    page = friend.page
    page.get_by_role("button", name="See the frames").click()
    page.get_by_role("main").get_by_role("searchbox", name="Search frames").fill("olive")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Olive", exact=True).click()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_role("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where shall it go?")
    fills_address(page, name="Jule Sander", street="Uferweg 3")
    page.get_by_role("button", name="Go on to payment").click()
    fills_card(page, name="Jule Sander")
    page.get_by_role("button", name="Pay ").click()
    expect(page.get_by_text("Thank you. We are making your pair ready")).to_be_visible()
