"""The log-in in the API's schema: allauth serves it and describes it, and clients need it too."""

import json
import re
from collections.abc import Iterator
from typing import Any

from allauth.headless.spec.views import OpenAPIJSONView
from django.http import HttpRequest

SCHEMAS = "#/components/schemas/"
# Beside the shop's own names, which several of allauth's resemble.
PREFIX = "Auth"
# allauth describes these whether or not accounts have a telephone.
PHONE_WAYS = ("account/phone", "auth/phone/verify", "auth/phone/verify/resend")


def add_log_in(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Return the schema with allauth's operations in it; drf-spectacular calls it at the end.

    Args:
        result: the schema so far, which is changed.
        generator: drf-spectacular's.
        request: whom the schema is for, if anybody.
        public: whether it is for everybody.
    """
    # Only allauth knows which of its routes its settings open: its own answer is the source.
    allauth = _renamed(json.loads(OpenAPIJSONView().get(HttpRequest()).content))
    for way in PHONE_WAYS:
        allauth["paths"].pop(f"/api/v1/auth/app/v1/{way}", None)
    for path, operations in allauth["paths"].items():
        for operation in operations.values():
            operation["operationId"] = f"auth_{_slug(operation['summary'])}"
            operation["tags"] = ["log-in"]
            operation["security"] = []
        result["paths"][path] = operations
    for kind, name in sorted(_used(allauth)):
        result["components"].setdefault(kind, {})[name] = allauth["components"][kind][name]
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def _slug(summary: str) -> str:
    return re.sub(r"\W+", "_", summary.lower()).strip("_")


def _renamed(allauth: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(allauth).replace(f'"{SCHEMAS}', f'"{SCHEMAS}{PREFIX}')
    spec: dict[str, Any] = json.loads(text)
    schemas = spec["components"]["schemas"]
    spec["components"]["schemas"] = {f"{PREFIX}{name}": each for name, each in schemas.items()}
    return spec


def _used(allauth: dict[str, Any]) -> set[tuple[str, str]]:
    """Return kind and name of each component that a path needs, directly or by another."""
    found: set[tuple[str, str]] = set()
    waiting = list(_references(allauth["paths"]))
    while waiting:
        component = waiting.pop()
        if component not in found:
            found.add(component)
            kind, name = component
            waiting += _references(allauth["components"][kind][name])
    return found


def _references(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        if "$ref" in part:
            _, _, kind, name = part["$ref"].split("/")
            yield kind, name
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)
