"""Every kind of page: accessible, within its width, quiet, and at home."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.pages.conftest import DESK, MARKS, PHONE
from tests.pages.kinds import KINDS, MISSING

pytestmark = MARKS
GRAVE = ("serious", "critical")
# What the guidelines ask for; axe's own advice beyond them is never grave.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL = {"width": 320, "height": 640}
OVER_THE_EDGE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => document.documentElement.scrollWidth > innerWidth)
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.tagName}.${each.className}`)"""
# A colour that is inherited begins to change once its parent's has: still is what stays so.
STILL = """async () => {
  for (let still = 0; still < 5; still += 1) {
    await new Promise(requestAnimationFrame);
    const moving = document.getAnimations();
    if (moving.length) still = -1;
    await Promise.allSettled(moving.map((each) => each.finished));
  } }"""


def faults_of(page, **options):
    """Return what axe finds grave; it is sent to the page once."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    quick = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
    found = page.evaluate(
        "async (options) => (await axe.run(options)).violations", {**quick, **options}
    )
    return [
        f"{each['impact']}: {each['id']}: {node['target']}: {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("name", "who", "path"), KINDS, ids=[kind[0] for kind in KINDS])
def test_a_page_is_accessible_by_day_and_night_and_keeps_within_its_width(
    name, who, path, visit, content
):
    visit = visit(who, viewport=SMALL)
    page = visit.page
    answer = page.goto(path or content.paths[name])
    assert answer.status == (404 if name in MISSING else 200)
    found = {"over the edge at 320": page.evaluate(OVER_THE_EDGE)}
    page.set_viewport_size(PHONE)
    found["phone by day"] = faults_of(page, runOnly=RULES)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    page.evaluate(STILL)
    found["desk by night"] = faults_of(page, runOnly=["color-contrast"])
    found["noise"] = visit.faults
    assert {where: faults for where, faults in found.items() if faults} == {}
