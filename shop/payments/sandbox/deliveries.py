"""Sends the queued webhooks, signed, until each is answered with 2xx.

The queue is in the state file, so what was not delivered goes out after a restart. Four are under
way at most for each endpoint, and a slow endpoint holds up no other one, nor the API.
"""

import hashlib
import hmac
import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.store import Store, Transaction

# Seconds to wait after each failed attempt; the last goes on. Stripe's own steps are minutes to
# hours, too long to watch in a demonstration.
RETRY_AFTER = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0)
_AT_ONCE = 4
# Stripe does not publish its limit; long enough for any receiver that queues its work.
_TIMEOUT = 10.0


def signature(payload: bytes, secret: str, moment: int) -> str:
    """The `Stripe-Signature` header (https://docs.stripe.com/webhooks#verify-manually)."""
    signed = f"{moment}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def listed(tx: Transaction) -> list[Json]:
    """The last thousand deliveries, oldest first."""
    names = ("id", "endpoint", "event", "type", "state", "due", "attempts", "status", "error")
    rows = tx.sql(
        "SELECT seq, endpoint_id, event_id, event_type, state, due, attempts, status, error "
        "FROM deliveries ORDER BY seq DESC LIMIT 1000"
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in reversed(rows)]


class Deliverer:
    """The thread that looks for due webhooks, and one short-lived thread for each it sends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wake = threading.Condition()
        self._woken = False
        self._stopped = False
        self._under_way: dict[int, str] = {}
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin sending."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        with self._wake:
            self._woken = True
            self._wake.notify()

    def stop(self) -> None:
        """Send nothing new. What is under way is sent again after the next start, if need be."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while True:
            pause = self._start_due()
            with self._wake:
                if not self._woken and not self._stopped:
                    self._wake.wait(pause)
                self._woken = False
                if self._stopped:
                    return

    def _start_due(self) -> float:
        """Start what is due and say for how many seconds nothing else will be."""
        with self._wake:
            busy = dict(self._under_way)
        endpoints: dict[str, int] = {}
        for endpoint_id in busy.values():
            endpoints[endpoint_id] = endpoints.get(endpoint_id, 0) + 1
        full = [endpoint for endpoint, count in endpoints.items() if count >= _AT_ONCE]
        with self._store.transaction() as tx:
            rows = tx.sql(
                "SELECT seq, endpoint_id, event_id, due, attempts FROM deliveries "
                "WHERE state = 'pending' "
                "AND endpoint_id NOT IN (SELECT value FROM json_each(?)) ORDER BY due, seq "
                "LIMIT 64",
                json.dumps(full),
            ).fetchall()
            now = time.time()
            jobs = []
            pause = 60.0
            for seq, endpoint_id, event_id, due, attempts in rows:
                if seq in busy:
                    continue
                if due > now:
                    pause = due - now
                    break
                if endpoints.get(endpoint_id, 0) >= _AT_ONCE:
                    continue
                endpoints[endpoint_id] = endpoints.get(endpoint_id, 0) + 1
                job = self._job(tx, seq, endpoint_id, event_id, attempts)
                if job is not None:
                    jobs.append((seq, endpoint_id, job))
        with self._wake:
            for seq, endpoint_id, _ in jobs:
                self._under_way[seq] = endpoint_id
        for seq, _, job in jobs:
            threading.Thread(target=self._send, args=(seq, *job), daemon=True).start()
        return pause

    @staticmethod
    def _job(
        tx: Transaction, seq: int, endpoint_id: str, event_id: str, attempts: int
    ) -> tuple[str, str, bytes, int] | None:
        endpoint = tx.find("webhook_endpoint", endpoint_id)
        event = tx.find("event", event_id)
        if endpoint is None or event is None:
            tx.sql("UPDATE deliveries SET state = 'dropped' WHERE seq = ?", seq)
            return None
        secret = str(tx.private(endpoint_id)["secret"])
        return endpoint["url"], secret, json.dumps(event, indent=2).encode(), attempts

    def _send(self, seq: int, url: str, secret: str, payload: bytes, attempts: int) -> None:
        status, error = _post(url, payload, secret)
        delivered = status is not None and 200 <= status < 300
        wait = RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]
        values: tuple[Any, ...] = (
            "delivered" if delivered else "pending",
            time.time() + (0 if delivered else wait),
            attempts + 1,
            status,
            error,
            time.time() if delivered else None,
            seq,
        )
        if not self._stopped:
            with self._store.transaction() as tx:
                tx.sql(
                    "UPDATE deliveries SET state = ?, due = ?, attempts = ?, status = ?, "
                    "error = ?, finished = ? WHERE seq = ? AND state = 'pending'",
                    *values,
                )
        with self._wake:
            self._under_way.pop(seq, None)
        self.wake()


def _post(url: str, payload: bytes, secret: str) -> tuple[int | None, str | None]:
    """Post once, following no redirect; the status, or what kept it from coming."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(
            "POST",
            target,
            payload,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Accept": "*/*; q=0.5, application/xml",
                "Cache-Control": "no-cache",
                "Stripe-Signature": signature(payload, secret, int(time.time())),
            },
        )
        answer = connection.getresponse()
        answer.read(65536)
    except (OSError, http.client.HTTPException) as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return answer.status, None
