"""What the manager does: reads whether it was worth it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.story.ops import logs_in
from tests.story.stage import Stage

EMAIL, PASSWORD = "max@lorgnette.example", "figures and frames"
STAGES = (
    "Trials delivered",
    "Gallery made",
    "Link shared",
    "Seen by a friend",
    "Voted on",
    "Ordered",
)


@dataclass
class Manager:
    """Max, who wants figures.

    Attributes:
        page: of a computer.
        stage: keeps pictures.
        url: of the shop.
    """

    page: Page
    stage: Stage
    url: str


def reads_the_scorecard(max_: Manager) -> None:
    """Find the story counted in the funnel, among the sharers, and in orders by links."""
    page = max_.page
    logs_in(page, max_.url, EMAIL, PASSWORD)
    page.get_by_role("link", name="Scorecard").click()
    for stage in STAGES:
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=stage))
        expect(row.get_by_role("cell").nth(1)).to_have_text("1")
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile(r"Sharers who ordered\s*1 of 1"))
    expect(main).to_contain_text(re.compile(r"Others who ordered\s*n/a"))
    by_links = page.get_by_role("table", name="Orders by friends’ links")
    expect(by_links.get_by_role("row")).to_have_count(2)
    expect(by_links.get_by_role("row").nth(1)).to_contain_text(re.compile(r"1\s*€145\.00"))
    max_.stage.picture(page, "console-6-scorecard")


def looks_again_on_the_way_home(max_: Manager) -> None:
    """Open the scorecard on a phone: all of it fits."""
    page = max_.page
    logs_in(page, max_.url, EMAIL, PASSWORD)
    page.goto(f"{max_.url}/console/scorecard/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Social scorecard")
    max_.stage.picture(page, "8-scorecard")
