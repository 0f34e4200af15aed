"""Using the embedded services: start them if need be, and say where they are."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded.keys import ensure_keys
from config.embedded.layout import (
    LOOK_SECONDS,
    ROOT,
    Layout,
    is_held,
    layout_of_shop,
    layout_of_tests,
    open_lock,
    wait_until_free,
)

# Longer than the keeper itself waits for its servers.
START_SECONDS = 180
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Services:
    """Addresses and secrets of the embedded services.

    Attributes:
        database_url: of PostgreSQL, with its password.
        redis_url: of Redis, with its password.
        stripe_api_base: where the Stripe sandbox listens.
        stripe_secret_key: the sandbox takes any key; this one is the shop's.
        stripe_publishable_key: for the browser.
        stripe_webhook_secret: signs the sandbox's webhooks.
        secret_key: Django's.
        vapid_private_key: signs what goes to browsers.
    """

    database_url: str
    redis_url: str
    stripe_api_base: str
    stripe_secret_key: str
    stripe_publishable_key: str
    stripe_webhook_secret: str
    secret_key: str
    vapid_private_key: str


def ensure_started(layout: Layout | None = None) -> Services:
    """Use the shop's services, starting them where they do not run; safe to call at once.

    Raises:
        RuntimeError: they did not start; the message ends with the keeper's log.
    """
    return _ensure(layout or layout_of_shop())


def ensure_test_services(layout: Layout | None = None) -> Services:
    """Use the tests' services: a cluster and a Redis of their own, quick rather than durable.

    Raises:
        RuntimeError: they did not start; the message ends with the keeper's log.
    """
    return _ensure(layout or layout_of_tests())


def _ensure(layout: Layout) -> Services:
    try:
        return _use(layout)
    except PermissionError as error:
        raise RuntimeError(
            f"{error.filename} belongs to another user. Run as the one who ran this clone before, "
            "or have that one say: make reset"
        ) from error


def _use(layout: Layout) -> Services:
    if layout.var not in _held:
        # Shared, and kept to the end of the process: the keeper stops when nobody holds it.
        descriptor = open_lock(layout.users_lock)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[layout.var] = descriptor
    starting = open_lock(layout.start_lock)
    try:
        fcntl.flock(starting, fcntl.LOCK_EX)
        keys = ensure_keys(layout)
        if not _keeper_is_there(layout):
            _start_keeper(layout)
    finally:
        os.close(starting)
    where = json.loads(layout.addresses.read_text())
    sandbox = os.environ.get("STRIPE_API_BASE") or f"http://127.0.0.1:{where['stripe_port']}"
    return Services(
        database_url=where["database_url"],
        redis_url=where["redis_url"],
        stripe_api_base=sandbox,
        stripe_secret_key=keys["stripe_secret_key"],
        stripe_publishable_key=keys["stripe_publishable_key"],
        stripe_webhook_secret=keys["stripe_webhook_secret"],
        secret_key=keys["secret_key"],
        vapid_private_key=keys["vapid_private_key"],
    )


def _keeper_is_there(layout: Layout) -> bool:
    """Tell whether a keeper keeps the services; wait for one that starts or stops just now."""
    ends_at = time.monotonic() + START_SECONDS
    while is_held(layout.keeper_lock):
        if layout.ready.exists():
            return True
        if time.monotonic() > ends_at:
            raise RuntimeError(
                "The embedded services neither started nor ended. "
                "Say: .venv/bin/python -m config.embedded stop"
            )
        time.sleep(LOOK_SECONDS)
    return False


def _start_keeper(layout: Layout) -> None:
    layout.ready.unlink(missing_ok=True)
    log = layout.run / "keeper.log"
    command = [sys.executable, "-m", "config.embedded.keeper", str(layout.var)]
    command += ["durable"] if layout.durable else []
    with log.open("w") as output:
        keeper = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is for us; the keeper follows the lock.
            start_new_session=True,
        )
    ends_at = time.monotonic() + START_SECONDS
    while not layout.ready.exists():
        if keeper.poll() is not None or time.monotonic() > ends_at:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise RuntimeError(f"The embedded services did not start. {log} ends with:\n{tail}")
        time.sleep(LOOK_SECONDS)


def release(layout: Layout | None = None) -> None:
    """Stop using the services in this process; the keeper ends them if nobody else does."""
    descriptor = _held.pop((layout or layout_of_shop()).var, None)
    if descriptor is not None:
        os.close(descriptor)


def stop(layout: Layout | None = None, *, seconds: float = 30) -> bool:
    """Tell the keeper to stop the services now, whoever uses them.

    Returns:
        Whether they have ended.
    """
    chosen = layout or layout_of_shop()
    pid_file = chosen.run / "keeper.pid"
    if is_held(chosen.keeper_lock) and pid_file.exists():
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
    return wait_until_free(chosen.keeper_lock, seconds=seconds)
