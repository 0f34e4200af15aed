"""Feeds: Atom (RFC 4287) and JSON Feed 1.1 of a tag, a person or a circle."""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sharing.bookmarks.models import Bookmark
from sharing.circles.queries import shown_name

ATOM, JSON = "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8"
KINDS = {"atom": ATOM, "json": JSON}
SPACE = "http://www.w3.org/2005/Atom"
# XML 1.0, production 2: no other character may stand in a document.
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An empty feed has a date, too, and always the same.
NEVER = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """What a feed is of.

    Attributes:
        title: in words.
        about: names it for ever, without any secret; the feed's id is made of it.
        page: the path of the page that shows the same.
        rows: bookmarks, latest first, with frame and owner at hand.
        address: its own address; empty where that holds a secret.
    """

    title: str
    about: str
    page: str
    rows: list[Bookmark]
    address: str = ""

    @property
    def id(self) -> str:
        """Its name for ever."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{self.about}").urn

    @property
    def updated(self) -> datetime:
        """When something in it last changed."""
        return max((row.changed_at for row in self.rows), default=NEVER)


def as_atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document."""
    ElementTree.register_namespace("", SPACE)
    root = ElementTree.Element(f"{{{SPACE}}}feed")
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", feed.updated.isoformat())
    _link(root, settings.PUBLIC_URL + feed.page, rel="alternate")
    if feed.address:
        _link(root, settings.PUBLIC_URL + feed.address, rel="self")
    for row in feed.rows:
        entry = ElementTree.SubElement(root, f"{{{SPACE}}}entry")
        _text(entry, "id", row.pk.urn)
        _text(entry, "title", _title(row))
        _text(entry, "updated", row.changed_at.isoformat())
        _text(entry, "published", row.saved_at.isoformat())
        author = ElementTree.SubElement(entry, f"{{{SPACE}}}author")
        _text(author, "name", shown_name(row.owner))
        _link(entry, settings.PUBLIC_URL + _frame_path(row), rel="alternate")
        for tag in row.tags:
            ElementTree.SubElement(entry, f"{{{SPACE}}}category", term=NO_XML.sub("", tag))
        _text(entry, "content", row.note or _title(row), type="text")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def as_json(feed: Feed) -> bytes:
    """Return a feed as JSON Feed 1.1."""
    body: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": settings.PUBLIC_URL + feed.page,
        "items": [
            {
                "id": row.pk.urn,
                "url": settings.PUBLIC_URL + _frame_path(row),
                "title": _title(row),
                "content_text": row.note or _title(row),
                "date_published": row.saved_at.isoformat(),
                "date_modified": row.changed_at.isoformat(),
                "authors": [{"name": shown_name(row.owner)}],
                "tags": row.tags,
            }
            for row in feed.rows
        ],
    }
    if feed.address:
        body["feed_url"] = settings.PUBLIC_URL + feed.address
    return json.dumps(body, ensure_ascii=False).encode()


def _title(row: Bookmark) -> str:
    return _("%(name)s saved %(frame)s") % {
        "name": shown_name(row.owner),
        "frame": row.variant or row.frame,
    }


def _frame_path(row: Bookmark) -> str:
    assert row.frame is not None
    return reverse("catalogue:frame", args=[row.frame.handle])


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    element = ElementTree.SubElement(parent, f"{{{SPACE}}}{name}", attributes)
    element.text = NO_XML.sub("", text)


def _link(parent: ElementTree.Element, href: str, *, rel: str) -> None:
    ElementTree.SubElement(parent, f"{{{SPACE}}}link", rel=rel, href=href)
