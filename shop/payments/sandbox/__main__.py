"""Runs the sandbox: `python -m shop.payments.sandbox --port 8010 --state var/stripe …`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from shop.payments.sandbox.access import SIGNED_WITH
from shop.payments.sandbox.redaction import log_to_stderr
from shop.payments.sandbox.sandbox import Sandbox
from shop.payments.sandbox.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Gives the exit status."""
    options = _parser().parse_args(arguments)
    secret = os.environ.get(SIGNED_WITH, "")
    if options.webhook_url and not secret:
        _parser().error(f"--webhook-url needs {SIGNED_WITH} in the environment")
    log_to_stderr()
    sandbox = Sandbox(
        options.state,
        webhook_url=options.webhook_url,
        webhook_secret=secret if options.webhook_url else None,
        return_hosts=frozenset(host.lower() for host in options.allowed_return_host),
    )
    server = serve(sandbox, options.host, options.port)
    stopping = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stopping.set())
    sandbox.start()
    # A tenth of a second is how soon it notices that it should stop.
    threading.Thread(target=server.serve_forever, args=(0.1,), name="http", daemon=True).start()
    shown = f"[{options.host}]" if ":" in options.host else options.host
    print(f"Stripe sandbox: http://{shown}:{server.port}", flush=True)
    stopping.wait()
    server.shutdown()
    server.server_close()
    sandbox.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shop.payments.sandbox",
        description="Answers as Stripe's test mode does. See docs/stripe-sandbox.md.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--state", type=Path, required=True, help="directory of the state file")
    parser.add_argument("--webhook-url", help=f"where events are sent; {SIGNED_WITH} signs them")
    parser.add_argument(
        "--allowed-return-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host besides this machine that browsers may be sent back to",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
