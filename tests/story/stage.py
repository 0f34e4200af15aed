"""Browsers for the people of the story, what went wrong in them, and their pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests import chromium

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
# What a telephone's browser calls itself; one without a window would be taken for a robot.
TELEPHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
PATIENCE_MS = 20_000
# Pictures above the fold that are still loading, and fonts: nobody photographs a half-made page.
# What a closed part of it holds has a place, too, and is never loaded.
SCROLL = """(top) => {
  const here = top && document.querySelector(top);
  const header = document.querySelector(".site-header")?.offsetHeight ?? 0;
  scrollTo(0, here ? here.getBoundingClientRect().top + scrollY - header - 16 : 0);
}"""
SETTLED = """async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((image) => {
    const box = image.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width && image.checkVisibility();
  });
  await Promise.all(seen.map((image) => image.decode().catch(() => {})));
}"""

WAIT = """async (patience) => {
  const end = Date.now() + patience;
  while (!(await hasComeTrue())) {
    if (Date.now() > end) return false;
    await new Promise((again) => setTimeout(again, 100));
  }
  return true;
}"""

# There is no printer here, and headless Chromium crashes when it leaves a page it prints.
NO_PRINTER = """Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
  get() { return { print: () => {} }; } });"""


@dataclass
class Stage:
    """Where the people of the story come on.

    Attributes:
        browser: for all of them.
        album: folder for pictures; none are taken without.
        troubles: errors of scripts, breaches of the content policy, failed answers.
        expected: parts of addresses whose refusal belongs to the story, with the status.
    """

    browser: Browser
    album: Path | None
    troubles: list[str] = field(default_factory=list)
    expected: set[tuple[int, str]] = field(default_factory=set)

    def person(self, viewport: ViewportSize = PHONE, locale: str = "en-GB") -> Page:
        """Return a page of somebody's own browser, which has never been here before."""
        on_a_phone = viewport == PHONE
        context = self.browser.new_context(
            viewport=viewport,
            locale=locale,
            user_agent=TELEPHONE if on_a_phone else None,
            timezone_id="Europe/Berlin",
            device_scale_factor=2 if on_a_phone else 1,
            is_mobile=on_a_phone,
            has_touch=on_a_phone,
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )
        context.add_init_script(NO_PRINTER)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("response", self._on_response)
        return context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser and htmx report failed answers, too; those are judged by their status, below.
        of_an_answer = message.text.startswith(("Failed to load resource", "Response Status Error"))
        if message.type == "error" and not of_an_answer:
            self.troubles.append(f"console of {message.page and message.page.url}: {message.text}")

    def _on_response(self, response: Response) -> None:
        wanted = any(
            response.status == status and part in response.url for status, part in self.expected
        )
        if response.status >= 400 and not wanted:
            self.troubles.append(f"{response.status} from {response.request.method} {response.url}")

    def picture(self, page: Page, name: str, *, top: str = "") -> None:
        """See that the page fits its screen; keep it as ``<name>.webp``, if pictures are wanted.

        Args:
            page: hers.
            name: of the picture.
            top: selector of what she has scrolled to; empty where she has just come.
        """
        too_wide = page.evaluate("document.documentElement.scrollWidth - screen.width")
        assert too_wide <= 0, f"{name} ({page.url}) scrolls sideways by {too_wide} pixels"
        if self.album is None:
            return
        for toast in page.locator("#toasts [data-dismiss]").all():
            toast.click()
        page.mouse.move(0, 0)
        page.evaluate(SCROLL, top)
        page.evaluate(SETTLED)
        shot = page.screenshot(animations="disabled", caret="hide")
        self.album.mkdir(parents=True, exist_ok=True)
        Image.open(BytesIO(shot)).convert("RGB").save(
            self.album / f"{name}.webp", quality=84, method=6
        )

    def until(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something outside of any page has come true.

        Args:
            condition: asked again and again, by the browser's clock; must not drive a page.
            what: named where it does not come true in time.
        """
        page = self.browser.new_page()
        page.expose_function("hasComeTrue", lambda: bool(condition()))
        came_true = page.evaluate(WAIT, PATIENCE_MS)
        page.close()
        assert came_true, f"not in time: {what}"


@contextmanager
def stage(album: Path | None) -> Iterator[Stage]:
    """Open a stage.

    Args:
        album: folder for pictures.
    """
    path = chromium.find()
    assert path, "no Chromium; make chromium installs Debian's"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield Stage(browser=browser, album=album)
        browser.close()
