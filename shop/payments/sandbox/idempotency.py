"""Idempotency keys, with the rules of https://docs.stripe.com/api/idempotent_requests."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shop.payments.sandbox import cards
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.store import Transaction

# Stripe prunes keys once they are at least 24 hours old.
KEPT = 24 * 3600


@dataclass(frozen=True)
class Replay:
    """An answer given before under this key."""

    status: int
    body: Json
    request_id: str


class KeysInUse:
    """The keys whose first request is still under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        """Hold a key for the length of the block. Raises 409 `idempotency_key_in_use`."""
        if key is None:
            yield
            return
        shown = key.partition(":")[2]
        with self._lock:
            if key in self._keys:
                raise ApiError(
                    409,
                    "There is currently another in-progress request using this Idempotent Key "
                    "(that probably means you submitted twice, and the other request is still "
                    f"going through): {shown}. If you're hitting this error frequently, try "
                    "waiting for a while before retrying.",
                    code="idempotency_key_in_use",
                )
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def digest(params: Json) -> str:
    """A digest of a request's parameters, in which no card number or security code takes part."""
    return hashlib.sha256(json.dumps(_without_card(params), sort_keys=True).encode()).hexdigest()


def _without_card(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_card(each) for each in value]
    if not isinstance(value, dict):
        return value
    clean = {name: _without_card(each) for name, each in value.items() if name != "cvc"}
    if isinstance(clean.get("number"), str):
        card = cards.numbered("".join(filter(str.isdigit, clean["number"])))
        clean["number"] = card.name if card else "no test card"
    return clean


def recall(tx: Transaction, key: str, path: str, params: str, now: int) -> Replay | None:
    """The stored answer of this key, or None when the key is new or was pruned.

    Raises 400 `idempotency_error` when it was first used with another path or other parameters.
    """
    tx.sql("DELETE FROM idempotency WHERE at <= ?", now - KEPT)
    row = tx.sql(
        "SELECT path, params, status, body, request_id FROM idempotency WHERE key = ?", key
    ).fetchone()
    if row is None:
        return None
    first_path, first_params, status, body, request_id = row
    if first_path != path:
        raise _reused(
            f"for the same endpoint they were first used for ('{first_path}' vs '{path}')", key
        )
    if first_params != params:
        raise _reused("with the same parameters they were first used with", key)
    return Replay(status, json.loads(body), request_id)


def keep(tx: Transaction, key: str, path: str, params: str, now: int, answer: Replay) -> None:
    """Store the answer of a request that began its work, in the transaction that did it."""
    tx.sql(
        "INSERT INTO idempotency (key, at, path, params, status, body, request_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        key,
        now,
        path,
        params,
        answer.status,
        json.dumps(answer.body),
        answer.request_id,
    )


def _reused(rule: str, key: str) -> ApiError:
    shown = key.partition(":")[2]
    return ApiError(
        400,
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than "
        f"'{shown}' if you meant to execute a different request.",
        kind="idempotency_error",
    )
