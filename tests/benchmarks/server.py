"""A database, a Redis database, two Granians and a Stripe sandbox of the run's own."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from config.embedded.processes import end_with_parent
from tests.databases import migrated_database

WORKERS = 2
THREADS = 4
START_SECONDS = 60
# WhiteNoise misses a folder that only a served shop has.
QUIET = ("-W", "ignore:No directory at")
SHOP = "tests.benchmarks.settings"
FLOORS = "tests.benchmarks.floor_settings"
APPLICATIONS = {
    SHOP: "config.wsgi:application",
    FLOORS: "tests.benchmarks.floor_wsgi:application",
}


def _drop(admin: "psycopg.Connection[tuple[object, ...]]") -> None:
    name = sql.Identifier(settings.DATABASES["default"]["NAME"])
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def admin() -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection that makes and drops databases."""
    database = settings.DATABASES["default"]
    return psycopg.connect(
        dbname="postgres",
        autocommit=True,
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
    )


@contextlib.contextmanager
def fresh_stores() -> Iterator[None]:
    """Make the run's database, migrated, and empty its Redis database; both are gone after."""
    counters = redis.Redis.from_url(settings.REDIS_URL)
    with admin() as databases:
        _drop(databases)
        # A run that is measured begins with nothing that others left.
        source = migrated_database() if settings.TESTING else "template1"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        name = settings.DATABASES["default"]["NAME"]
        databases.execute(create.format(sql.Identifier(name), sql.Identifier(source)))
    counters.flushdb()
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        with admin() as databases:
            _drop(databases)
        counters.flushdb()


def analyse() -> None:
    """Let PostgreSQL learn what was loaded, as it would have in a shop that has run for a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_server(settings_module: str, *, looks_at: str, stripe: str) -> Iterator[int]:
    """Run a Granian over the run's database.

    Args:
        settings_module: ``SHOP`` or ``FLOORS``.
        looks_at: a path that answers once it runs.
        stripe: address of the Stripe sandbox.

    Yields:
        Its port.

    Raises:
        TimeoutError: it did not answer in time.
    """
    port = _free_port()
    command = [sys.executable, *QUIET, "-m", "granian", "--interface", "wsgi"]
    command += [APPLICATIONS[settings_module], "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    command += ["--no-ws", "--log-level", "warning"]
    environment = {"DJANGO_SETTINGS_MODULE": settings_module, "STRIPE_API_BASE": stripe}
    with tempfile.TemporaryFile() as log:
        # Its lines are written as ever, but not among the figures.
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent(),
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}{looks_at}", process)
            yield port
        except TimeoutError:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-3000:])
            raise
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextlib.contextmanager
def running_sandbox() -> Iterator[str]:
    """Run the Stripe sandbox, empty, without webhooks; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "shop.payments.sandbox", "--port", "0"]
        command += ["--state", str(Path(folder) / "stripe")]
        with (Path(folder) / "stripe.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=end_with_parent(),
            )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode().rpartition(" ")[2].strip()
        finally:
            process.terminate()
            process.wait(timeout=30)
            process.stdout.close()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"No good answer from {url} within {START_SECONDS} seconds.")
