"""Tokens of invitations, in the manner of share links (docs/decisions/0006-tokens.md)."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings

from sharing.galleries.tokens import token_hash

__all__ = ["invitation_token", "token_hash"]


def invitation_token(invitation_id: uuid.UUID) -> str:
    """Return the token of an invitation: 43 characters that fit into an address.

    It is derived from the id under the secret key, so that whoever invites can be shown it again;
    the table holds only its hash.
    """
    key = hashlib.sha256(f"{settings.SECRET_KEY}:circle-invitation".encode()).digest()
    digest = hmac.new(key, f"circle-invitation:{invitation_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
