"""The way from browsing to a vote and an order, in a browser that runs no scripts."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.pages.conftest import MARKS

pytestmark = MARKS


def photo() -> dict[str, object]:
    out = BytesIO()
    Image.new("RGB", (400, 500), "#b08060").save(out, "JPEG")
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_box_is_filled_and_asked_for_up_to_the_card(visit):
    page = visit(java_script_enabled=False).page
    page.goto("/frames/")
    page.locator("summary").filter(has_text="Filters").click()
    page.get_by_role("group", name="Shape").get_by_text("Round").click()
    page.get_by_role("button", name="Show frames").click()
    expect(page).to_have_url(re.compile("shape=round"))
    page.get_by_role("link", name="Ada", exact=True).click()
    page.get_by_role("button", name="Try at home").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your try-on box")
    expect(page.get_by_text("is in your box: 1 of 5")).to_be_visible()
    page.get_by_role("link", name="Ask for this box").click()
    page.get_by_role("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill("vera@lorgnette.example")
    page.get_by_label("Password").fill("glasses and more glasses")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Name on the parcel").fill("Vera Holm")
    page.get_by_label("Street and number").fill("Lindenstraße 4")
    page.get_by_label("Postal code").fill("10969")
    page.get_by_label("City").fill("Berlin")
    page.get_by_role("button", name="Go on to your card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save a card")
    onward = page.get_by_role("link", name="Save card")
    assert "/card_form/seti_" in onward.get_attribute("href")


def test_photos_become_a_gallery_whose_link_can_be_copied_and_whose_frame_bought(
    visit, content, voting
):
    page = visit("mia", java_script_enabled=False).page
    page.goto(content.paths["photos"])
    page.get_by_role("radio").last.check()
    page.get_by_label("Choose photos").set_input_files(photo())
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send photos").click()
    expect(page.get_by_text("1 photo has arrived")).to_be_visible()
    page.get_by_role("button", name="Ask your friends").click()
    link = page.get_by_label("Share link")
    assert "/g/" in link.input_value()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("button", name="Buy for").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    page.get_by_role("link", name="Check out").click()
    expect(page.get_by_label("Street and number")).to_be_hidden()
    page.get_by_label("Another address").check()
    expect(page.get_by_label("Street and number")).to_be_visible()


def test_a_friend_votes_sees_the_standing_and_changes_her_mind(visit, content):
    page = visit(java_script_enabled=False).page
    page.goto(f"/g/{content.tokens[0]}/")
    looks = page.get_by_role("group", name="How does")
    looks.nth(0).get_by_role("radio", name="Love it").check(force=True)
    looks.nth(1).get_by_role("radio", name="is my pick").check(force=True)
    page.get_by_label("A word to go with it").fill("The second pair!")
    page.get_by_role("button", name="Send my vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_text("1 friend has voted")).to_be_visible()
    page.get_by_role("link", name="Change my vote").click()
    expect(page.get_by_label("A word to go with it")).to_have_value("The second pair!")
    expect(page.get_by_role("button", name="Send my new vote")).to_be_visible()
