"""One request under way, and the description of an endpoint that answers it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shop.payments.sandbox import errors
from shop.payments.sandbox.clock import Clock
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import Spec
from shop.payments.sandbox.store import Transaction

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def new_id(prefix: str, length: int = 24) -> str:
    """An unguessable id such as `pi_3fQ…`."""
    return f"{prefix}_" + "".join(_LETTERS[byte % 62] for byte in os.urandom(length))


@dataclass
class Call:
    """What a handler may use. `params` are checked already; `base_url` is where browsers find us.

    `publishable` is true for the browser's key, which sees less of an intent.
    """

    tx: Transaction
    clock: Clock
    params: Json = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    publishable: bool = False
    base_url: str = ""
    return_hosts: frozenset[str] = frozenset()
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def now(self) -> int:
        """Seconds since 1970 on the sandbox's clock."""
        return self.clock.now()

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter sent, or the default."""
        return self.params.get(name, default)

    def subject(self, kind: str, place: int = 0) -> Json:
        """The object whose id is in the path. Raises 404 `resource_missing`."""
        return self.fetch(kind, self.ids[place], kind if kind.endswith("intent") else "id", 404)

    def fetch(self, kind: str, object_id: str, param: str, status: int = 400) -> Json:
        """An object named by a parameter. Raises `resource_missing` with that parameter."""
        found = self.tx.find(kind, object_id)
        if found is None:
            raise errors.not_found(kind, object_id, param, status)
        return found


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `{}` in the path stands for an id."""

    method: str
    path: str
    handler: Handler
    params: Spec = field(default_factory=dict)
    required: Sequence[str] = ()
    publishable: bool = False


def changed(subject: Json, params: Json, names: Sequence[str]) -> Json:
    """Copy the parameters of these names onto the object; metadata is merged as Stripe does.

    An empty metadata value removes its key, an empty `metadata` removes all.
    """
    for name in names:
        if name in params:
            subject[name] = params[name]
    if "metadata" in params:
        subject["metadata"] = merged(subject["metadata"] or {}, params["metadata"])
    return subject


def merged(metadata: Json, update: Json | None) -> Json:
    """Metadata after an update."""
    if update is None:
        return {}
    return {name: value for name, value in {**metadata, **update}.items() if value != ""}
