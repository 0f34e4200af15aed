"""A load generator: raw sockets kept open, so that it takes little from the server beside it."""

import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Result:
    """What one run measured.

    Attributes:
        done: requests answered with the status expected.
        failed: all others.
        seconds: from the first request to the last answer.
        latencies: of each request done, in seconds, sorted.
    """

    done: int
    failed: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Requests done a second."""
        return self.done / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in seconds below which ``share`` (0 to 1) of the requests lie."""
        if not self.latencies:
            return float("nan")
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def request_bytes(
    method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return one HTTP/1.1 request ready to be sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _read_answer(stream: socket.SocketIO) -> int:
    status = int(stream.readline().split(b" ", 2)[1])
    length = 0
    chunked = False
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        elif name.lower() == b"transfer-encoding":
            chunked = b"chunked" in value
    if chunked:
        while (size := int(stream.readline().strip() or b"0", 16)) > 0:
            stream.read(size + 2)
        stream.readline()
    elif length:
        stream.read(length)
    return status


def _client(
    port: int, requests: Sequence[bytes], ends_at: float, expected: int, out: list[float]
) -> int:
    failed = 0
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    for request in requests:
        if time.perf_counter() > ends_at:
            break
        started = time.perf_counter()
        connection.sendall(request)
        if _read_answer(stream) == expected:
            out.append(time.perf_counter() - started)
        else:
            failed += 1
    connection.close()
    return failed


def _process(
    port: int, batches: list[Sequence[bytes]], seconds: float, expected: int, pipe: Connection
) -> None:
    latencies: list[list[float]] = [[] for _ in batches]
    failures = [0] * len(batches)
    started = time.perf_counter()

    def run(index: int) -> None:
        failures[index] = _client(
            port, batches[index], started + seconds, expected, latencies[index]
        )

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    pipe.send((sorted(chain.from_iterable(latencies)), sum(failures), took))


def run_load(
    port: int, batches: list[Sequence[bytes]], *, seconds: float = 5.0, expected: int = 200
) -> Result:
    """Send each batch over one connection, all at once, and measure.

    Args:
        port: of the server on this machine.
        batches: one sequence of requests for each connection.
        seconds: when to stop, should the requests last longer.
        expected: the status that counts as done.

    Returns:
        The measurements of all connections together.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=_process, args=(port, batches, seconds, expected, sender))
    worker.start()
    latencies, failed, took = receiver.recv()
    worker.join()
    return Result(done=len(latencies), failed=failed, seconds=took, latencies=latencies)
