"""A friend's page, drawn once a gallery and filled for each reader (shop.foundation.stencil).

What was drawn is kept under all that it was drawn from, so it cannot be out of date: whether the
link still opens and what it shows is read from the database for every look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from sharing.votes import pages
from sharing.votes.opened import Facts
from shop.foundation.stencil import Stencil, hole

TEMPLATE = "sharing/votes/friend_gallery.html"
HOLES = ("csrf", "looks", "standing", "comment", "name")
# About 8 and 2 kilobytes each.
KEPT_PAGES, KEPT_LOOKS = 500, 5000


@dataclass(frozen=True)
class Message:
    """A message of django.contrib.messages, as its component reads it."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Surroundings:
    """All of the page but the frames and what the reader wrote.

    Attributes:
        token: of the link.
        question: what the owner asks.
        asks: who asks.
        card_words: the same, as chats show it.
        page_url: the page's own address.
        card_url: of the card that chats show.
        closed: the voting is over.
        own: the reader is the owner.
        voted: she has voted before.
        problem: why what she sent was not taken; empty if it was.
        messages: what an earlier page had to say.
        language: it is written in.
    """

    token: str
    question: str
    asks: str
    card_words: str
    page_url: str
    card_url: str
    closed: bool
    own: bool
    voted: bool
    problem: str
    messages: tuple[Message, ...]
    language: str | None


@lru_cache(maxsize=KEPT_PAGES)
def _drawn(around: Surroundings) -> Stencil:
    # Not asdict, which would take the messages apart as well.
    context = {name: getattr(around, name) for name in around.__dataclass_fields__}
    holes = {name: mark_safe(hole(name)) for name in HOLES}  # noqa: S308 - letters and digits
    return Stencil(render_to_string(TEMPLATE, {**context, **holes, "csrf_token": holes["csrf"]}))


@lru_cache(maxsize=KEPT_LOOKS)
def _drawn_look(
    facts: Facts,
    image_url: str,
    token: str,
    reaction: str,
    favourite: bool,
    number: int,
    count: int,
    closed: bool,
    language: str | None,
) -> str:
    (look,) = pages.looks(
        [facts.shown(image_url)],
        order=[facts.item_id],
        photo_url=pages.friends_photos(token),
        reactions={facts.item_id: reaction},
        favourite=facts.item_id if favourite else None,
    )
    context = {"look": look, "number": number, "count": count, "disabled": closed}
    return render_to_string("sharing/votes/parts/look.html", context)


def friend_page(
    request: HttpRequest,
    around: Surroundings,
    *,
    frames: list[Facts],
    image_urls: Mapping[int, str],
    reactions: Mapping[int, str],
    favourite: int | None,
    comment: str,
    name: str,
    standing: str,
) -> str:
    """Return the page.

    Args:
        request: of the reader, whose forms it must accept.
        around: what is the same for many readers.
        frames: in her order.
        image_urls: pictures in the catalogue by variant, of the frames without a photo.
        reactions: what she said of each item before.
        favourite: the item she picked before.
        comment: what she wrote.
        name: how she called herself.
        standing: HTML of how the gallery stands, where that is shown.
    """
    language = get_language()
    looks = [
        _drawn_look(
            facts,
            image_urls.get(facts.variant_id, ""),
            around.token,
            reactions.get(facts.item_id, ""),
            facts.item_id == favourite,
            number,
            len(frames),
            around.closed,
            language,
        )
        for number, facts in enumerate(frames, start=1)
    ]
    return _drawn(around).fill(
        csrf=get_token(request),
        looks="".join(looks),
        standing=standing,
        comment=escape(comment),
        name=escape(name),
    )
