"""How a box goes back stands near the top of the page of a trial, on a phone too."""

from tests.pages.conftest import MARKS, PHONE

pytestmark = MARKS


def test_label_code_and_her_word_are_within_two_screens_of_a_phone(visit, content):
    page = visit("mia").page
    page.goto(content.paths["trial"])
    back = page.locator("#return")
    code = back.locator(".drop-off")
    sent = back.get_by_role("button", name="I have sent it back")
    label = back.get_by_role("link", name="Print the return label")
    for part in (label, code, sent):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 2 * PHONE["height"]
