"""The keeper: starts PostgreSQL and Redis, and stops both once nobody uses them."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded import postgres, redis_server
from config.embedded.keys import read_keys
from config.embedded.layout import Layout, hold, is_held, open_lock, write_private
from config.embedded.ports import choose_port

LOOK_SECONDS = 0.25
PORTS = ("postgres_port", "redis_port", "stripe_port")
RETRY_SECONDS = 5


def _ports(layout: Layout) -> dict[str, int]:
    """Return last time's ports where they are still free, others where they are not."""
    before = json.loads(layout.addresses.read_text()) if layout.addresses.exists() else {}
    chosen: dict[str, int] = {}
    if "stripe_port" in before and is_held(layout.sandbox_lock):
        # Not free, but ours: the sandbox runs on while PostgreSQL and Redis are started again.
        chosen["stripe_port"] = before["stripe_port"]
    for name in PORTS:
        if name in chosen:
            continue
        chosen[name] = choose_port(wanted=before.get(name), taken=set(chosen.values()))
    return chosen


def _write_addresses(layout: Layout, *, ports: dict[str, int], password: str) -> None:
    database = f"lorgnette:{password}@127.0.0.1:{ports['postgres_port']}/lorgnette"
    where = {
        **ports,
        "database_url": f"postgres://{database}",
        "redis_url": f"redis://:{password}@127.0.0.1:{ports['redis_port']}/0",
    }
    write_private(layout.addresses, json.dumps(where, indent=2))


def _start(layout: Layout) -> tuple["subprocess.Popen[bytes]", "subprocess.Popen[bytes]"]:
    """Start both; try again where a port was lost meanwhile or a killed server is still dying."""
    password = read_keys(layout)["password"]
    ends_at = time.monotonic() + RETRY_SECONDS
    while True:
        ports = _ports(layout)
        database = None
        try:
            database = postgres.start(layout, port=ports["postgres_port"], password=password)
            queue = redis_server.start(layout, port=ports["redis_port"], password=password)
        except RuntimeError:
            if database is not None:
                postgres.stop(database)
            if time.monotonic() > ends_at:
                raise
            time.sleep(LOOK_SECONDS)
        else:
            _write_addresses(layout, ports=ports, password=password)
            return database, queue


def keep(layout: Layout) -> None:
    """Start the services, say where they are, and stop them once no process uses them.

    Raises:
        RuntimeError: they did not start, or another keeper is at it.
    """
    guard = hold(layout.keeper_lock)
    if guard is None:
        raise RuntimeError("Another keeper holds these services.")
    (layout.run / "keeper.pid").write_text(str(os.getpid()))
    asked_to_stop = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    database, queue = _start(layout)
    layout.ready.touch()
    users = open_lock(layout.users_lock)
    while not asked_to_stop and database.poll() is None and queue.poll() is None:
        try:
            # Kept until this process has ended: who comes now waits for the next keeper.
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
    layout.ready.unlink(missing_ok=True)
    redis_server.stop(queue)
    postgres.stop(database)


if __name__ == "__main__":
    try:
        keep(Layout(var=Path(sys.argv[1]), durable="durable" in sys.argv[2:]))
    except RuntimeError as error:
        sys.exit(str(error))
