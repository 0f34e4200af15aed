"""The keeper: starts PostgreSQL and Redis, and stops both once nobody uses them."""

import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded import postgres, redis_server
from config.embedded.layout import Layout, open_lock, write_private

LOOK_SECONDS = 0.25


def free_port(wanted: int = 0) -> int:
    """Return ``wanted`` if nobody listens there, else any free port of this machine."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("This machine has no free port.")


def _addresses(layout: Layout) -> dict[str, str | int]:
    """Return last time's ports where they are still free, and the passwords."""
    before = json.loads(layout.addresses.read_text()) if layout.addresses.exists() else {}
    password = before.get("password") or secrets.token_hex(16)
    ports = {
        name: free_port(before.get(name, 0))
        for name in ("postgres_port", "redis_port", "stripe_port")
    }
    return {
        **ports,
        "password": password,
        "database_url": f"postgres://lorgnette:{password}@127.0.0.1:{ports['postgres_port']}"
        "/lorgnette",
        "redis_url": f"redis://:{password}@127.0.0.1:{ports['redis_port']}/0",
    }


def keep(layout: Layout) -> None:
    """Start the services, say where they are, and stop them once no process uses them."""
    guard = open_lock(layout.keeper_lock)
    fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (layout.run / "keeper.pid").write_text(str(os.getpid()))
    asked_to_stop = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    where = _addresses(layout)
    write_private(layout.addresses, json.dumps(where, indent=2))
    password = str(where["password"])
    database = postgres.start(layout, port=int(where["postgres_port"]), password=password)
    queue = redis_server.start(layout, port=int(where["redis_port"]), password=password)
    (layout.run / "ready").touch()
    users = open_lock(layout.users_lock)
    while not asked_to_stop and database.poll() is None and queue.poll() is None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
    (layout.run / "ready").unlink(missing_ok=True)
    redis_server.stop(queue)
    postgres.stop(database)


if __name__ == "__main__":
    keep(Layout(var=Path(sys.argv[1]), durable="durable" in sys.argv[2:]))
