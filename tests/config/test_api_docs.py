"""The API's documentation: a page that works offline and under the shop's own security policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.api_words import TAGS
from tests import chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# As from outside: Swagger UI knows localhost and then asks no validator of another host.
HOST = "shop.example"
# Of many operations Swagger UI draws only those in sight: this screen is as tall as all of them.
SCREEN = {"width": 1280, "height": 30000}


@pytest.fixture
def page() -> Iterator[Page]:
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium; make chromium installs Debian's")
    with sync_playwright() as playwright:
        here = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, here])
        yield browser.new_page(viewport=SCREEN)
        browser.close()


def test_the_docs_render_every_operation_from_this_host_alone_under_the_policy(
    page: Page, live_server: LiveServer
) -> None:
    shop = live_server.url.replace("localhost", HOST)
    asked, refused = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))

    answer = page.goto(f"{shop}/api/v1/docs/")

    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    # Drawn by two megabytes of scripts, on a machine that may be busy with other tests.
    expect(page.locator(".opblock-tag")).to_have_count(len(TAGS), timeout=30_000)
    for name in ("list_frames", "place_trial", "cast_vote", "auth_login"):
        expect(page.locator(f"[id$='-{name}']")).to_be_visible()
    elsewhere = [url for url in asked if not re.match(rf"{shop}/|data:|blob:", url)]
    assert elsewhere == []
    assert [text for text in refused if "Content Security Policy" in text] == []
