"""Runs several processes in one terminal, and leaves none behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from config.embedded.processes import end_with_parent

COLOURS = {"web": 36, "worker": 35, "beat": 34, "stripe": 33, "shop": 32}
STOP_SECONDS = 7.0
RESTARTS = 3
# Who ran this long was not broken from the beginning: it may be started again as often as before.
STEADY_SECONDS = 10.0
LOOK_SECONDS = 0.5


@dataclass
class Child:
    """A process to run.

    Attributes:
        name: stands before each of its lines.
        command: what is run.
        environment: what it alone is told; a command line is read by everybody of this machine.
        restarts: how often it may still be started again without having run for long.
        started_at: when it was started last, on the monotonic clock.
        process: of its latest start.
        reader: prints its lines.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    restarts: int = RESTARTS
    started_at: float = 0.0
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    reader: threading.Thread | None = field(default=None, repr=False)


def say(name: str, line: str) -> None:
    """Print one line with its speaker's name before it; a terminal that is gone stops nothing."""
    label = f"{name:<6} |"
    if sys.stdout.isatty():
        label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
    try:
        print(f"{label} {line}", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def start(child: Child, *, folder: Path) -> "subprocess.Popen[str]":
    """Start a child in ``folder`` and print its lines from now on; return its process."""
    process = subprocess.Popen(
        child.command,
        cwd=folder,
        # Warnings are for those who change the code, and make test shows them.
        env={
            "PYTHONWARNINGS": "ignore",
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            **child.environment,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Mail, tracebacks and cards' states are for nobody else of this machine.
        umask=0o077,
        # A session of its own, so that Ctrl-C reaches it once and through us; the kernel ends it
        # should we be killed.
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )
    child.process, child.started_at = process, time.monotonic()
    child.reader = threading.Thread(
        target=_print_lines, args=(child.name, process.stdout), daemon=True
    )
    child.reader.start()
    return process


def _print_lines(name: str, stream: IO[str] | None) -> None:
    for line in stream or ():
        if line.strip():
            say(name, line.rstrip())


def run_to_end(name: str, command: list[str], *, folder: Path) -> int:
    """Run a command in ``folder``, printing its lines; return its exit status."""
    child = Child(name, command)
    try:
        return start(child, folder=folder).wait()
    finally:
        stop([child])


def stop(children: list[Child]) -> None:
    """End children, with all they started, within ``STOP_SECONDS``."""
    started = [each.process for each in children if each.process]
    for process in started:
        if process.poll() is None:
            process.terminate()
    ends_at = time.monotonic() + STOP_SECONDS
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(ends_at - time.monotonic(), 0.1))
        _kill_session(process)
    for child in children:
        if child.reader:
            child.reader.join(timeout=1)


def _kill_session(process: "subprocess.Popen[str]") -> None:
    """Kill what is left of a child and of whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def supervise(children: list[Child], *, folder: Path, look: Callable[[], bool]) -> int:
    """Start children and keep them running until one cannot be kept, or a signal ends us.

    Args:
        children: in the order to start them.
        folder: they run in.
        look: called twice a second; False ends everything.

    Returns:
        The exit status, never 0.

    Raises:
        KeyboardInterrupt: somebody asked us to end.
    """
    for child in children:
        start(child, folder=folder)
    while look():
        for child in children:
            if child.process is None or child.process.poll() is None:
                continue
            status = child.process.returncode
            _kill_session(child.process)
            if time.monotonic() - child.started_at > STEADY_SECONDS:
                child.restarts = RESTARTS
            if not child.restarts:
                times = RESTARTS + 1
                say("shop", f"{child.name} ended {times} times in a row; its lines above say why.")
                return 1
            child.restarts -= 1
            say("shop", f"{child.name} ended with status {status}; starting it again.")
            start(child, folder=folder)
        time.sleep(LOOK_SECONDS)
    return 1


@contextlib.contextmanager
def ending_by_signal() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the block alike, by ``KeyboardInterrupt``.

    After the block they are ignored, so that nothing cuts the cleaning up short.
    """

    def on_signal(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
