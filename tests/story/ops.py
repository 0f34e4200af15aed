"""What operations do: at a desk, with a barcode scanner."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.story.stage import Stage

EMAIL, PASSWORD = "ola@lorgnette.example", "pick pack and post"
BARCODE = re.compile(r"\bLU\d{8,}\b|\b[A-Z]{2}\d{6,}\b")


@dataclass
class Ops:
    """Ola, who packs.

    Attributes:
        page: of the desk's computer.
        stage: keeps pictures.
        url: of the shop.
        units: barcodes of the box by the name of their frame.
        parcels: tracking numbers by way: out, then back.
    """

    page: Page
    stage: Stage
    url: str
    units: dict[str, str] = field(default_factory=dict)
    parcels: list[str] = field(default_factory=list)


def logs_in(page: Page, url: str, email: str, password: str) -> None:
    """Come to the console by its address and say who is there."""
    page.goto(f"{url}/console/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def scans(page: Page, code: str) -> None:
    """Scan as a keyboard wedge does: letters into whatever has the focus, then Enter."""
    expect(page.locator("[data-scan-field]")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def approves(ola: Ops, trial: str) -> None:
    """Find the wish in the queue and let it be packed."""
    page = ola.page
    ola.stage.picture(page, "console-1-today")
    page.get_by_role("main").get_by_role("link", name="To approve").click()
    page.get_by_role("link", name=trial).click()
    expect(page.get_by_role("heading", name=trial, level=1)).to_be_visible()
    for row in page.get_by_role("table").first.get_by_role("row").all()[1:]:
        unit = row.locator("a[href^='/console/units/']")
        ola.units[row.get_by_role("rowheader").inner_text()] = unit.inner_text()
    assert len(ola.units) == 5
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text(f"{trial} is approved.")).to_be_visible()


def packs(ola: Ops, trial: str, *, stray: str) -> None:
    """Scan every unit into the box; one that belongs elsewhere is refused.

    Args:
        ola: who packs.
        trial: its number.
        stray: barcode of a unit that lay in the wrong place.
    """
    page = ola.page
    page.get_by_role("link", name="Pack", exact=True).click()
    scans(page, trial)
    screen = page.locator("#scan-answer")
    expect(page.get_by_role("heading", level=1)).to_contain_text(trial)
    barcodes = list(ola.units.values())
    for count, barcode in enumerate(barcodes[:3], start=1):
        scans(page, barcode)
        expect(screen).to_contain_text(f"Packed {count} of 5")
    ola.stage.expected.add((409, f"/pack/{trial}/"))
    scans(page, stray)
    expect(page.get_by_role("alert")).to_contain_text(stray)
    ola.stage.picture(page, "console-2-refused")
    scans(page, barcodes[3])
    expect(screen).to_contain_text("Packed 4 of 5")
    ola.stage.picture(page, "console-2-packing")
    scans(page, barcodes[4])
    expect(screen).to_contain_text("Box complete")
    page.get_by_role("button", name="Close the box").click()


def ships(ola: Ops, trial: str) -> None:
    """Print the labels, hand the box over, and note the parcels' numbers."""
    page = ola.page
    labels = page.get_by_role("link", name="Print the labels")
    expect(labels).to_be_visible()
    ola.stage.picture(page, "console-3-labels")
    printed = page.request.get(f"{ola.url}{labels.get_attribute('href')}")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF-")
    page.get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_text(f"{trial} is on its way.")).to_be_visible()
    page.goto(f"{ola.url}/console/trials/{trial}/")
    table = page.get_by_role("region", name="Parcels").get_by_role("table")
    ola.parcels = [
        row.get_by_role("cell").nth(0).inner_text() for row in table.get_by_role("row").all()[1:]
    ]
    assert all(each.startswith("LP") for each in ola.parcels), ola.parcels


def checks_in(ola: Ops, trial: str, *, missing: str) -> None:
    """Open the box that came back, grade every unit in it, and say that nothing more is in it."""
    page = ola.page
    page.goto(f"{ola.url}/console/")
    page.get_by_role("link", name="Check in", exact=True).first.click()
    scans(page, ola.parcels[1])
    expect(page.get_by_role("heading", level=1)).to_contain_text(trial)
    returned = [barcode for frame, barcode in ola.units.items() if frame != missing]
    for count, (barcode, verdict) in enumerate(zip(returned, "1213", strict=True), start=1):
        scans(page, barcode)
        expect(page.get_by_role("group", name="How does it look?")).to_be_visible()
        if count == 3:
            ola.stage.picture(page, "console-4-check-in")
        scans(page, verdict)
        expect(page.locator("#scan-answer")).to_contain_text(f"{count} of 5 back")
    page.get_by_role("button", name="Nothing more in the box").click()
    expect(page.get_by_text("is received, with frames missing")).to_be_visible()


def sees_it_closed(ola: Ops, trial: str) -> None:
    """Find the trial closed and the missing frame paid for."""
    page = ola.page
    page.goto(f"{ola.url}/console/trials/{trial}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(trial)
    expect(page.get_by_text("Closed").first).to_be_visible()
    ola.stage.picture(page, "console-5-trial")
