"""Stripe's form encoding: `a[b][c]=1&list[]=x&list[0][d]=2` as nested dicts and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

from shop.payments.sandbox.errors import invalid

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")
# More than any real request has; the client's largest lists stay far below.
_MOST_FIELDS = 2000


def decode(encoded: str) -> dict[str, Any]:
    """Read a query or a form body. Every leaf is a string; numbered lists are dicts by number.

    Raises `ApiError` 400 for a key that is no such path or for too many of them.
    """
    try:
        pairs = parse_qsl(
            encoded, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace"
        )
    except ValueError:
        raise invalid(f"A request may have {_MOST_FIELDS} parameters at most.") from None
    root: dict[str, Any] = {}
    for key, value in pairs:
        match = _KEY.match(key)
        if match is None:
            raise invalid(f"Invalid parameter name: {key[:100]}", key[:100])
        _put(root, [match[1], *_PART.findall(match[2])], value, key)
    return root


def _put(root: dict[str, Any], path: list[str], value: str, key: str) -> None:
    node = root
    for place, name in enumerate(path[:-1]):
        if path[place + 1] == "" and place + 2 == len(path):
            items = node.setdefault(name, [])
            if not isinstance(items, list):
                raise invalid(f"Invalid parameter name: {key}", key)
            items.append(value)
            return
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise invalid(f"Invalid parameter name: {key}", key)
    node[path[-1]] = value
