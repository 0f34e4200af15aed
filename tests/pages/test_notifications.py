"""Notifications: asked for by the button alone, shown by a worker of our own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests import chromium
from tests.pages.conftest import MARKS, opened

pytestmark = MARKS

REGISTER = """async () => {
  const { worker } = document.querySelector("[data-push]").dataset;
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const { active, scope } = await navigator.serviceWorker.ready;
  while (active.state !== "activated") await new Promise((done) => setTimeout(done, 20));
  return scope;
}"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 100; tries += 1) {
    const shown = await registration.getNotifications();
    if (shown.length) return shown.map(({ title, body, data }) => ({ title, body, data }));
    await new Promise((done) => setTimeout(done, 100));
  }
  return [];
}"""
COUNT_QUESTIONS = """
  window.asked = 0;
  Notification.requestPermission = async () => { window.asked += 1; return "default"; };
"""
MESSAGE = (
    '{"title": "Voting", "body": "The first friend has voted.", "path": "/galleries/", "tag": "1"}'
)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser with windows: the one without shows no notifications."""
    yield from opened(playwright, chromium.find(windows=True))


def test_nobody_is_asked_for_permission_before_she_presses_the_button(visit):
    page = visit("mia").page
    page.add_init_script(COUNT_QUESTIONS)
    page.goto("/account/messages/")
    button = page.get_by_role("button", name="Show notifications here")
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") == 0
    button.click()
    page.wait_for_function("window.asked === 1")
    expect(button).to_be_visible()


def test_without_scripts_the_page_offers_only_what_works(visit):
    page = visit("mia", java_script_enabled=False).page
    page.goto("/account/messages/")
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    expect(page.get_by_role("button", name="Show notifications here")).to_be_hidden()


def test_the_worker_shows_what_arrives_and_keeps_its_own_policy(visit, shop):
    visiting = visit("mia")
    page, context = visiting.page, visiting.context
    context.grant_permissions(["notifications"], origin=shop)
    page.goto("/account/messages/")
    assert page.evaluate(REGISTER) == f"{shop}/"
    devtools = context.new_cdp_session(page)
    known = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.append(event))
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    registration = known[-1]["registrations"][0]["registrationId"]
    pushed = {"origin": shop, "registrationId": registration, "data": MESSAGE}
    devtools.send("ServiceWorker.deliverPushMessage", pushed)
    shown = page.evaluate(SHOWN)
    if not shown:
        # A browser short of time drops a push to a worker that it is still starting.
        devtools.send("ServiceWorker.deliverPushMessage", pushed)
        shown = page.evaluate(SHOWN)
    assert shown == [
        {
            "title": "Voting",
            "body": "The first friend has voted.",
            "data": {"path": "/galleries/"},
        }
    ]
    assert visiting.faults == []
