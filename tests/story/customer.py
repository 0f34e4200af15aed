"""What the customer does, at phone size."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.story.portraits import TRIED, encoded, photo
from tests.story.stage import Stage

EMAIL, PASSWORD = "nora@example.com", "a lorgnette for the opera"
# Each of the formats a telephone or a camera writes.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "JPEG")
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


@dataclass
class Customer:
    """Nora, who cannot decide.

    Attributes:
        page: of her telephone.
        stage: keeps her pictures.
        url: of the shop.
        trial: her trial's number, once it is asked for.
        order: her order's number, once it is placed.
        link: what she sends to her friends.
    """

    page: Page
    stage: Stage
    url: str
    trial: str = ""
    order: str = ""
    link: str = ""


def finds_frames(nora: Customer) -> None:
    """Come in, narrow the list down by filters, then search for words."""
    page = nora.page
    page.goto(nora.url)
    nora.stage.picture(page, "0-home")
    page.get_by_role("link", name="Choose your frames").click()
    all_of_them = page.get_by_role("status").filter(has_text=re.compile(r"^\d+ frames$"))
    every = int(all_of_them.inner_text().split()[0])
    page.locator("summary").filter(has_text="Filters").click()
    page.get_by_role("group", name="Shape").get_by_text("Round").click()
    expect(page).to_have_url(re.compile("shape=round"))
    page.get_by_role("group", name="Material").get_by_text("Acetate").click()
    expect(page).to_have_url(re.compile("material=acetate"))
    expect(all_of_them).not_to_have_text(f"{every} frames")
    page.locator("summary").filter(has_text="Filters").click()
    expect(page.get_by_role("link", name="Ada", exact=True)).to_be_visible()
    nora.stage.picture(page, "1-frames")


def fills_her_box(nora: Customer) -> None:
    """Search for each of the five, look at the colour, and put it in."""
    page = nora.page
    for count, (handle, colour) in enumerate(TRIED, start=1):
        name = handle.capitalize()
        page.goto(f"{nora.url}/frames/")
        search = page.get_by_role("main").get_by_role("searchbox", name="Search frames")
        search.fill(handle)
        search.press("Enter")
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.get_by_role("navigation", name="Colours").get_by_role(
            "link", name=colour, exact=True
        ).click()
        expect(page.get_by_text("Colour:")).to_contain_text(colour)
        page.get_by_role("button", name="Try at home").click()
        expect(page.get_by_role("link", name="In your box: go on")).to_be_visible()
        if count == 1:
            nora.stage.picture(page, "2-frame")
    page.get_by_role("link", name="In your box: go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your try-on box")
    nora.stage.picture(page, "2-box")


def signs_up_and_asks_for_it(nora: Customer) -> None:
    """Make an account, say where it goes, save a card, ask for the box."""
    page = nora.page
    page.get_by_role("link", name="Ask for this box").click()
    page.get_by_role("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where shall your box go?")
    fills_address(page, name="Nora Feldt", street="Gartenstraße 12")
    page.get_by_role("button", name="Go on to your card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save a card")
    fills_card(page, name="Nora Feldt")
    page.get_by_role("button", name="Save card").click()
    expect(page.get_by_text("•••• 4242").or_(page.get_by_text("4242")).first).to_be_visible()
    nora.stage.picture(page, "2-place")
    page.get_by_role("button", name="Ask for this box").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("^Trial "))
    nora.trial = heading.inner_text().split()[1]


def fills_address(page: Page, *, name: str, street: str) -> None:
    """Fill in the fields of an address in Berlin."""
    page.get_by_label("Name on the parcel").fill(name)
    page.get_by_label("Street and number").fill(street)
    page.get_by_label("Postal code").fill("10115")
    page.get_by_label("City").fill("Berlin")
    page.get_by_label("Country").select_option(label="Germany")


def fills_card(page: Page, *, name: str) -> None:
    """Fill in Stripe's test card that pays."""
    page.get_by_label("Name on the card").fill(name)
    page.get_by_label("Card number").fill("4242424242424242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("Security code").fill("123")


def unpacks(nora: Customer) -> None:
    """Find the box at home, with the days that are hers."""
    page = nora.page
    page.goto(f"{nora.url}/trials/{nora.trial}/")
    expect(page.get_by_text("Yours to try until")).to_be_visible()
    nora.stage.picture(page, "3-at-home")


def adds_photos(nora: Customer) -> None:
    """Take a photo in each frame and send it, as whatever file her camera writes."""
    page = nora.page
    page.get_by_role("link", name="Add photos").click()
    for (handle, colour), file_format in zip(TRIED, FORMATS, strict=True):
        suffix = SUFFIXES[file_format]
        frame = f"{handle.capitalize()}, {colour}"
        # The next frame without a photo is chosen already.
        expect(page.get_by_role("radio", name=frame)).to_be_checked()
        page.get_by_label("Choose photos").set_input_files(
            {
                "name": f"IMG_{handle}.{suffix}",
                "mimeType": f"image/{suffix.replace('jpg', 'jpeg')}",
                "buffer": encoded(photo(handle), file_format),
            }
        )
        page.get_by_role("checkbox", name="Lorgnette may keep these photos").check()
        page.get_by_role("button", name="Send photos").click()
        expect(page.get_by_role("figure").filter(has_text=frame)).to_be_visible()
    for handle, colour in TRIED:
        mine = page.get_by_role("img", name=f"You wearing {handle.capitalize()}, {colour}")
        expect(mine).to_be_visible()
    nora.stage.picture(page, "4-photos", top="#shelves")


def asks_her_friends(nora: Customer) -> None:
    """Make the gallery, copy the link that she sends, and show a friend beside her the code."""
    page = nora.page
    page.get_by_role("button", name="Ask your friends").click()
    nora.link = page.get_by_label("Share link").input_value()
    assert nora.link.startswith(f"{nora.url}/g/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == nora.link
    page.get_by_role("button", name="QR code").click()
    code = page.get_by_role("img", name="QR code of the link")
    expect(code).to_have_js_property("complete", True)
    assert code.evaluate("image => image.naturalWidth") > 100
    expect(page.get_by_text("No votes yet")).to_be_visible()
    nora.stage.picture(page, "4-share", top="#share")
    page.evaluate("window.neverReloaded = true")


def sees_votes(nora: Customer, *, votes: str, says: str = "") -> None:
    """See on the page that lies open what friends have said meanwhile."""
    expect(nora.page.get_by_text(votes)).to_be_visible()
    if says:
        expect(nora.page.get_by_text(says)).to_be_visible()
    assert nora.page.evaluate("window.neverReloaded"), "the page was loaded again"


def buys_the_favourite(nora: Customer) -> None:
    """Buy the frame that is ahead, with the card that is saved."""
    page = nora.page
    nora.stage.picture(page, "6-votes")
    page.get_by_role("button", name="Buy for").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    expect(page.get_by_role("main")).to_contain_text("Ada")
    nora.stage.picture(page, "6-cart")
    page.get_by_role("link", name="Check out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where shall it go?")
    nora.stage.picture(page, "6-checkout")
    page.get_by_role("button", name="Go on to payment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Pay "))
    nora.stage.picture(page, "6-pay")
    page.get_by_role("button", name="Pay with").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("^Order "))
    expect(page.get_by_text("Thank you. We are making your pair ready")).to_be_visible()
    nora.order = heading.inner_text().split()[1]
    nora.stage.picture(page, "6-paid")


def reads_how_it_ended(nora: Customer) -> None:
    """Find the trial closed, four frames returned and one charged."""
    page = nora.page
    page.goto(f"{nora.url}/trials/{nora.trial}/")
    expect(page.get_by_text("All done. Thank you for trying our frames.")).to_be_visible()
    nora.stage.picture(page, "7-closed")
