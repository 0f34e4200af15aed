"""Pictures at an address are fetched, but never from our own network."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image

from shop.catalogue.errors import PictureUnreadableError
from shop.catalogue.models import FrameImage
from shop.catalogue.remote import PictureNotFetchedError, fetch
from shop.catalogue.services.fetching import fetch_picture
from shop.foundation.remote import is_public
from tests.factories.shop import VariantFactory


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "brown").save(out, "JPEG")
    return out.getvalue()


class Pictures(BaseHTTPRequestHandler):
    """Serves one picture, one page and one redirect."""

    def do_GET(self) -> None:
        status = {"/ada.jpg": 200, "/page": 200, "/elsewhere": 302}.get(self.path, 404)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ada.jpg")
        self.end_headers()
        self.wfile.write(jpeg() if self.path == "/ada.jpg" else b"<html>")

    def log_message(self, *args: object) -> None:
        return None


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """A web server on this machine, where no picture may be fetched from."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def anywhere(address: str, port: int) -> bool:
    return True


@pytest.mark.django_db
def test_a_picture_is_hung_up_wherever_the_frame_waits_for_it(host: str) -> None:
    one = VariantFactory()
    two = VariantFactory(frame=one.frame)
    url = f"{host}/ada.jpg"
    for variant in (one, two):
        FrameImage.objects.create(frame=one.frame, variant=variant, source_url=url)

    assert fetch_picture(frame_id=one.frame_id, source_url=url, may_ask=anywhere)

    images = FrameImage.objects.filter(frame=one.frame)
    assert {(image.width, image.height) for image in images} == {(60, 40)}
    one.frame.refresh_from_db()
    assert one.frame.listing["image"] == images[0].image.name


@pytest.mark.django_db
def test_fetching_again_changes_nothing(host: str) -> None:
    variant = VariantFactory()
    url = f"{host}/ada.jpg"
    image = FrameImage.objects.create(frame=variant.frame, source_url=url)
    fetch_picture(frame_id=variant.frame_id, source_url=url, may_ask=anywhere)
    image.refresh_from_db()

    assert not fetch_picture(frame_id=variant.frame_id, source_url=url, may_ask=anywhere)
    assert FrameImage.objects.get(pk=image.pk).image.name == image.image.name


@pytest.mark.django_db
def test_what_is_no_picture_is_not_hung_up(host: str) -> None:
    variant = VariantFactory()
    image = FrameImage.objects.create(frame=variant.frame, source_url=f"{host}/page")

    with pytest.raises(PictureUnreadableError):
        fetch_picture(frame_id=variant.frame_id, source_url=f"{host}/page", may_ask=anywhere)

    image.refresh_from_db()
    assert not image.image


def test_our_own_network_is_not_asked(host: str) -> None:
    with pytest.raises(PictureNotFetchedError, match="no public address"):
        fetch(f"{host}/ada.jpg")


def test_redirects_are_not_followed(host: str) -> None:
    with pytest.raises(PictureNotFetchedError, match="302"):
        fetch(f"{host}/elsewhere", may_ask=anywhere)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/a.png", "http://", "http://me:pw@a.example/a"]
)
def test_other_schemes_and_names_with_passwords_are_refused(url: str) -> None:
    with pytest.raises(PictureNotFetchedError):
        fetch(url, may_ask=anywhere)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]
    + ["::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "224.0.0.1", "2002:7f00:1::"],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address, 443)


def test_public_addresses_are_asked_on_the_web_s_ports_only() -> None:
    assert is_public("23.227.38.33", 443)
    assert not is_public("23.227.38.33", 22)
