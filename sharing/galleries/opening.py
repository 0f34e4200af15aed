"""What a link must be to open its gallery: one rule, for Django and for the statements in SQL.

It is neither withdrawn nor expired, its gallery neither put away nor erased, nor due to be; and
where it lets in so many people only, she is one of them, or there is room.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import browser_hash

# Of the aliases "link" and "gallery"; ``opening_values`` names what they read.
OPENS = """
link.revoked_at IS NULL AND link.expires_at > %(now)s
AND gallery.state <> 'archived' AND gallery.erased_at IS NULL
AND (gallery.closed_at IS NULL OR gallery.closed_at > %(kept_since)s)
"""
# The hash is that of ``tokens.browser_hash``.
ADMITTED = """
EXISTS (
    SELECT FROM sharing_linkadmission own
    WHERE own.link_id = link.id AND own.viewer = encode(
        sha256(convert_to(gallery.id::text || ':' || %(browser)s, 'UTF8')), 'hex'
    )
)
"""
ADMITS = f"""
(
    link.admits IS NULL
    OR (SELECT count(*) FROM sharing_linkadmission taken WHERE taken.link_id = link.id)
        < link.admits
    OR {ADMITTED}
)
"""  # noqa: S608 - of constants
# What a gallery's state is to whoever votes now: past its deadline the beat may be late.
STATE = """
CASE WHEN gallery.state = 'open' AND gallery.closes_at <= %(now)s THEN 'closed'
    ELSE gallery.state END
"""


def kept_since(now: datetime) -> datetime:
    """Return when a gallery must have closed at the earliest to be kept at ``now``."""
    return now - timedelta(days=settings.GALLERY_KEPT_DAYS)


def kept_until(gallery: Gallery) -> datetime | None:
    """Return when a gallery opens to nobody any more; nothing while its voting is not over."""
    if gallery.closed_at is None:
        return None
    return gallery.closed_at + timedelta(days=settings.GALLERY_KEPT_DAYS)


def opening_values(now: datetime) -> dict[str, Any]:
    """Return the values that ``OPENS`` and ``STATE`` read; ``ADMITS`` reads ``browser``, too."""
    return {"now": now, "kept_since": kept_since(now)}


def is_kept(gallery: Gallery) -> bool:
    """Tell whether a gallery may be shown: neither put away nor erased, nor due to be."""
    return gallery.state != GalleryState.ARCHIVED and is_restorable(gallery)


def is_restorable(gallery: Gallery) -> bool:
    """Tell whether a gallery's photos are kept, so that it may be brought back if put away."""
    return gallery.erased_at is None and (
        gallery.closed_at is None or gallery.closed_at > kept_since(timezone.now())
    )


def is_open(link: ShareLink) -> bool:
    """Tell whether a link still opens its gallery, to those it lets in."""
    return link.revoked_at is None and link.expires_at > timezone.now() and is_kept(link.gallery)


def lets_in(link: ShareLink, browser_token: str) -> bool:
    """Tell whether a link lets a browser in; nothing is asked of a link for anybody."""
    if link.admits is None:
        return True
    taken = set(link.admissions.values_list("viewer", flat=True))
    return len(taken) < link.admits or browser_hash(browser_token, link.gallery_id) in taken
