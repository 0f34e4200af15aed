"""Runs the sandbox: `python -m shop.payments.sandbox --port 8010 --state var/stripe …`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from shop.payments.sandbox.redaction import log_to_stderr
from shop.payments.sandbox.sandbox import Sandbox
from shop.payments.sandbox.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Gives the exit status."""
    options = _parser().parse_args(arguments)
    if bool(options.webhook_url) != bool(options.webhook_secret):
        _parser().error("give --webhook-url and --webhook-secret together, or neither")
    log_to_stderr()
    sandbox = Sandbox(
        options.state,
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
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
    parser.add_argument("--webhook-url", help="where events are sent")
    parser.add_argument("--webhook-secret", help="whsec_…, signs the events")
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
