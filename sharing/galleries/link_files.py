"""The address of a link, and the pictures its owner sends it by: QR code and story."""

import io

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from sharing.galleries.models import ShareLink
from sharing.galleries.queries import sendable_token
from sharing.galleries.story_files import compose_story
from sharing.galleries.visitors import keep_private

PICTURES = ("frames", "photos")


def link_url(request: HttpRequest, link: ShareLink) -> str:
    """Return the address to be sent; nothing where the link may not be sent any more."""
    path = _path(link)
    return request.build_absolute_uri(path) if path else ""


def public_url(link: ShareLink) -> str:
    """Return the address to be sent under the shop's public name; nothing as ``link_url``."""
    path = _path(link)
    return settings.PUBLIC_URL + path if path else ""


def qr_response(url: str) -> HttpResponse:
    """Return the QR code of a link's address as SVG.

    Raises:
        Http404: there is no address: the link may not be sent any more.
    """
    if not url:
        raise Http404
    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="svg", scale=6, border=2)
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    keep_private(response)
    return response


def story_response(link: ShareLink, url: str, pictures: str) -> HttpResponse:
    """Return a link's picture for a story as JPEG.

    Args:
        link: with its gallery and owner.
        url: its address, for the QR code.
        pictures: ``frames`` of the catalogue, or her own ``photos``.

    Raises:
        Http404: the link may not be sent any more, or there are no such pictures.
    """
    if not url or pictures not in PICTURES:
        raise Http404
    story = compose_story(link.gallery, url=url, with_photos=pictures == "photos")
    response = HttpResponse(story, content_type="image/jpeg")
    response["Content-Disposition"] = 'attachment; filename="lorgnette-story.jpg"'
    keep_private(response)
    return response


def _path(link: ShareLink) -> str:
    token = sendable_token(link)
    return reverse("sharing:friend_gallery", args=[token]) if token else ""
