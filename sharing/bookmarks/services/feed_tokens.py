"""The secret by which a feed reader, which cannot log in, reads what its person may see."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sharing.bookmarks.models import Shelf
from sharing.galleries.tokens import token_hash
from shop.customers.models import User
from shop.foundation.locks import lock_row


def new_feed_token(*, user: User) -> str:
    """Give a person a new secret for her feeds; the one before opens nothing any more.

    Returns:
        The token: 43 characters that fit into an address.
    """
    key = uuid.uuid4()
    token = feed_token(key)
    _keep(user, key=key, hashed=token_hash(token))
    return token


def revoke_feed_token(*, user: User) -> None:
    """Close a person's private feeds; without any open, nothing changes."""
    _keep(user, key=None, hashed=None)


def feed_token(key: uuid.UUID) -> str:
    """Return the token of a feed key, derived under the secret key as those of share links are."""
    secret = hashlib.sha256(f"{settings.SECRET_KEY}:feed".encode()).digest()
    digest = hmac.new(secret, f"feed:{key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _keep(user: User, *, key: uuid.UUID | None, hashed: str | None) -> None:
    with transaction.atomic():
        shelf = lock_row(Shelf, Shelf.objects.get_or_create(user=user)[0].pk)
        shelf.feed_key, shelf.feed_token_hash = key, hashed
        shelf.feed_made_at = timezone.now() if key else None
        shelf.save(update_fields=["feed_key", "feed_token_hash", "feed_made_at"])
