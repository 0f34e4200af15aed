"""In which browsers an advocate and a friend were seen, by a cookie that says nothing else.

A shared network is no sign of anything (homes, schools and trains share one), so none is kept.
"""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sharing.referrals.models import ReferralBrowser
from shop.customers.models import User

COOKIE = "lorgnette_browser"
LIFE_SECONDS = 180 * 24 * 3600
TOKEN_LENGTH = 32


def _token(request: HttpRequest) -> str:
    token = request.COOKIES.get(COOKIE, "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else ""


def browser_hash(request: HttpRequest) -> str:
    """Return what is kept of a request's browser; empty where it carries no mark of ours."""
    token = _token(request)
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def mark_browser(request: HttpRequest, response: HttpResponseBase) -> str:
    """Let a browser carry a mark of its own; return the mark's hash."""
    token = _token(request) or secrets.token_urlsafe(24)
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return hashlib.sha256(token.encode()).hexdigest()


def note_browser(*, user: User, seen_in: str) -> None:
    """Write down that a user was seen in a browser; nothing where it carries no mark."""
    if seen_in:
        ReferralBrowser.objects.get_or_create(user=user, browser_hash=seen_in)
