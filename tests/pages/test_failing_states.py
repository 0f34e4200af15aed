"""When the connection, the server or the session is gone, people are told, and keep their words."""

import re

from playwright.sync_api import expect

from tests.pages.conftest import MARKS

pytestmark = MARKS
TOAST = ".toast"


def test_no_connection_is_said_once_with_what_to_do_and_withdrawn_when_it_is_back(visit):
    page = visit().page
    page.goto("/frames/ada/")
    page.context.set_offline(True)
    for _each in range(2):
        page.get_by_role("button", name="Try at home").click()
        expect(page.locator(TOAST)).to_contain_text("We cannot reach the shop")
    expect(page.locator(TOAST)).to_have_count(1)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try at home").click()
    expect(page.get_by_text("is in your box: 1 of 5")).to_be_visible()
    expect(page.get_by_text("We cannot reach the shop")).to_have_count(0)


def test_a_defect_of_the_server_is_said_beside_the_page(visit):
    page = visit().page
    page.goto("/frames/ada/")
    page.route("**/box/add/", lambda route: route.fulfill(status=500, body="<h1>no</h1>"))
    page.get_by_role("button", name="Try at home").click()
    expect(page.locator(TOAST)).to_contain_text("Something broke on our side")
    expect(page.get_by_role("button", name="Try at home")).to_be_visible()


def test_a_refusal_is_said_in_the_shops_own_words(visit):
    page = visit().page
    page.goto("/frames/ada/")
    page.locator("form[action='/box/add/'] [name=variant]").evaluate("field => field.value = '1e9'")
    page.get_by_role("button", name="Try at home").click()
    expect(page.locator(TOAST)).to_contain_text("Choose a frame first")


def test_a_second_click_on_a_button_sends_nothing(visit, content):
    page = visit().page
    sent = []
    # An answer that leaves the page standing, as if none had come yet.
    page.route("**/vote/", lambda route: (sent.append(route), route.fulfill(status=204)))
    page.goto(f"/g/{content.tokens[1]}/")
    page.get_by_role("radio", name="Love it").first.check(force=True)
    button = page.get_by_role("button", name="Send my vote")
    with page.expect_response("**/vote/"):
        button.evaluate("button => button.click()")
    button.evaluate("button => button.click()")
    page.evaluate("() => fetch('/frames/').then((answer) => answer.status)")
    assert len(sent) == 1
    expect(button).to_have_attribute("aria-busy", "true")


def test_going_back_after_the_vote_shows_it_as_given(visit, content):
    page = visit().page
    page.goto(f"/g/{content.tokens[2]}/")
    page.get_by_role("radio", name="Love it").first.check(force=True)
    page.get_by_role("button", name="Send my vote").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Send my new vote")).to_be_visible()
    expect(page.locator("[value=love]:checked")).to_have_count(1)


def test_what_was_typed_outlives_a_session_that_ended(visit):
    page = visit("nora").page
    page.goto("/account/addresses/add/")
    page.get_by_label("Street and number").fill("Kastanienallee 82")
    page.get_by_label("City").fill("Berlin")
    page.get_by_label("Postal code").fill("10435")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save address").click()
    expect(page.get_by_text("You were logged out meanwhile")).to_be_visible()
    page.get_by_label("Email").fill("nora@lorgnette.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile("/account/addresses/add/$"))
    expect(page.get_by_label("Street and number")).to_have_value("Kastanienallee 82")
    page.get_by_role("button", name="Save address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.goto("/account/addresses/add/")
    expect(page.get_by_label("Street and number")).to_have_value("")


def test_a_part_that_asks_for_itself_leads_to_the_log_in_once_the_session_ended(visit, content):
    page = visit("mia").page
    page.goto(content.paths["gallery"])
    page.context.clear_cookies(name="sessionid")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert f"next={content.paths['gallery']}" in page.url


def test_the_owners_page_lets_her_keep_her_place_while_nothing_changes(visit, content):
    page = visit("mia").page
    page.goto(content.paths["gallery"])
    page.get_by_role("button", name="Buy for").last.focus()
    with page.expect_response(re.compile("/standing/")) as asked:
        pass
    assert asked.value.status == 204
    expect(page.get_by_role("button", name="Buy for").last).to_be_focused()
