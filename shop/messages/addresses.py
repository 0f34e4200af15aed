"""Addresses as the shop may remember them, and the tokens by which they end mails.

A token names the keyed hash of an address and one or more topics, signed under the same key: who
holds it learns no address, and nobody can make one for an address of somebody else's.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from shop.messages.topics import OPTIONAL, Topic

DIGITS = 32


@dataclass(frozen=True)
class Unsubscribing:
    """What a token says.

    Attributes:
        address_hash: of the address the mail went to.
        topics: which it wants no more of, in their order.
    """

    address_hash: str
    topics: tuple[Topic, ...]


def hashed(address: str) -> str:
    """Return the keyed hash of a mail address, the same in any case of its letters: 128 bits."""
    return _signed("address", address.strip().lower())


def token_for(address_hash: str, topics: Iterable[Topic]) -> str:
    """Return what goes into the address by which topics are ended."""
    wanted = set(topics)
    says = "-".join(topic.value for topic in OPTIONAL if topic in wanted) + f".{address_hash}"
    return f"{says}.{_signed('unsubscribe', says)}"


def read_token(token: str) -> Unsubscribing | None:
    """Return what a token says; nothing if the shop did not make it."""
    says, _dot, signature = token.rpartition(".")
    wanted = _signed("unsubscribe", says)
    if not hmac.compare_digest(signature.encode(), wanted.encode()):
        return None
    topics, _dot, address_hash = says.partition(".")
    return Unsubscribing(address_hash, tuple(Topic(topic) for topic in topics.split("-")))


def _signed(purpose: str, text: str) -> str:
    key = hashlib.sha256(f"{settings.ADDRESS_KEY}:messages:{purpose}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:DIGITS]
