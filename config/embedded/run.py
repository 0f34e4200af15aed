"""``make run``: everything the shop needs, in one terminal."""

import argparse
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from config import embedded
from config.embedded.layout import ROOT, Layout, hold, is_held, layout_of_shop, wait_until_free
from config.embedded.ports import port_is_free
from config.embedded.processes import end_with_make
from config.embedded.supervisor import Child, ending_by_signal, run_to_end, say, stop, supervise
from shop.demo_logins import LOGINS
from shop.payments.sandbox.access import SIGNED_WITH

# Addresses that mean "all of this machine's": a browser needs one of them.
ANY_ADDRESS = {str(IPv4Address(0)): "127.0.0.1", str(IPv6Address(0)): "[::1]"}
PATIENCE_SECONDS = 45


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the web server: two processes, each with memory of its own."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    return [*command, "--no-ws", "--respawn-failed-workers", "--log-level", "warning"]


def _children(host: str, port: int, services: embedded.Services) -> list[Child]:
    python = sys.executable
    local = ANY_ADDRESS.get(host, host)
    sandbox = [python, "-m", "shop.payments.sandbox"]
    sandbox += ["--port", services.stripe_api_base.rpartition(":")[2]]
    sandbox += ["--state", str(ROOT / "var" / "stripe")]
    sandbox += ["--webhook-url", f"http://{local}:{port}/webhooks/stripe/"]
    celery = [python, "-m", "celery", "--quiet", "-A", "config"]
    worker = [*celery, "worker", "-c", "2", "-l", "info", "--without-mingle", "--without-gossip"]
    beat = [*celery, "beat", "-l", "warning", "-s", str(ROOT / "var" / "celerybeat-schedule")]
    return [
        Child("stripe", sandbox, {SIGNED_WITH: services.stripe_webhook_secret}),
        Child("web", web_command(host, port)),
        Child("worker", worker),
        Child("beat", [*beat, "--pidfile="]),
    ]


def _prepare(*, busy: bool) -> None:
    """Bring the database up to date and fill it the first time.

    Args:
        busy: with six weeks of trade.

    Raises:
        RuntimeError: one of the steps failed; it said why.
    """
    load = ["manage.py", "load_demo_shop", *(["--busy"] if busy else [])]
    for step in (["manage.py", "migrate", "--verbosity", "0"], load):
        if run_to_end("shop", [sys.executable, *step], folder=ROOT):
            raise RuntimeError(f"{' '.join(step)} failed; its lines above say why.")


def _health(address: str) -> tuple[bool, str]:
    """Return whether the shop says that all of it answers, and what it said."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=3) as answer:
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        return False, error.read().decode(errors="replace")
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        return False, str(error)


def _welcome(address: str, services: embedded.Services) -> None:
    lines = [
        "",
        f"The shop        {address}/",
        f"The console     {address}/console/",
        f"Django admin    {address}/admin/",
        f"API             {address}/api/v1/docs/",
        f"Stripe sandbox  {services.stripe_api_base}/_sandbox/requests",
        "",
        "Log in as",
        *(f"  {role:<9} {email:<28} {password}" for role, email, password in LOGINS),
        "Cards: 4242 4242 4242 4242 pays, 4000 0027 6000 3184 asks for 3-D Secure.",
        "Mail that is sent lies in var/mail/, errors with all that is known of them in",
        "var/run/errors.log. Ctrl-C ends everything.",
        "",
    ]
    for line in lines:
        say("shop", line)


def _looking(
    address: str, layout: Layout, services: embedded.Services, *, began: float
) -> Callable[[], bool]:
    """Return what the supervisor does between looks at its children."""
    welcomed = False
    patience_ends_at = time.monotonic() + PATIENCE_SECONDS

    def look() -> bool:
        nonlocal welcomed, patience_ends_at
        if not is_held(layout.keeper_lock):
            say("shop", "PostgreSQL or Redis ended; starting them again.")
            if embedded.ensure_started() != services:
                say("shop", "They had to move to other ports. Say make run again.")
                return False
        if welcomed:
            return True
        welcomed, answer = _health(address)
        if welcomed:
            _welcome(address, services)
            say("shop", f"Ready after {time.monotonic() - began:.0f} seconds.")
        elif time.monotonic() > patience_ends_at:
            patience_ends_at += PATIENCE_SECONDS
            say("shop", f"Still waiting for {address}/healthz, which says: {answer}")
        return True

    return look


def _keep_mail_private(folder: Path) -> None:
    """Let nobody else of this machine read mail: it holds addresses that open accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for mail in folder.iterdir():
        mail.chmod(0o600)


def _run(host: str, port: int, layout: Layout, *, busy: bool) -> int:
    began = time.monotonic()
    address = f"http://{ANY_ADDRESS.get(host, host)}:{port}"
    layout.shop_lock.write_text(f"{os.getpid()}\n{address}\n")
    (layout.run / "errors.log").unlink(missing_ok=True)
    _keep_mail_private(layout.var / "mail")
    os.environ["PORT"] = str(port)
    children: list[Child] = []
    try:
        with ending_by_signal():
            if (layout.var / "postgres").exists():
                say("shop", "Starting PostgreSQL and Redis with the data kept in var/ …")
            else:
                say("shop", "Making a PostgreSQL and a Redis of this clone's own in var/ …")
            services = embedded.ensure_started()
            _prepare(busy=busy)
            children = _children(host, port, services)
            hold(layout.sandbox_lock)
            look = _looking(address, layout, services, began=began)
            return supervise(children, folder=ROOT, look=look)
    except KeyboardInterrupt:
        say("shop", "Ending …")
        return 0
    except RuntimeError as error:
        for line in str(error).splitlines():
            say("shop", line)
        return 1
    finally:
        stop(children)
        embedded.release()
        if wait_until_free(layout.keeper_lock, seconds=15):
            say("shop", "All ended. Your data stays in var/; make run goes on with it.")
        else:
            say("shop", "PostgreSQL and Redis stay up: another process of this clone uses them.")


def _names_a_database() -> bool:
    """Tell whether the environment or ``.env`` makes this a served shop."""
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    named = [os.environ.get("DATABASE_URL", "")]
    named += [line.partition("=")[2] for line in lines if line.startswith("DATABASE_URL=")]
    return any(each.strip() for each in named)


def _held_by(layout: Layout) -> str:
    """Hold this clone for us; where another run holds it, return that one's address."""
    if hold(layout.shop_lock) is not None:
        return ""
    return (layout.shop_lock.read_text().splitlines()[1:] or ["an address it has yet to say"])[0]


def main() -> int:
    """Set up, run and end the shop; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the shop with everything it needs.")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")
    parser.add_argument("--busy", action="store_true", default=bool(os.environ.get("BUSY")))
    options = parser.parse_args()
    if "MAKELEVEL" in os.environ:
        end_with_make()
    # Ours by definition; another address would be somebody else's sandbox.
    os.environ.pop("STRIPE_API_BASE", None)
    layout = layout_of_shop()
    if _names_a_database():
        refusal = (
            "DATABASE_URL is set, so this is a served shop; docs/running.md says how to run one. "
            "Unset it to run the shop with a database of its own."
        )
    elif address := _held_by(layout):
        refusal = (
            f"This clone runs already, at {address}. End it there with Ctrl-C, or say: "
            ".venv/bin/python -m config.embedded stop"
        )
    elif not port_is_free(options.port, host=options.host):
        refusal = f"Port {options.port} is taken. Choose another: make run PORT={options.port + 1}"
    else:
        return _run(options.host, options.port, layout, busy=options.busy)
    print(refusal, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
