"""One shop, one browser for all tests of pages; they leave each other's content alone."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as shop_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from sharing.galleries.models import Gallery
from sharing.galleries.services import reopen_gallery
from tests import chromium
from tests.pages.content import Content, make_content
from tests.shop.payments.sandbox.running import RunningSandbox

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
# django_db asks for the test database; the content is committed before a test's transaction begins.
MARKS = [pytest.mark.browser, pytest.mark.xdist_group("pages"), pytest.mark.django_db]
# Playwright's loop runs in this thread; Django would take the tests' own queries for asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="package")
def sandboxed(
    stripe_process: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Settings of a shop that pays through the sandbox and keeps its files to itself."""
    folder = tmp_path_factory.mktemp("pages")
    files = "django.core.files.storage.FileSystemStorage"
    policy = shop_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {name: [*policy[name], stripe_process.url] for name in ("connect-src", "form-action")}
    with override_settings(
        STRIPE_API_BASE=stripe_process.url,
        STRIPE_BROWSER_BASE=stripe_process.url,
        STRIPE_SECRET_KEY="sk_test_123",
        STRIPE_PUBLISHABLE_KEY="pk_test_123",
        CONTENT_SECURITY_POLICY={"DIRECTIVES": {**policy, **allowed}},
        STORAGES={
            **shop_settings.STORAGES,
            "private": {"BACKEND": files, "OPTIONS": {"location": folder / "private"}},
        },
    ):
        yield folder


@pytest.fixture(scope="package")
def content(django_db_setup: None, django_db_blocker: Any, sandboxed: Path) -> Iterator[Content]:
    """Content that stays for all of these tests, and is gone after them."""
    pictures = sandboxed / "pictures"
    pictures.mkdir()
    with django_db_blocker.unblock():
        cache.clear()
        try:
            yield make_content(pictures)
        finally:
            call_command("flush", verbosity=0, interactive=False)
            cache.clear()


@pytest.fixture
def voting(content: Content) -> None:
    """Friends may vote in Mia's gallery, whatever a test before this one bought of it."""

    def reopen() -> None:
        key = content.paths["gallery"].split("/")[2]
        gallery = Gallery.objects.select_related("owner").get(pk=key)
        reopen_gallery(owner=gallery.owner, gallery_id=gallery.pk)
        connections.close_all()

    # In a thread, whose connection commits: the test's own never does.
    with ThreadPoolExecutor(1) as other:
        other.submit(reopen).result()


@pytest.fixture(scope="package")
def shop(content: Content) -> Iterator[str]:
    """The address of the shop, without a slash at its end."""
    server = LiveServer("127.0.0.1")
    yield str(server.url)
    server.stop()


@pytest.fixture(scope="package")
def playwright(shop: str) -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    yield from opened(playwright, chromium.find())


def opened(playwright: Playwright, path: str | None) -> Iterator[Browser]:
    """Yield a browser and close it; without one the test is skipped."""
    if path is None:
        pytest.skip("no Chromium; make chromium installs Debian's")
    running = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
    yield running
    running.close()


@dataclass
class Visit:
    """One person's browser.

    Attributes:
        page: where she is.
        faults: errors of the console, breaches of the content policy, requests to other hosts.
    """

    page: Page
    faults: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        return self.page.context


@pytest.fixture
def visit(browser: Browser, shop: str, content: Content) -> Iterator[Callable[..., Visit]]:
    """Open a browser as ``who``: a phone, if nothing else is said."""
    contexts: list[BrowserContext] = []

    def opened(who: str = "", **options: Any) -> Visit:
        still = {"reduced_motion": "reduce"}
        options = {"viewport": PHONE, "locale": "en-GB", "base_url": shop, **still, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if who:
            cookie = {"name": "sessionid", "value": content.sessions[who], "url": shop}
            context.add_cookies([cookie])
        visit = Visit(context.new_page())
        _watch(visit, shop)
        return visit

    yield opened
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()


def _watch(visit: Visit, shop: str) -> None:
    def heard(message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            visit.faults.append(f"console: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((shop, "data:", "blob:")):
            visit.faults.append(f"another host: {request.url}")

    visit.page.on("console", heard)
    visit.page.on("pageerror", lambda error: visit.faults.append(f"script: {error}"))
    visit.page.on("request", asked)
