"""A box from the shelf to the carrier by a scanner that types, without a mouse or a key more."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import DESK, MARKS
from trials.home_trials.models import Trial
from trials.shipping.models import Shipment

pytestmark = MARKS
SCREEN = "[data-scan-state]"
TABLET = {"width": 820, "height": 1180}
PRINTED = """() => { window.printed = 0;
  new MutationObserver((all) => all.forEach((each) => each.addedNodes.forEach((node) => {
    if (node.tagName === "IFRAME") { window.printed += 1; window.frameUrl = node.src; }
  }))).observe(document, {childList: true, subtree: true}); }"""


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("walk", "viewport"), [(0, DESK), (1, TABLET)], ids=["desk", "tablet"])
def test_a_box_goes_from_the_shelf_to_the_carrier_by_scans_alone(visit, content, walk, viewport):
    walk = content.walks[walk]
    tote, units = walk.tote, walk.units
    visit = visit("ola", viewport=viewport)
    page = visit.page
    page.add_init_script(f"({PRINTED})()")
    page.goto(f"/console/pick/{walk.batch}/")
    for barcode in units:
        scan(page, barcode)
        expect(page.locator(SCREEN)).to_contain_text(f"Tote {tote.position}")
        expect(page.locator(SCREEN)).to_contain_text(barcode)

    page.goto("/console/pack/")
    scan(page, "NONSENSE")
    expect(page.locator(SCREEN)).to_contain_text("Unknown code")
    scan(page, tote.code)
    expect(page).to_have_url(f"/console/pack/{walk.trial}/")
    scan(page, content.returning[1][0])
    expect(page.locator(SCREEN)).to_contain_text("Wrong frame")
    scan(page, units[0])
    scan(page, units[0])
    expect(page.locator(SCREEN)).to_contain_text("Already in the box")
    scan(page, "DO-FINISH")
    expect(page.locator(SCREEN)).to_contain_text("Not all scanned")
    scan(page, units[1])
    expect(page.locator(SCREEN)).to_contain_text("Box complete")
    scan(page, "DO-FINISH")
    expect(page.locator(SCREEN)).to_contain_text("Packed")
    expect(page.locator("iframe")).to_have_count(1)
    assert page.evaluate("window.frameUrl").endswith(f"/console/trials/{walk.trial}/labels.pdf")
    expect(page).to_have_url(f"/console/pack/{walk.trial}/")

    parcel = Shipment.objects.get(trial=tote.trial, leg="outbound")
    page.goto("/console/manifests/")
    page.get_by_role("button", name="Scan parcels").first.click()
    expect(page.get_by_label("Scan a parcel’s label")).to_be_focused()
    scan(page, parcel.tracking_number)
    expect(page.locator(SCREEN)).to_contain_text(parcel.tracking_number)
    scan(page, "DO-HANDOVER")
    expect(page.get_by_text("is handed over")).to_be_visible()
    assert Trial.objects.get(number=walk.trial).state == "shipped"
    # Refusals are told to the browser's console; its own viewer and print dialog are no strangers.
    known = ("Response Status Error Code 4", "chrome-extension://", "chrome://")
    assert [each for each in visit.faults if not any(word in each for word in known)] == []


def test_a_scan_is_no_shortcut_though_the_field_has_lost_the_focus(visit, content):
    page = visit("ola", viewport=DESK).page
    page.goto("/console/manifests/")
    page.get_by_role("button", name="Scan parcels").first.click()
    page.wait_for_url("**/console/manifests/*/")
    for path in (page.url, content.paths["packed"], content.paths["batch"]):
        page.goto(path)
        expect(page.locator("[data-scan-field]")).to_be_focused()
        page.evaluate("document.activeElement.blur()")
        scan(page, "LPSN0")
        expect(page.locator(SCREEN)).to_contain_text("LPSN0")
