"""Telling a person's vote from a program's, by as little as is needed (docs/trust.md).

A ballot paper goes out with each page and comes back with the vote. It says by a keyed hash which
link was opened, by which browser and when, so a vote without a look, another browser's form or an
answer faster than anybody reads is known without a row being written for a look.
"""

import hashlib
import hmac
import time
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sharing.votes.states import LeftOut
from shop.foundation.network import address_hash
from shop.foundation.robots import ROBOTS

# A tab may rest that long on a phone before its form is too old to be believed.
PAPER_LIFE_SECONDS = 7 * 24 * 3600
# A field nobody sees and no keyboard reaches: whoever ticks it has ticked everything.
TRAP = "every_pair"
OWNER_COOKIE = "lorgnette_owner"
OWNER_COOKIE_LIFE_SECONDS = 180 * 24 * 3600
# Sisters share a tablet; a shop's own machine is no sister.
OWNERS_A_BROWSER = 5
# Names in ``ROBOTS`` that browsers within apps bear as well, whose people do vote.
APPS = ("telegram", "snapchat", "viber", "pinterest", "discord", "whatsapp", "slack")


class Paper(NamedTuple):
    """A ballot paper that came back.

    Attributes:
        link_id: the link that was opened; ``gallery_id`` its gallery.
        issued_at: when, in seconds since 1970.
        is_personal: the link lets in so many people only.
    """

    link_id: uuid.UUID
    gallery_id: uuid.UUID
    issued_at: float
    is_personal: bool


@lru_cache(maxsize=4)
def _key(secret: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{secret}:{purpose}".encode()).digest()


def _mac(purpose: str, *parts: object) -> str:
    words = "\n".join(map(str, parts)).encode()
    return hmac.new(_key(settings.SECRET_KEY, purpose), words, hashlib.sha256).hexdigest()[:32]


def issue_paper(
    *,
    link_id: uuid.UUID,
    gallery_id: uuid.UUID,
    is_personal: bool,
    token: str,
    browser: str,
    issued_at: float | None = None,
) -> str:
    """Return the ballot paper of a look.

    Args:
        link_id: the link opened.
        gallery_id: its gallery.
        is_personal: it lets in so many people only.
        token: of the link, as its address has it.
        browser: the unguessable token of the browser.
        issued_at: of the paper this one takes the place of; now if there is none.
    """
    at = time.time() if issued_at is None else issued_at
    # Hundredths, rounded down: no paper is of the future.
    facts = f"{link_id.hex}.{gallery_id.hex}.{int(is_personal)}.{int(at * 100)}"
    return f"{facts}.{_mac('ballot-paper', facts, token, browser)}"


def read_paper(text: str, *, token: str, browser: str) -> Paper | None:
    """Return what a ballot paper says; nothing where it is not this link's and this browser's."""
    facts, _, mac = text.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac("ballot-paper", facts, token, browser).encode()):
        return None
    link, gallery, personal, issued = facts.split(".", 3)
    paper = Paper(uuid.UUID(link), uuid.UUID(gallery), int(issued) / 100, personal == "1")
    return paper if time.time() - paper.issued_at < PAPER_LIFE_SECONDS else None


def too_fast(paper: Paper) -> bool:
    """Tell whether a vote came sooner after its page than anybody looks, chooses and sends."""
    return time.time() - paper.issued_at < settings.FASTEST_VOTE_SECONDS


def is_program(user_agent: str) -> bool:
    """Tell whether what sends a vote calls itself a program; browsers within apps are people's."""
    agent = user_agent.lower()
    found = [name for name in ROBOTS if name in agent]
    if not agent or not found:
        return not agent
    within_app = agent.startswith("mozilla/5.0 (") and "mobile" in agent
    return not (within_app and all(name.startswith(APPS) for name in found))


def device_hash(*, address: str, user_agent: str, languages: str) -> str:
    """Return a hash that the votes of one kind of browser in one network have in common today.

    Network, name of the browser and its languages go into it together, under the salt of the day
    that is thrown away (``foundation.network``): it finds votes alike on one day, and nobody again.
    """
    return address_hash("\n".join((address, user_agent, languages))) if address else ""


def door_says(request: HttpRequest, paper: Paper) -> LeftOut | None:
    """Return why a page's vote is not to be counted, as far as the request tells; nothing if not.

    Args:
        request: with the form.
        paper: the ballot paper it brought.
    """
    if is_program(request.headers.get("User-Agent", "")):
        return LeftOut.BOT
    return LeftOut.SCRIPTED if TRAP in request.POST or too_fast(paper) else None


def owners_here(request: HttpRequest) -> frozenset[int]:
    """Return the customers who were logged in in this browser and looked after a gallery."""
    numbers, _, mac = request.COOKIES.get(OWNER_COOKIE, "").rpartition(".")
    if not numbers or not hmac.compare_digest(mac.encode(), _mac("owner-here", numbers).encode()):
        return frozenset()
    return frozenset(map(int, numbers.split("-")))


def mark_owner(request: HttpRequest, response: HttpResponseBase, owner_id: int) -> None:
    """Let a browser remember, where friends vote and nowhere else, that it is this owner's."""
    here: Iterable[int] = owners_here(request) - {owner_id}
    numbers = "-".join(map(str, [owner_id, *sorted(here)][:OWNERS_A_BROWSER]))
    response.set_cookie(
        OWNER_COOKIE,
        f"{numbers}.{_mac('owner-here', numbers)}",
        max_age=OWNER_COOKIE_LIFE_SECONDS,
        path="/g/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
