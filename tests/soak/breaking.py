"""Breaking a running shop: what is killed, emptied, restarted, and what Stripe does meanwhile."""

import contextlib
import json
import os
import random
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Callable

import psycopg
import redis

from tests.config.embedded.clones import Clone

# The supervisor gives up what ends again and again within ten seconds of its start; and the machine
# may be slow to start it.
STEADY_SECONDS = 20.0
# What the bank does to requests that move money. Some last longer than the client tries again.
AT_STRIPE: list[dict[str, object]] = [
    {"action": "drop", "method": "POST", "when": "after", "count": 4},
    {"action": "drop", "method": "POST", "when": "before", "count": 2},
    {"action": "timeout", "method": "POST", "when": "after", "count": 1, "seconds": 3},
    {"action": "500", "method": "POST", "when": "after", "count": 4},
    {"action": "500", "method": "POST", "when": "before", "count": 4},
    {"action": "429", "when": "before", "count": 2},
    {"action": "delay", "count": 20, "seconds": 0.5},
]
# And from the beginning on, to whoever is charged first: the answer comes late, so that a worker
# may be killed after Stripe has charged, or never, however often the client asks.
AT_FIRST: list[dict[str, object]] = [
    {"action": "delay", "when": "after", "count": 6, "seconds": 1.5},
    {"action": "drop", "when": "after", "count": 9},
    {"action": "500", "when": "after", "count": 3},
]
WEBHOOKS: list[dict[str, object]] = [
    {"action": "drop", "count": 5},
    {"action": "duplicate", "count": 5},
    {"action": "delay", "count": 5, "seconds": 20},
    {"action": "reorder", "count": 4},
]


class Breaker:
    """Breaks one shop again and again, each time something else.

    Attributes:
        clone: the shop.
        broken: how often each thing was broken.
    """

    def __init__(self, clone: Clone, *, seed: int) -> None:
        self.clone, self.chance, self.broken = clone, random.Random(seed), Counter[str]()
        self.steady: dict[str, float] = {}
        self.acts: dict[str, Callable[[], bool]] = {
            "worker's child killed": self.kill_child,
            "worker killed": self.kill_worker,
            "beat killed": lambda: self.kill_if_steady("config beat"),
            "Redis emptied": self.empty_redis,
            "Redis killed": lambda: self.kill_if_steady("redis-server"),
            "PostgreSQL restarted at once": lambda: self.kill_if_steady(
                "/bin/postgres -D", signal.SIGQUIT
            ),
            "Stripe fails": lambda: self.order("faults", AT_STRIPE),
            "webhooks fail": lambda: self.order("webhook_faults", WEBHOOKS),
        }

    def break_something(self) -> None:
        """Do one of it; what cannot be done at the moment is left for another time."""
        names = list(self.acts)
        (name,) = self.chance.choices(names, weights=[16, 4, 2, 4, 1, 2, 6, 2])
        with contextlib.suppress(OSError, IndexError, ValueError, redis.RedisError):
            self.broken[name] += self.acts[name]()

    def kill_child(self) -> bool:
        """Kill one of the processes that do a worker's jobs; the worker starts another."""
        _worker, *children = self.clone.pids("config worker")
        os.kill(self.chance.choice(children), signal.SIGKILL)
        return True

    def kill_worker(self) -> bool:
        """Kill a worker that is at work; one that still starts is left to it."""
        return len(self.clone.pids("config worker")) > 1 and self.kill_if_steady("config worker")

    def kill_if_steady(self, words: str, number: int = signal.SIGKILL) -> bool:
        if time.monotonic() < self.steady.get(words, 0):
            return False
        os.kill(self.clone.pids(words)[0], number)
        self.steady[words] = time.monotonic() + STEADY_SECONDS
        return True

    def empty_redis(self) -> bool:
        with redis.Redis.from_url(self.clone.services()["redis_url"], socket_timeout=2) as client:
            return bool(client.flushall())

    def order(self, kind: str, faults: list[dict[str, object]]) -> bool:
        self.ask_sandbox(kind, self.chance.choice(faults))
        return True

    def ask_sandbox(self, path: str, body: dict[str, object] | None = None) -> None:
        """Order something of the sandbox; without a body, call all orders off."""
        url = f"http://127.0.0.1:{self.clone.services()['stripe_port']}/_sandbox/{path}"
        request = urllib.request.Request(
            url,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method="DELETE" if body is None else "POST",
        )
        urllib.request.urlopen(request, timeout=5).close()

    def stop(self) -> None:
        """Halt beat and workers where they are: what is due has to wait."""
        for words in ("config beat", "config worker"):
            for pid in self.clone.pids(words):
                os.kill(pid, signal.SIGSTOP)
            # What beat asked for last is done before the workers halt.
            time.sleep(5)

    def go_on(self, words: str) -> None:
        """Let beat or workers go on."""
        for pid in self.clone.pids(words):
            os.kill(pid, signal.SIGCONT)

    def have_first_charges_fail(self) -> None:
        """Have Stripe fail in the ways that lead to two charges where somebody asks anew."""
        # Else a webhook says what became of a charge before anybody asks for it anew.
        self.ask_sandbox("webhook_faults", {"action": "drop", "count": 100})
        for fault in AT_FIRST:
            self.ask_sandbox("faults", {**fault, "method": "POST", "path": "/v1/payment_intents"})


def is_at_work(clone: Clone) -> bool:
    """Tell whether the latest worker has come up, and the database answers."""
    said = clone.said()
    if said.rfind("worker ended with status") > said.rfind(" ready."):
        return False
    try:
        psycopg.connect(clone.services()["database_url"], connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
