"""A friend's page, drawn once a gallery and filled for each reader (shop.foundation.stencil).

What was drawn is kept under all that it was drawn from, so it cannot be out of date: whether the
link still opens and what it shows is read from the database for every look.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharing.votes import pages
from sharing.votes.models import LAST_PLACE
from sharing.votes.opened import Facts
from sharing.votes.said import Said
from sharing.votes.trust import TRAP
from shop.foundation.stencil import Stencil, hole

TEMPLATE = "sharing/votes/friend_gallery.html"
HOLES = (
    *("csrf", "paper", "looks", "places", "standing", "unsent", "suits"),
    *("comment", "name", "news", "email", "kept"),
)
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
        owner_name: her first name; may be empty.
        card_words: the same, as chats show it.
        page_url: the page's own address.
        card_url: of the card that chats show.
        closed: the voting is over.
        readers: who will read what she writes, in a sentence.
        bought: what the owner has bought, as far as she says it.
        has_photos: somebody is on a photo here, and may want it hidden.
        shown: how it stands may be seen.
        own: the reader is the owner.
        for_one: the link is a close friend's, and the reader may say that it is her.
        voted: she has voted before.
        several: there is more than one frame, so there is an order to put them into.
        ranked: she has put them into one before.
        problem: why what she sent was not taken; empty if it was.
        late: she sent it when the voting was over.
        messages: what an earlier page had to say.
        language: it is written in.
    """

    token: str
    question: str
    asks: str
    owner_name: str
    card_words: str
    page_url: str
    card_url: str
    closed: bool
    readers: str
    bought: str
    has_photos: bool
    shown: bool
    own: bool
    for_one: bool
    voted: bool
    several: bool
    ranked: bool
    problem: str
    late: bool
    messages: tuple[Message, ...]
    language: str | None


@lru_cache(maxsize=KEPT_PAGES)
def _drawn(around: Surroundings) -> Stencil:
    # Not asdict, which would take the messages apart as well.
    context = {name: getattr(around, name) for name in around.__dataclass_fields__}
    holes = {name: mark_safe(hole(name)) for name in HOLES}  # noqa: S308 - letters and digits
    context |= {**holes, "csrf_token": holes["csrf"], "trap": TRAP}
    return Stencil(render_to_string(TEMPLATE, context))


@lru_cache(maxsize=KEPT_LOOKS)
def _drawn_look(
    facts: Facts,
    image_url: str,
    token: str,
    reaction: str,
    favourite: bool,
    opened: bool,
    number: int,
    count: int,
    closed: bool,
    bought: bool,
    language: str | None,
) -> Stencil:
    words = mark_safe(hole("words"))  # noqa: S308 - letters and digits
    look = _look(facts, image_url, token, reaction, favourite)
    context = {"look": look, "number": number, "count": count, "disabled": closed}
    context |= {"words": words, "opened": opened, "bought": bought}
    return Stencil(render_to_string("sharing/votes/parts/look.html", context))


@lru_cache(maxsize=KEPT_LOOKS)
def _drawn_place(
    facts: Facts, image_url: str, token: str, place: int, count: int, language: str | None
) -> str:
    context = {
        "look": _look(facts, image_url, token, "", False),
        "place": place,
        "ordinals": [
            {"value": each, "label": ordinal(each)} for each in range(1, min(count, LAST_PLACE) + 1)
        ],
    }
    return render_to_string("sharing/votes/parts/place.html", context)


def _look(
    facts: Facts, image_url: str, token: str, reaction: str, favourite: bool
) -> dict[str, Any]:
    (look,) = pages.looks(
        [facts.shown(image_url)],
        order=[facts.item_id],
        photo_url=pages.friends_photos(token),
        reactions={facts.item_id: reaction},
        favourite=facts.item_id if favourite else None,
    )
    return look


def _unsent(said: Said, frames: list[Facts]) -> str:
    if not (said.comment or said.words):
        return ""
    labels = {facts.item_id: facts.label for facts in frames}
    words = [("", said.comment)] if said.comment else []
    words += [(labels[item], text) for item, text in said.words.items() if item in labels]
    if not words:
        return ""
    return render_to_string("sharing/votes/parts/unsent.html", {"words": words})


def ordinal(place: int) -> str:
    """Return a place as it is called, from first to fifth."""
    names = (_("1st"), _("2nd"), _("3rd"), _("4th"), _("5th"))
    return names[place - 1]


def friend_page(
    request: HttpRequest,
    around: Surroundings,
    said: Said,
    *,
    unsent: Said,
    frames: list[Facts],
    image_urls: Mapping[int, str],
    paper: str,
    standing: str,
    suits: str = "",
    bought: Collection[int] = (),
) -> str:
    """Return the page.

    Args:
        request: of the reader, whose forms it must accept.
        around: what is the same for many readers.
        said: what she said before, or has just sent.
        unsent: what she has just sent and nobody keeps, for her to keep it.
        frames: in her order.
        image_urls: pictures in the catalogue by variant, of the frames without a photo.
        paper: the ballot paper that goes out with it.
        standing: HTML of how the gallery stands, where that is shown.
        suits: HTML of the way on for herself, once the voting is over.
        bought: variants of which the owner says that she bought them.
    """
    language, count = get_language(), len(frames)
    looks = [
        _drawn_look(
            facts,
            image_urls.get(facts.variant_id, ""),
            around.token,
            said.reactions.get(facts.item_id, ""),
            facts.item_id == said.favourite,
            facts.item_id in said.words,
            number,
            count,
            around.closed,
            facts.variant_id in bought,
            language,
        ).fill(words=escape(said.words.get(facts.item_id, "")))
        for number, facts in enumerate(frames, start=1)
    ]
    places = [
        _drawn_place(
            facts,
            image_urls.get(facts.variant_id, ""),
            around.token,
            said.places.get(facts.item_id, 0),
            count,
            language,
        )
        for facts in (frames if around.several and not around.closed else [])
    ]
    return _drawn(around).fill(
        csrf=get_token(request),
        paper=paper,
        looks="".join(looks),
        places="".join(places),
        standing=standing,
        unsent=_unsent(unsent, frames),
        suits=suits,
        comment=escape(said.comment),
        name=escape(said.name),
        news=" checked" if said.wants_news else "",
        email=escape(said.email),
        kept=" " + _("We have one of yours; leave the field empty to keep it.")
        if said.has_address
        else "",
    )
