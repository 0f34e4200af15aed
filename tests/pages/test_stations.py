"""A scanner that types like a keyboard, at the packing table and where boxes come back."""

import re

from playwright.sync_api import expect

from tests.pages.conftest import DESK, MARKS

pytestmark = MARKS
SCREEN = "[data-scan-state]"


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_codes_are_taken_in_the_order_they_were_scanned_however_fast(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto(content.paths["pack trial"])
    _number, barcodes = content.packing
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data) if request.method == "POST" else None,
    )
    field = page.get_by_label("Scan a unit’s barcode")
    expect(field).to_be_focused()
    scan(page, "LG000000000")
    scan(page, barcodes[0])
    scan(page, barcodes[1])
    expect(page.locator(SCREEN)).to_contain_text("Packed 2 of 3")
    taken = [re.search(r"barcode=(LG\d+)", body)[1] for body in sent]
    assert taken == ["LG000000000", barcodes[0], barcodes[1]]
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_a_refusal_is_told_by_colour_sign_and_words_and_the_next_scan_goes_on(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto(content.paths["pack trial"])
    scan(page, "NONSENSE")
    screen = page.locator(SCREEN)
    expect(screen).to_have_attribute("data-scan-state", "refused")
    expect(screen).to_have_attribute("role", "alert")
    expect(screen.locator(".icon--refused")).to_be_visible()
    expect(screen).to_contain_text("Unknown barcode")
    page.get_by_role("link", name="Today").focus()
    scan(page, content.returning[1][0])
    expect(screen).to_contain_text("Wrong frame")


def test_what_could_not_be_sent_is_named_and_nothing_else_is_shown_as_done(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto(content.paths["check in trial"])
    page.context.set_offline(True)
    scan(page, content.returning[1][0])
    screen = page.locator(SCREEN)
    expect(screen).to_contain_text("No answer")
    expect(screen).to_contain_text(content.returning[1][0])
    expect(screen).to_have_attribute("data-scan-state", "refused")
    expect(page.get_by_label("Scan a unit, then 1 to 5")).to_be_focused()
    page.context.set_offline(False)
    page.route("**/console/check-in/*/", lambda route: route.fulfill(status=500))
    scan(page, content.returning[1][1])
    expect(screen).to_contain_text(content.returning[1][1])


def test_a_note_ends_by_enter_without_judging_the_frame(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto(content.paths["check in trial"])
    scan(page, content.returning[1][2])
    note = page.get_by_label("Note")
    note.fill("Left hinge is loose")
    note.press("Enter")
    expect(page.get_by_label("Scan a unit, then 1 to 5")).to_be_focused()
    expect(page.get_by_text("of 3 back")).to_have_count(0)
    scan(page, "3")
    expect(page.locator(SCREEN)).to_contain_text("1 of 3 back")
    page.goto(f"/console/trials/{content.returning[0]}/")
    expect(page.get_by_text("Left hinge is loose")).to_be_visible()


def test_an_order_is_packed_and_sent_by_the_scanner_alone(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto("/console/pack/")
    scan(page, content.paths["scan order"].split("/")[-2])
    page.wait_for_url(f"**{content.paths['scan order']}")
    scan(page, "NONSENSE")
    screen = page.locator(SCREEN)
    expect(screen).to_contain_text("Wrong piece")
    sku = page.locator("#checklist .num").inner_text().split(" · ")[0]
    scan(page, sku)
    expect(screen).to_contain_text("Parcel complete")
    scan(page, "JJD000390007878")
    expect(page.get_by_text("On its way").first).to_be_visible()
    expect(page.locator(SCREEN)).to_contain_text("JJD000390007878")
