"""Tokens of links and of browsers.

A link's token is 256 bits long, derived from its id under the secret key, so that its owner can be
shown it again; the table holds only its hash (docs/decisions/0006-tokens.md).
"""

import base64
import hashlib
import hmac
import secrets
import uuid

from django.conf import settings


def link_token(link_id: uuid.UUID) -> str:
    """Return the token of a link: 43 characters that fit into an address."""
    key = hashlib.sha256(f"{settings.SECRET_KEY}:share-link".encode()).digest()
    digest = hmac.new(key, f"share-link:{link_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """Return what the table holds of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_browser_token() -> str:
    """Return a token for a friend's browser: 192 random bits."""
    return secrets.token_urlsafe(24)


def browser_hash(token: str, gallery_id: uuid.UUID) -> str:
    """Return what a gallery knows of a browser: a hash that no other gallery has of it."""
    return hashlib.sha256(f"{gallery_id}:{token}".encode()).hexdigest()


def browser_person(token: str, gallery_id: uuid.UUID) -> uuid.UUID:
    """Return the id of the person behind a browser, for one gallery.

    It is made of the token, so that she is the same person in the events from her first look on,
    before there is a row of her.
    """
    return uuid.uuid5(gallery_id, browser_hash(token, gallery_id))
