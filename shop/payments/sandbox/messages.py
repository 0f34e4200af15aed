"""HTTP requests and answers, as the parts of the server hand them around."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One HTTP request, its body read. Header names are in lower case."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]
    base_url: str


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class ConnectionDroppedError(Exception):
    """A fault wants the connection closed without an answer."""


def answer_json(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    """An answer of JSON, laid out as Stripe's are."""
    return Answer(
        status,
        json.dumps(body, indent=2).encode(),
        {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})},
    )
