"""Faults that tests order: API requests that fail, webhooks that get lost, doubled or mixed up.

An order is spent by the next requests or webhooks that match it, and is kept in the state file.
"""

import fnmatch
import json
import time
from dataclasses import dataclass
from typing import Any

from shop.payments.sandbox.errors import Json, invalid
from shop.payments.sandbox.fields import Spec, integer, one_of, seconds, text
from shop.payments.sandbox.store import Transaction

# A webhook held back for reordering goes out by itself when the others do not come in time.
_REORDER_PATIENCE = 5.0
_REORDER_GAP = 0.25

API_FAULT: Spec = {
    "action": one_of("500", "429", "drop", "timeout", "delay"),
    "method": text(),
    "path": text(),
    "when": one_of("before", "after"),
    "count": integer(1, 10000),
    "seconds": seconds,
}
WEBHOOK_FAULT: Spec = {
    "action": one_of("drop", "duplicate", "delay", "reorder"),
    "type": text(),
    "count": integer(1, 10000),
    "seconds": seconds,
}


@dataclass(frozen=True)
class WebhookFault:
    """What becomes of one webhook: how many copies are sent, and after how many seconds."""

    copies: int = 1
    delay: float = 0.0


def order(tx: Transaction, target: str, params: Json) -> Json:
    """Store an order for `target` (`api` or `webhooks`) and describe it."""
    if not params.get("action"):
        raise invalid("Missing required param: action.", "action", "parameter_missing")
    count = params.get("count", 1)
    body = {name: value for name, value in params.items() if name != "count"}
    if body["action"] == "reorder":
        body["held"], body["of"] = [], count
    tx.sql(
        "INSERT INTO faults (target, remaining, body) VALUES (?, ?, ?)",
        target,
        count,
        json.dumps(body),
    )
    return {"target": target, "remaining": count, **body}


def listed(tx: Transaction) -> list[Json]:
    """The orders not spent yet."""
    return [
        {"target": target, "remaining": remaining, **json.loads(body)}
        for target, remaining, body in tx.sql(
            "SELECT target, remaining, body FROM faults ORDER BY seq"
        )
    ]


def cancel(tx: Transaction) -> None:
    """Forget every order."""
    tx.sql("DELETE FROM faults")


def next_api_fault(tx: Transaction, method: str, path: str) -> Json | None:
    """Spend one order that matches this request; None when there is none.

    An order's `path` may hold `*`, which stands for any run of characters.
    """
    for seq, fault in _orders(tx, "api"):
        if fault.get("method") not in (None, method):
            continue
        if fnmatch.fnmatchcase(path, fault.get("path") or "*"):
            _spend(tx, seq)
            return fault
    return None


def next_webhook_fault(tx: Transaction, event_type: str) -> WebhookFault:
    """Spend one order that matches this event's type; the plain fate when there is none."""
    for seq, fault in _orders(tx, "webhooks"):
        if not fnmatch.fnmatchcase(event_type, fault.get("type") or "*"):
            continue
        match fault["action"]:
            case "reorder":
                return _hold(tx, seq, fault)
            case "drop":
                _spend(tx, seq)
                return WebhookFault(copies=0)
            case "duplicate":
                _spend(tx, seq)
                return WebhookFault(copies=2)
            case _:
                _spend(tx, seq)
                return WebhookFault(delay=float(fault.get("seconds", 5)))
    return WebhookFault()


def _orders(tx: Transaction, target: str) -> list[tuple[int, Json]]:
    rows = tx.sql("SELECT seq, body FROM faults WHERE target = ? ORDER BY seq", target).fetchall()
    return [(seq, json.loads(body)) for seq, body in rows]


def _spend(tx: Transaction, seq: int) -> None:
    tx.sql("UPDATE faults SET remaining = remaining - 1 WHERE seq = ?", seq)
    tx.sql("DELETE FROM faults WHERE seq = ? AND remaining <= 0", seq)


def _hold(tx: Transaction, seq: int, fault: dict[str, Any]) -> WebhookFault:
    """Hold the webhooks until the last of them is there, then let them go in reverse."""
    last = tx.sql("SELECT COALESCE(MAX(seq), 0) FROM deliveries").fetchone()[0]
    held = [*fault["held"], last + 1]
    tx.sql("UPDATE faults SET body = ? WHERE seq = ?", json.dumps({**fault, "held": held}), seq)
    _spend(tx, seq)
    if len(held) < fault["of"]:
        return WebhookFault(delay=_REORDER_PATIENCE + _REORDER_GAP * (fault["of"] - len(held)))
    for place, delivery in enumerate(reversed(held[:-1]), start=1):
        tx.sql(
            "UPDATE deliveries SET due = ? WHERE seq = ?",
            time.time() + _REORDER_GAP * place,
            delivery,
        )
    return WebhookFault()
