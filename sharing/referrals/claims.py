"""The claim a friend's browser carries from the gallery to her sign-up, signed by us."""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "lorgnette_referral"
# For clients of the API that keep no cookies.
HEADER = "X-Referral-Token"
LIFE_SECONDS = 30 * 24 * 3600
SALT = "sharing.referral"


def claim_token(referral_id: uuid.UUID) -> str:
    """Return the signed claim of a referral."""
    return signing.dumps(str(referral_id), salt=SALT)


def carry_claim(response: HttpResponseBase, referral_id: uuid.UUID) -> None:
    """Let the browser carry a claim."""
    response.set_cookie(
        COOKIE,
        claim_token(referral_id),
        max_age=LIFE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def carried_claim(request: HttpRequest) -> uuid.UUID | None:
    """Return the referral a request claims; nothing where none is carried, forged or too old."""
    token = request.headers.get(HEADER) or request.COOKIES.get(COOKIE, "")
    try:
        return uuid.UUID(signing.loads(token, salt=SALT, max_age=LIFE_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
