"""Where a request came from, believing only the proxies we trust."""

import hashlib
import hmac
import secrets
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from shop.foundation.models import AddressSalt


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


def address_hash(address: str) -> str:
    """Return a keyed hash of a network address that cannot be matched across days.

    The day's salt is random and thrown away once the day is over (``forget_salts``): from then on
    nobody can try addresses against a hash, not even who holds the secret key and the database.

    Args:
        address: as ``client_address`` returns it.

    Returns:
        32 hexadecimal digits.
    """
    key = f"{settings.SECRET_KEY}:address:{_salt(timezone.now().date())}".encode()
    return hmac.new(hashlib.sha256(key).digest(), address.encode(), hashlib.sha256).hexdigest()[:32]


# One day's salt is remembered: a vote waits for no further query.
@lru_cache(maxsize=1)
def _salt(day: date) -> str:
    fresh = {"salt": secrets.token_hex(32)}
    return AddressSalt.objects.get_or_create(day=day, defaults=fresh)[0].salt


def forget_salts() -> None:
    """Throw away the salts of the days that are over."""
    AddressSalt.objects.filter(day__lt=timezone.now().date()).delete()
