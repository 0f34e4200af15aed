"""Tags: how they are written, and those a frame suggests by itself."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from sharing.bookmarks.errors import BookmarkInvalidError
from shop.catalogue.models import Frame, Variant
from shop.catalogue.shopify.colours import FAMILIES
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.plain_text import one_line

SHORTEST, LONGEST, MOST = 2, 30, 10
BETWEEN = re.compile(r"[,;\n]+")
# In an address a tag is one part of a path, and "." and ".." are others.
KEPT_OUT = re.compile(r"[/\\?#%]+|^\.+$")


def normal_tag(text: str) -> str:
    """Return a tag as it is kept: lower case, one form of each letter, single spaces, no "#"."""
    folded = unicodedata.normalize("NFKC", one_line(text)).lower()
    return " ".join(KEPT_OUT.sub(" ", folded).split())


def normal_tags(texts: Iterable[str]) -> list[str]:
    """Return tags as they are kept, each once, in the order they came.

    Args:
        texts: what was typed; commas and semicolons part several in one.

    Raises:
        BookmarkInvalidError: a tag is too short or too long, or there are too many.
        CardNumberError: one holds a card number.
    """
    tags: list[str] = []
    for text in texts:
        for part in BETWEEN.split(text):
            tag = normal_tag(part)
            if tag and tag not in tags:
                tags.append(tag)
    refuse_card_numbers(" ".join(tags))
    wrong = [tag for tag in tags if not SHORTEST <= len(tag) <= LONGEST]
    if wrong:
        raise BookmarkInvalidError(
            _("A tag has 2 to 30 characters. Please change “%(tag)s”.") % {"tag": wrong[0][:40]}
        )
    if len(tags) > MOST:
        raise BookmarkInvalidError(_("Up to 10 tags, please."))
    return tags


def tags_of_facts(frame: Frame, variant: Variant | None = None) -> list[str]:
    """Return the tags that a frame's own facts suggest, in the reader's words.

    Args:
        frame: which.
        variant: whose colour; the frame's first colours if not given.
    """
    families = [variant.colour_family] if variant else list(frame.colour_families[:2])
    colours = [str(FAMILIES[each][0]) for each in families if each in FAMILIES]
    bridge = {
        "narrow": _("narrow bridge"),
        "wide": _("wide bridge"),
    }.get(bridge_class(frame.bridge_mm), "")
    facts = [
        frame.get_shape_display(),
        *colours,
        frame.get_width_display(),
        bridge,
    ]
    suggested = (normal_tag(str(fact)) for fact in facts)
    return [tag for tag in dict.fromkeys(suggested) if SHORTEST <= len(tag) <= LONGEST]


# Opticians call a bridge of up to 17 mm narrow and one from 20 mm wide.
NARROW_BRIDGE_MM, WIDE_BRIDGE_MM = 17, 20


def bridge_class(millimetres: int | None) -> str:
    """Return ``narrow``, ``medium`` or ``wide`` for a bridge; nothing where it is not known."""
    if millimetres is None:
        return ""
    if millimetres <= NARROW_BRIDGE_MM:
        return "narrow"
    return "wide" if millimetres >= WIDE_BRIDGE_MM else "medium"
