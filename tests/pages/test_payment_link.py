"""A payment's page says once that a person is there, and nothing of who only fetches it."""

from tests.pages.conftest import MARKS

pytestmark = MARKS


def test_a_touch_of_the_page_is_told_once(visit, content):
    page = visit().page
    told = []
    page.on("request", lambda each: told.append(each.url) if each.method == "POST" else None)
    page.goto(content.paths["payment by link"])
    page.get_by_role("button", name="Pay").wait_for()
    # A scanner that runs scripts makes such events; no browser vouches for them.
    page.evaluate(
        "async () => { document.dispatchEvent(new Event('wheel')); await fetch('/robots.txt'); }"
    )
    assert told == []

    with page.expect_response(lambda each: each.url.endswith("/opened/")) as answer:
        page.get_by_role("textbox", name="Name on the card").click()
    assert answer.value.status == 204
    page.get_by_role("textbox", name="Name on the card").fill("Mia")
    page.keyboard.press("Tab")

    assert [each.removesuffix("opened/") for each in told] == [page.url]


def test_who_pays_in_her_account_tells_nothing_of_a_link(visit, content):
    page = visit("mia").page
    page.goto(content.paths["payment"])

    assert page.locator("[data-link-opened]").count() == 0
