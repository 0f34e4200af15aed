"""Where a request came from, believing only the proxies we trust."""

import hashlib
import hmac
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def client_address(request: HttpRequest) -> str:
    """Return the network address of the client.

    ``X-Forwarded-For`` is read from its right end, one entry for each proxy that
    ``TRUSTED_PROXY_COUNT`` says is ours; anything further left is the client's own claim.
    """
    remote: str = request.META.get("REMOTE_ADDR", "")
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if not trusted:
        return remote
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    return hops[-trusted] if len(hops) >= trusted else remote


def address_hash(address: str, *, day: date | None = None) -> str:
    """Return a keyed hash of a network address that cannot be matched across days.

    Args:
        address: as ``client_address`` returns it.
        day: whose salt to use; today by default.

    Returns:
        32 hexadecimal digits.
    """
    salt = (day or timezone.now().date()).isoformat()
    key = hashlib.sha256(f"{settings.SECRET_KEY}:address:{salt}".encode()).digest()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]
