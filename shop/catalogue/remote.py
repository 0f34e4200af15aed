"""Pictures from addresses that a file names, without letting the file reach our own network.

The host is resolved once, every address it has must be public, and the connection goes to the
very address that was checked: a name that changes its mind in between gains nothing. Redirects
are not followed, for they would name a host nobody checked.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from shop.catalogue.services.pictures import MAX_BYTES
from shop.foundation.errors import GatewayError

TIMEOUT_SECONDS = 20
PORTS = {"http": 80, "https": 443}

Judge = Callable[[str, int], bool]


class PictureNotFetchedError(GatewayError):
    """The address gave no picture, or may not be asked for one."""

    code = "picture_not_fetched"


def is_public(address: str, port: int) -> bool:
    """Tell whether an address is out in the internet and the port one of the web's."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return mapped.is_global and not mapped.is_multicast and port in PORTS.values()


def fetch(url: str, *, may_ask: Judge = is_public) -> bytes:
    """Return what lies at ``url``, at most 20 MB of it.

    Args:
        url: http or https.
        may_ask: judges each address and port the host resolves to.

    Raises:
        PictureNotFetchedError: it may not be asked, does not answer 200, or is too large.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or parts.username:
        raise PictureNotFetchedError(f"{url}: neither http nor https")
    try:
        port = parts.port or PORTS[parts.scheme]
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(may_ask(address, port) for address in addresses):
            raise PictureNotFetchedError(f"{url}: {host} is no public address")
        return _get(parts.scheme, host, addresses[0], port, parts.path or "/", parts.query)
    except (OSError, ValueError, HTTPException) as error:
        raise PictureNotFetchedError(f"{url}: {error}") from error


def _get(scheme: str, host: str, address: str, port: int, path: str, query: str) -> bytes:
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    # Connected by hand to the address that was judged; the host's name goes into the request.
    connection.sock = socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
    try:
        if scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", f"{path}?{query}" if query else path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise PictureNotFetchedError(f"{host}{path}: answered {answer.status}")
        content = answer.read(MAX_BYTES + 1)
    finally:
        connection.close()
    if len(content) > MAX_BYTES:
        raise PictureNotFetchedError(f"{host}{path}: is over 20 MB")
    return content
