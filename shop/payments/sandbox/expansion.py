"""`expand[]`: ids in an answer replaced by the objects they name."""

import json

from shop.payments.sandbox import errors
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.store import Transaction

_KINDS = {
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "customer": "customer",
    "failure_balance_transaction": "balance_transaction",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "default_payment_method": "payment_method",
    "source": "charge",
}
# Stripe's limit (https://docs.stripe.com/expand).
_DEEPEST = 4


def expand(tx: Transaction, answer: Json, paths: list[str]) -> Json:
    """Expand the dotted paths in the answer, such as `data.latest_charge.refunds`.

    Raises 400 for a path that is too deep or names nothing that can be expanded.
    """
    for path in paths:
        names = path.split(".")
        if len(names) > _DEEPEST:
            raise errors.invalid(
                f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}",
                "expand",
            )
        _expand(tx, answer, names, path)
    return answer


def _expand(tx: Transaction, node: Json, names: list[str], path: str) -> None:
    name, rest = names[0], names[1:]
    if name == "data" and node.get("object") == "list":
        for each in node["data"]:
            if rest:
                _expand(tx, each, rest, path)
        return
    if name == "refunds" and node.get("object") == "charge":
        node["refunds"] = _refunds(tx, node["id"])
    elif name not in node or (name not in _KINDS and not isinstance(node[name], dict)):
        raise errors.invalid(f"This property cannot be expanded ({path}).", "expand")
    if isinstance(node[name], str):
        node[name] = tx.find(_KINDS[name], node[name]) or node[name]
    if rest and isinstance(node[name], dict):
        _expand(tx, node[name], rest, path)


def _refunds(tx: Transaction, charge_id: str) -> Json:
    rows = tx.sql(
        "SELECT body FROM objects WHERE kind = 'refund' "
        "AND json_extract(body, '$.charge') = ? ORDER BY seq DESC LIMIT 11",
        charge_id,
    ).fetchall()
    return {
        "object": "list",
        "url": f"/v1/charges/{charge_id}/refunds",
        "has_more": len(rows) > 10,
        "data": [json.loads(row[0]) for row in rows[:10]],
    }
