"""A database and a Granian of the benchmark's own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql


def fresh_database() -> None:
    """Drop and make the benchmark's database, and migrate it."""
    database = settings.DATABASES["default"]
    address = {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "password": database["PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as connection:
        name = sql.Identifier(database["NAME"])
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    call_command("migrate", verbosity=0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_server(*, workers: int = 2) -> Iterator[int]:
    """Run Granian over the benchmark's database.

    Args:
        workers: processes, as many as a small machine has cores.

    Yields:
        Its port.

    Raises:
        TimeoutError: it did not answer within 30 seconds.
    """
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    try:
        _wait_for(f"http://127.0.0.1:{port}/floor/json/")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(url: str) -> None:
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(f"No answer from {url}")
