"""A clone of this repository to run the shop in, as somebody would who has just fetched it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.layout import ROOT

START_SECONDS = 300
END_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Clone:
    """A copy of the tracked files, with this environment's packages.

    Attributes:
        folder: where it lies.
        port: where its shop is asked to listen.
        make: the latest ``make run``.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    make: "subprocess.Popen[str] | None" = None
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        ours = ("LORGNETTE_", "DJANGO_", "STRIPE_", "MAKE", "MFLAGS", "PYTEST_", "PORT")
        return {name: value for name, value in os.environ.items() if not name.startswith(ours)}

    def start(self, **settings: str) -> None:
        """Say ``make run`` in a terminal's process group of its own; go on at once."""
        self.starts += 1
        with self.log.open("w") as output:
            self.make = subprocess.Popen(
                ["make", "run", f"PORT={self.port}", *(f"{k}={v}" for k, v in settings.items())],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}-{self.starts}.log"

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self, *, seconds: float = START_SECONDS) -> float:
        """Wait until ``/healthz`` is well and the log-ins stand in the terminal."""
        assert self.make is not None
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            if self.health() == 200 and "Ready after" in self.said():
                return time.monotonic() - began
            assert self.make.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(f"Not ready after {seconds} seconds:\n{self.said()}")

    def health(self) -> int:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0

    def wait_for_health(self, *, seconds: float = 60) -> float:
        """Wait until the shop is well again; return how long that took."""
        began = time.monotonic()
        while self.health() != 200:
            assert time.monotonic() < began + seconds, self.said()
            time.sleep(0.2)
        return time.monotonic() - began

    def processes(self) -> dict[int, str]:
        """Return the command of every process that runs from here, or was given a path of it."""
        found: dict[int, str] = {}
        for process in Path("/proc").iterdir():
            if not process.name.isdigit() or int(process.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_bytes().decode(errors="replace")
                here = (process / "cwd").readlink()
                if here.is_relative_to(self.folder) or str(self.folder) in command:
                    found[int(process.name)] = command.replace("\0", " ").strip()
        return found

    def pids(self, words: str) -> list[int]:
        """Return the ids of its processes whose command contains ``words``."""
        return sorted(pid for pid, command in self.processes().items() if words in command)

    def wait_until_gone(self) -> float:
        """Wait until no process of it is left; return how long that took."""
        began = time.monotonic()
        while left := self.processes():
            assert time.monotonic() < began + END_SECONDS, f"{left}\n{self.said()}"
            if self.make is not None:
                self.make.poll()
            time.sleep(0.1)
        return time.monotonic() - began

    def end(self) -> None:
        """End it as Ctrl-C does, if it runs."""
        if self.make is not None and self.make.poll() is None:
            os.killpg(self.make.pid, signal.SIGINT)
            self.make.wait(timeout=END_SECONDS)

    def run(
        self, *command: str, seconds: float = START_SECONDS, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in it, to its end."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )

    def services(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.folder / "var/run/services.json").read_text())
        return found


def make_clone(folder: Path) -> Clone:
    """Copy what is tracked to ``folder``; the packages are this environment's."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return Clone(folder)
