"""From two photos on a phone to the link for friends, over a connection that breaks."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import F
from PIL import Image
from playwright.sync_api import Page, expect

from sharing.photos.models import Photo, PhotoState, PhotoUpload
from sharing.photos.services import render_crop, render_photo
from tests.pages.conftest import MARKS, PHONE
from tests.sharing.photos.pictures import encoded, quarters

pytestmark = MARKS


def noise(name: str) -> dict[str, Any]:
    picture = Image.blend(
        quarters(1200, 1600), Image.effect_noise((1200, 1600), 60).convert("RGB"), 0.2
    )
    return {"name": name, "mimeType": "image/jpeg", "buffer": encoded(picture, "JPEG", quality=95)}


@pytest.fixture
def carried() -> Callable[[], None]:
    """What the worker does, in a thread whose connection commits: the test's own never does."""

    def work() -> None:
        for photo in Photo.objects.filter(state=PhotoState.PENDING):
            render_photo(photo.pk)
        for photo in Photo.objects.filter(state=PhotoState.READY, crop_shown__lt=F("crops_chosen")):
            render_crop(photo.pk)
        connections.close_all()

    def carry() -> None:
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()

    return carry


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def some_has_been_sent(page: Page) -> None:
    bar = page.locator("[data-previews] progress").first
    expect(bar).to_be_visible()
    expect(bar).not_to_have_js_property("value", 0)


def slow_network(page: Page) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def at(bytes_a_second: int) -> None:
        speed = {"latency": 20, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        session.send("Network.emulateNetworkConditions", {"offline": False, **speed})

    return at


def test_photos_break_off_go_on_are_cropped_and_shown_to_friends(visit, content, carried, voting):
    before = Photo.objects.count()
    page = visit("mia", viewport=PHONE).page
    network = slow_network(page)
    page.goto(content.paths["photos"])
    page.get_by_label("Choose photos").set_input_files([noise("one.jpg"), noise("two.jpg")])
    expect(page.locator("[data-previews] figure")).to_have_count(2)
    shot(page, "upload-chosen")

    page.get_by_label("Lorgnette may keep these photos").check()
    network(150_000)
    page.get_by_role("button", name="Send photos").click()
    some_has_been_sent(page)
    shot(page, "upload-sending")
    page.context.set_offline(True)
    expect(page.get_by_text("No connection. This goes on by itself.").first).to_be_visible()
    shot(page, "upload-offline")
    assert Photo.objects.count() == before

    network(-1)
    page.context.set_offline(False)
    expect(page.locator("[data-previews] figure")).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("Photos that have arrived: 2")).to_be_visible()
    assert Photo.objects.count() == before + 2
    carried()
    expect(page.get_by_text("Being prepared")).to_have_count(0, timeout=10_000)
    shot(page, "upload-ready")

    photo = Photo.objects.filter(state=PhotoState.READY).latest("uploaded_at")
    page.locator(f'a[href="/photos/{photo.pk}/crop/"]').click()
    box = page.locator("[data-crop-box]")
    # Its corners stand where they stay only once the photo is there.
    expect(page.locator("[data-crop-stage] img")).to_have_js_property("complete", value=True)
    # It is shown by the script that moves it; what is hidden takes no focus.
    expect(box).to_be_visible()
    box.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowLeft", "ArrowRight"):
        for _press in range(5):
            page.keyboard.press(key)
    expect(page.locator('[name="left"]')).to_have_value("10.0")
    # The page may still glide to what has the focus: a hand waits until the corner stands still.
    page.locator('[data-corner="se"]').hover()
    page.mouse.down()
    corner = page.locator('[data-corner="se"]').evaluate(
        "(e) => e.getBoundingClientRect().toJSON()"
    )
    page.mouse.move(corner["x"] - 40, corner["y"] - 60, steps=4)
    page.mouse.up()
    shot(page, "crop")
    page.get_by_role("button", name="Show this part").click()
    expect(page.get_by_text("Your friends see this part of the photo.")).to_be_visible()
    carried()
    photo.refresh_from_db()
    assert photo.crop.width < 0.9
    assert photo.crop.left > 0.05
    assert not photo.being_cropped
    expect(page.get_by_text("Being cropped")).to_have_count(0, timeout=10_000)

    page.get_by_role("button", name="Ask your friends").click()
    expect(page.get_by_role("button", name="Copy", exact=False).first).to_be_visible()
    shot(page, "share")


def test_sending_goes_on_after_the_page_was_loaded_anew(visit, content):
    before = Photo.objects.count()
    seen = visit("mia")
    page = seen.page
    network = slow_network(page)
    page.goto(content.paths["photos"])
    page.get_by_label("Choose photos").set_input_files([noise("three.jpg")])
    page.get_by_label("Lorgnette may keep these photos").check()
    network(100_000)
    page.get_by_role("button", name="Send photos").click()
    some_has_been_sent(page)
    begun = PhotoUpload.objects.latest("created_at")
    page.reload()
    network(-1)
    expect(page.get_by_text("Photos that have arrived: 1")).to_be_visible(timeout=20_000)
    begun.refresh_from_db()
    assert begun.photo_id is not None
    assert Photo.objects.count() == before + 1
    assert seen.faults == []


def test_a_photo_is_cropped_by_a_ready_shape_without_scripts(visit, content, carried):
    page = visit("mia", java_script_enabled=False).page
    page.goto(content.paths["crop"])
    page.get_by_role("button", name="Square").click()
    expect(page.get_by_text("Your friends see this part of the photo.")).to_be_visible()
    carried()
    photo = Photo.objects.get(pk=content.paths["crop"].split("/")[2])
    assert photo.width == photo.height
