"""The HTTP server: one thread a connection, connections kept open between requests."""

import io
import logging
import socket
from typing import ClassVar

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from shop.payments.sandbox import admin, api, browser
from shop.payments.sandbox.messages import Answer, ConnectionDroppedError, Request
from shop.payments.sandbox.sandbox import Sandbox

logger = logging.getLogger(__name__)
# No request of the API comes near it.
_LARGEST_BODY = 1_000_000


def answer(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one request, whichever part of the server it is for."""
    if request.path.startswith("/v1/"):
        return api.respond(sandbox, request)
    if request.path.startswith("/_sandbox/"):
        return admin.respond(sandbox, request)
    return browser.respond(sandbox, request)


class Handler(WSGIRequestHandler):
    """Reads a request, has it answered, and keeps the connection.

    Werkzeug's own closes it after every answer, because it cannot know whether an application read
    the body; this one reads the body itself.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120
    sandbox: ClassVar[Sandbox]

    def run_wsgi(self) -> None:
        """Answer the request on this connection."""
        body = self._read_body()
        if body is None:
            return
        environ = self.make_environ()
        headers = {name.lower(): value for name, value in self.headers.items()}
        own = f"{self.server.host}:{self.server.port}"
        request = Request(
            method=self.command,
            path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            query=environ["QUERY_STRING"],
            body=body,
            headers=headers,
            base_url=f"http://{headers.get('host', own)}",
        )
        try:
            found = answer(self.sandbox, request)
        except ConnectionDroppedError:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(found)

    def _read_body(self) -> bytes | None:
        """The body; None when it was refused."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            self._send(Answer(411, b"Send a Content-Length.\n"))
            return None
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413, b"The request is too large.\n"))
            return None
        return self.rfile.read(int(length))

    def _send(self, found: Answer) -> None:
        """Write the answer in one piece."""
        self.send_response_only(found.status)
        self.send_header("Server", "stripe-sandbox")
        self.send_header("Date", self.date_time_string())
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.status != 204:
            self.send_header("Content-Length", str(len(found.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        buffer = io.BytesIO()
        wire, self.wfile = self.wfile, buffer
        try:
            self.end_headers()
        finally:
            self.wfile = wire
        self.wfile.write(buffer.getvalue() + found.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: an address may hold a client secret. /_sandbox/requests has the paths."""

    def log_error(self, *args: object) -> None:
        """A connection that broke or stayed silent; its address is not repeated."""
        logger.info("a connection ended early")


def serve(sandbox: Sandbox, host: str, port: int) -> BaseWSGIServer:
    """A server bound to the address (port 0 picks a free one), not yet serving."""

    class Bound(Handler):
        pass

    Bound.sandbox = sandbox
    return make_server(host, port, _no_app, threaded=True, request_handler=Bound)


def _no_app(environ: object, start_response: object) -> list[bytes]:
    raise NotImplementedError("requests are answered by the handler")
