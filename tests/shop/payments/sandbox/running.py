"""The sandbox as a process, and a receiver of its webhooks, for the tests beside this file."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import stripe

from shop.payments.sandbox.access import SIGNED_WITH

ROOT = Path(__file__).resolve().parents[4]
WEBHOOK_SECRET = "whsec_of_the_tests"
RETURN_URL = "http://127.0.0.1:9/back"


class Receiver:
    """Takes webhooks: keeps body and headers, answers what it is told to."""

    def __init__(self) -> None:
        self.arrived: queue.Queue[tuple[bytes, dict[str, str]]] = queue.Queue()
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver.arrived.put((body, dict(self.headers.items())))

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/webhooks"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def forget(self) -> None:
        """Drop what arrived and the answers planned."""
        self.answers.clear()
        while not self.arrived.empty():
            self.arrived.get_nowait()

    def next(self, within: float = 5.0) -> tuple[bytes, dict[str, str]]:
        """The next webhook, body and headers."""
        return self.arrived.get(timeout=within)

    def types(self, count: int, within: float = 5.0) -> list[str]:
        """The event types of the next `count` webhooks."""
        return [json.loads(self.next(within)[0])["type"] for _ in range(count)]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class RunningSandbox:
    """One process of the sandbox on a state directory."""

    def __init__(self, state: Path, *, webhook_url: str = "", hosts: tuple[str, ...] = ()) -> None:
        self.state = state
        self.webhook_url = webhook_url
        self.hosts = hosts
        self.output = state.with_suffix(".out")
        self.start()

    def start(self) -> None:
        """Start it and wait for the line that says where it listens."""
        command = [sys.executable, "-m", "shop.payments.sandbox", "--port", "0"]
        command += ["--state", str(self.state)]
        if self.webhook_url:
            command += ["--webhook-url", self.webhook_url]
        for host in self.hosts:
            command += ["--allowed-return-host", host]
        with self.output.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, SIGNED_WITH: WEBHOOK_SECRET},
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline().decode()
        assert line.startswith("Stripe sandbox: http://127.0.0.1:"), line
        self.url = line.removeprefix("Stripe sandbox: ").strip()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(timeout=10)

    def stripe(self, **options: Any) -> Any:
        """The real client, pointed here."""
        options = {"max_network_retries": 0, **options}
        return stripe.StripeClient("sk_test_123", base_addresses={"api": self.url}, **options).v1

    def turn(self, path: str, /, **values: Any) -> Any:
        """Post to /_sandbox/."""
        answer = requests.post(f"{self.url}/_sandbox/{path}", json=values, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, path: str) -> Any:
        """Get from /_sandbox/."""
        return requests.get(f"{self.url}/_sandbox/{path}", timeout=10).json()

    def post(
        self, path: str, fields: dict[str, Any], key: str = "sk_test_123", **headers: str
    ) -> requests.Response:
        """Post a form with a key, as curl or a browser would."""
        return requests.post(
            self.url + path,
            data=fields,
            headers={"Authorization": f"Bearer {key}", **headers},
            timeout=20,
        )


def eventually(check: Any, within: float = 5.0) -> Any:
    """Ask until the answer is true, and give it."""
    end = time.monotonic() + within
    while True:
        found = check()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.02)
