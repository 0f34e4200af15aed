"""Lists as Stripe pages them: newest first, `starting_after` or `ending_before` an id."""

import json
from collections.abc import Callable
from typing import Any

from shop.payments.sandbox import errors
from shop.payments.sandbox.calls import Call
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import Spec, array, created_range, integer, text

EXPAND: Spec = {"expand": array(text())}
LIST: Spec = {
    **EXPAND,
    "limit": integer(1, 100),
    "starting_after": text(),
    "ending_before": text(),
    "created": created_range,
}
_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "eq": "="}


def page(
    call: Call,
    kind: str,
    url: str,
    filters: Json | None = None,
    present: Callable[[Json], Json] | None = None,
) -> Json:
    """One page of the objects of a kind whose fields equal `filters`.

    A filter's value may be a list: any of them. `present` finishes each object for the answer.
    Raises 400 when both ends are given or the id to start from does not exist.
    """
    after, before = call.get("starting_after"), call.get("ending_before")
    if after and before:
        raise errors.invalid(
            "You cannot parameterize `starting_after` and `ending_before` at the same time."
        )
    where: list[str] = ["kind = ?"]
    values: list[Any] = [kind]
    for name, wanted in (filters or {}).items():
        choices = wanted if isinstance(wanted, list) else [wanted]
        marks = ", ".join("?" * len(choices))
        where.append(f"json_extract(body, '$.{name}') IN ({marks})")
        values += choices
    for bound, moment in (call.get("created") or {}).items():
        where.append(f"json_extract(body, '$.created') {_BOUNDS[bound]} ?")
        values.append(moment)
    if after:
        where.append("seq < ?")
        values.append(_place(call, kind, after, "starting_after"))
    if before:
        where.append("seq > ?")
        values.append(_place(call, kind, before, "ending_before"))
    limit = call.get("limit", 10)
    rows = call.tx.sql(
        " ".join(
            (
                "SELECT body FROM objects WHERE",
                " AND ".join(where),
                "ORDER BY seq ASC LIMIT ?" if before else "ORDER BY seq DESC LIMIT ?",
            )
        ),
        *values,
        limit + 1,
    ).fetchall()
    found = [json.loads(row[0]) for row in rows[:limit]]
    if before:
        found.reverse()
    return {
        "object": "list",
        "url": url,
        "has_more": len(rows) > limit,
        "data": [present(each) for each in found] if present else found,
    }


def _place(call: Call, kind: str, object_id: str, param: str) -> Any:
    row = call.tx.sql(
        "SELECT seq FROM objects WHERE id = ? AND kind = ?", object_id, kind
    ).fetchone()
    if row is None:
        raise errors.not_found(kind, object_id, param, 400)
    return row[0]
