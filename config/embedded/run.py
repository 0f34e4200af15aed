"""``make run``: everything the shop needs, in one terminal."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from config import embedded
from config.embedded.layout import ROOT, is_held, layout_of_shop, open_lock, wait_until_free
from config.embedded.processes import end_with_parent

COLOURS = {"web": 36, "worker": 35, "beat": 34, "stripe": 33, "shop": 32}
STOP_SECONDS = 8
RESTARTS = 3


@dataclass
class Child:
    """A process of the shop.

    Attributes:
        name: stands before each of its lines.
        command: what is run.
        process: while it runs.
        restarts: how often it had to be started again.
    """

    name: str
    command: list[str]
    process: "subprocess.Popen[str] | None" = None
    restarts: int = 0
    reader: threading.Thread | None = field(default=None, repr=False)


def say(name: str, line: str) -> None:
    """Print one line with its speaker's name before it."""
    colour = COLOURS.get(name, 37)
    label = f"{name:<7}|"
    if sys.stdout.isatty():
        label = f"\033[{colour}m{label}\033[0m"
    print(f"{label} {line}", flush=True)


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _manage(*arguments: str) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=end_with_parent(),
    ) as process:
        _print_lines("shop", process.stdout)
    if process.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed; its last lines say why.")


def _print_lines(name: str, stream: IO[str] | None) -> None:
    for line in stream or ():
        if line.strip():
            say(name, line.rstrip())


def _compile_messages() -> None:
    if (ROOT / "locale").is_dir():
        command = [sys.executable, "-m", "babel.messages.frontend", "compile"]
        command += ["-d", str(ROOT / "locale"), "-D", "django", "-f"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _children(host: str, port: int, services: embedded.Services) -> list[Child]:
    python = sys.executable
    stripe_port = services.stripe_api_base.rpartition(":")[2]
    sandbox = [python, "-m", "shop.payments.sandbox", "--port", stripe_port]
    sandbox += ["--state", str(ROOT / "var" / "stripe")]
    sandbox += ["--webhook-url", f"http://127.0.0.1:{port}/webhooks/stripe/"]
    sandbox += ["--webhook-secret", services.stripe_webhook_secret]
    web = [python, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    web += ["--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    web += ["--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
    celery = [python, "-m", "celery", "-A", "config"]
    worker = [*celery, "worker", "-c", "2", "-l", "info", "--without-mingle", "--without-gossip"]
    beat = [*celery, "beat", "-l", "warning", "-s", str(ROOT / "var" / "celerybeat-schedule")]
    return [
        Child("stripe", sandbox),
        Child("web", web),
        Child("worker", worker),
        Child("beat", [*beat, "--pidfile="]),
    ]


def _start(child: Child) -> None:
    child.process = subprocess.Popen(
        child.command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A session of its own, so that Ctrl-C reaches it once and through us; the kernel ends it
        # should we be killed.
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )
    child.reader = threading.Thread(
        target=_print_lines, args=(child.name, child.process.stdout), daemon=True
    )
    child.reader.start()


def _stop(children: list[Child]) -> None:
    running = [each.process for each in children if each.process and each.process.poll() is None]
    for process in running:
        process.terminate()
    ends_at = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(timeout=max(ends_at - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    for process in running:
        try:
            # What a child left behind in its session goes too.
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _welcome(address: str, services: embedded.Services) -> None:
    from shop.demo import LOGINS

    lines = [
        "",
        f"The shop      {address}/",
        f"The console   {address}/console/",
        f"Django admin  {address}/admin/",
        f"API           {address}/api/v1/docs/",
        f"Stripe sandbox {services.stripe_api_base}/_sandbox/",
        "",
        "Log in as",
        *(f"  {role:<9} {email:<28} {password}" for role, email, password in LOGINS),
        "Cards: 4242 4242 4242 4242 pays, 4000 0027 6000 3184 asks for 3-D Secure.",
        "Mail that is sent lies in var/mail/. Ctrl-C ends everything.",
        "",
    ]
    for line in lines:
        print(f"    {line}", flush=True)


def _watch(children: list[Child], address: str, services: embedded.Services) -> int:
    welcomed = False
    while True:
        for child in children:
            if child.process is None or child.process.poll() is None:
                continue
            if child.restarts >= RESTARTS:
                say("shop", f"{child.name} ended {RESTARTS + 1} times; its lines above say why.")
                return 1
            child.restarts += 1
            say("shop", f"{child.name} ended with {child.process.returncode}; starting it again.")
            _start(child)
        if not welcomed and _healthy(address):
            welcomed = True
            _welcome(address, services)
        time.sleep(0.5)


def _ended(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Set up, run and end the shop; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the shop with everything it needs.")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    options = parser.parse_args()
    layout = layout_of_shop()
    running = layout.run / "shop.lock"
    if is_held(running):
        print("This clone is running already; end it there with Ctrl-C first.", file=sys.stderr)
        return 1
    if not _port_is_free(options.host, options.port):
        print(
            f"Port {options.port} is taken. Choose another: make run PORT={options.port + 1}",
            file=sys.stderr,
        )
        return 1
    return _run(options.host, options.port, running)


def _run(host: str, port: int, running: Path) -> int:
    import fcntl

    guard = open_lock(running)
    fcntl.flock(guard, fcntl.LOCK_EX)
    os.environ["PORT"] = str(port)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ended)
    children: list[Child] = []
    try:
        say("shop", "Starting PostgreSQL and Redis under var/ …")
        services = embedded.ensure_started()
        _compile_messages()
        _manage("migrate", "--verbosity", "0")
        _manage("load_demo_shop")
        children = _children(host, port, services)
        for child in children:
            _start(child)
        return _watch(children, f"http://{host}:{port}", services)
    except KeyboardInterrupt:
        print(flush=True)
        say("shop", "Ending …")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _stop(children)
        embedded.release()
        if wait_until_free(layout_of_shop().keeper_lock, seconds=15):
            say("shop", "All ended. Your data stays in var/; make run goes on with it.")
        else:
            say("shop", "PostgreSQL and Redis stay up: another process of this clone uses them.")


if __name__ == "__main__":
    sys.exit(main())
