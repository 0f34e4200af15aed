"""Asking addresses that others name, without letting them reach our own network.

The host is resolved once, every address it has must be public, and the connection goes to the
very address that was checked: a name that changes its mind in between gains nothing. Redirects
are not followed, for they would name a host nobody checked.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from shop.foundation.errors import GatewayError

TIMEOUT_SECONDS = 20
PORTS = {"http": 80, "https": 443}

Judge = Callable[[str, int], bool]


class NotAnsweredError(GatewayError):
    """An address did not answer as HTTP does."""

    code = "not_answered"


class NotPublicError(NotAnsweredError):
    """An address may not be asked at all: it is none of the web, or of our own network."""

    code = "not_public"


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the first bytes of the body."""

    status: int
    content: bytes


def is_public(address: str, port: int) -> bool:
    """Tell whether an address is out in the internet and the port one of the web's."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return mapped.is_global and not mapped.is_multicast and port in PORTS.values()


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    at_most: int,
    may_ask: Judge = is_public,
) -> Answer:
    """Send one request and return its answer; never inside a transaction.

    Args:
        url: http or https.
        method: of HTTP.
        body: what is sent.
        headers: besides the host's and the length.
        at_most: how many bytes of the answer are read.
        may_ask: judges each address and port the host resolves to.

    Raises:
        NotPublicError: it may not be asked.
        NotAnsweredError: it cannot be reached, or does not speak HTTP.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username:
        raise NotPublicError(f"{url}: neither http nor https")
    try:
        address, port = _judged(parts, may_ask)
        return _ask(parts, address, port, method, body, dict(headers or {}), at_most)
    except (OSError, ValueError, HTTPException) as error:
        raise NotAnsweredError(f"{url}: {error}") from error


def _judged(parts: SplitResult, may_ask: Judge) -> tuple[str, int]:
    port = parts.port or PORTS[parts.scheme]
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(may_ask(address, port) for address in addresses):
        raise NotPublicError(f"{parts.geturl()}: {parts.hostname} is no public address")
    return addresses[0], port


def _ask(
    parts: SplitResult,
    address: str,
    port: int,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    at_most: int,
) -> Answer:
    host = parts.hostname or ""
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    # Connected by hand to the address that was judged; the host's name goes into the request.
    connection.sock = socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(at_most))
    finally:
        connection.close()
