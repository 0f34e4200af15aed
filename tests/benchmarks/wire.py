"""One kept connection to a server: a raw socket, so that the load takes little from the server."""

import json
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ADDRESSES = 250


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        status: of HTTP.
        head: the status line and headers.
        body: the rest.
    """

    status: int
    head: bytes
    body: bytes


def request_bytes(
    method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return one HTTP/1.1 request ready to be sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def form_bytes(path: str, fields: dict[str, str], *, headers: dict[str, str]) -> bytes:
    """Return the POST of a form as a browser sends it."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return request_bytes("POST", path, headers={**headers, **kind}, body=urlencode(fields).encode())


def json_bytes(method: str, path: str, body: object, *, headers: dict[str, str]) -> bytes:
    """Return a request with a JSON body as an app sends it."""
    kind = {"Content-Type": "application/json"}
    return request_bytes(method, path, headers={**headers, **kind}, body=json.dumps(body).encode())


def address(number: int) -> str:
    """Return the network address of client ``number``: each household has its own."""
    rest, last = divmod(number, ADDRESSES)
    first, middle = divmod(rest, ADDRESSES)
    return f"10.{first + 1}.{middle + 1}.{last + 1}"


class Wire:
    """A connection kept open, on which one request follows the other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        """Send a request and wait for the whole answer.

        Raises:
            OSError: the connection broke, or nothing came for a minute.
        """
        self._socket.sendall(request)
        data = b""
        while (ends := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:ends]
        found = LENGTH.search(head)
        missing = ends + 4 + (int(found[1]) if found else 0) - len(data)
        parts = [data[ends + 4 :]]
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return Answer(int(head[9:12]), head, b"".join(parts))

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionResetError("the server hung up")
        return data

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
