"""Friends' browsers: who is a person, which token she carries, what her answers must say."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sharing.galleries.tokens import new_browser_token
from shop.foundation.robots import is_robot

COOKIE = "lorgnette_friend"
COOKIE_LIFE_SECONDS = 180 * 24 * 3600
TOKEN_LENGTH = 32


def is_person(request: HttpRequest) -> bool:
    """Tell whether a request is a person's own look: no preview bot, no prefetch, no HEAD.

    A bot that hides can be counted as one who looked; nothing it fetches ever votes.
    """
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and not is_robot(agent) and "prefetch" not in purpose


def browser_token(request: HttpRequest) -> str:
    """Return the token a friend's browser carries; a new one where it carries none of ours."""
    token = request.COOKIES.get(COOKIE, "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else new_browser_token()


def carry_token(response: HttpResponseBase, token: str) -> None:
    """Let a friend's browser carry its token to the galleries, and nowhere else."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LIFE_SECONDS,
        path="/g/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep_answer_private(response: HttpResponseBase) -> None:
    """Say so on an answer of the API to a friend's link: no form is in it, so it names no page."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"


def keep_private(response: HttpResponseBase) -> None:
    """Say on a friend's page that it is for nobody else: not stored, not indexed, not told on.

    ``same-origin`` tells other sites nothing at all, as ``no-referrer`` would; but under
    ``no-referrer`` browsers send a form with "Origin: null" (Fetch standard, section "Origin
    header"), which no check against forged requests can tell from a stranger's.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
