"""A load generator: many kept connections in a process of its own beside the server."""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from multiprocessing.connection import Connection
from typing import TypeVar

from tests.benchmarks.wire import Wire

T = TypeVar("T")
# One thing somebody does, in one request or several; returns the status of the last answer.
Act = Callable[[Wire], int]
# A connection that broke has no status.
BROKEN = 0


@dataclass(frozen=True)
class Result:
    """What one run measured.

    Attributes:
        statuses: how many acts ended with which status; ``BROKEN`` where the connection did.
        expected: the statuses that count as done.
        seconds: from the first request to the last answer.
        latencies: of each act done, in seconds, sorted.
    """

    statuses: Counter[int]
    expected: tuple[int, ...]
    seconds: float
    latencies: list[float]

    @property
    def done(self) -> int:
        """How many acts ended as expected."""
        return sum(self.statuses[status] for status in self.expected)

    @property
    def unexpected(self) -> dict[int, int]:
        """How many ended otherwise, by status."""
        return {each: n for each, n in self.statuses.items() if each not in self.expected}

    @property
    def rate(self) -> float:
        """Acts done a second."""
        return self.done / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in seconds below which ``share`` (0 to 1) of the acts lie."""
        if not self.latencies:
            return float("nan")
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def sending(request: bytes) -> Act:
    """Return the act of sending one request."""
    return lambda wire: wire.ask(request).status


def forever(requests: Sequence[bytes], *, connections: int) -> list[Iterator[Act]]:
    """Return, for each connection, acts that send the same requests over and over."""
    acts = [sending(request) for request in requests]
    turns = []
    for number in range(connections):
        start = number * len(acts) // connections
        shifted = acts[start:] + acts[:start]
        turns.append(chain.from_iterable(repeat(shifted)))
    return turns


def dealt(things: Sequence[T], *, hands: int) -> list[list[T]]:
    """Deal ``things`` out to at most so many hands; none is empty."""
    return [list(things[start::hands]) for start in range(min(hands, len(things)))]


def _client(
    port: int,
    acts: Iterable[Act],
    ends_at: float,
    expected: tuple[int, ...],
    latencies: list[float],
    statuses: Counter[int],
) -> None:
    wire = Wire(port)
    for act in acts:
        started = time.perf_counter()
        if started > ends_at:
            break
        try:
            status = act(wire)
        except OSError:
            status = BROKEN
            wire.close()
            wire = Wire(port)
        statuses[status] += 1
        if status in expected:
            latencies.append(time.perf_counter() - started)
    wire.close()


def _process(
    port: int,
    batches: Sequence[Iterable[Act]],
    seconds: float,
    expected: tuple[int, ...],
    pipe: Connection,
) -> None:
    latencies: list[list[float]] = [[] for _ in batches]
    statuses: list[Counter[int]] = [Counter() for _ in batches]
    started = time.perf_counter()
    threads = [
        threading.Thread(
            target=_client,
            args=(port, acts, started + seconds, expected, latencies[number], statuses[number]),
        )
        for number, acts in enumerate(batches)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    counted: Counter[int] = sum(statuses, Counter())
    pipe.send((sorted(chain.from_iterable(latencies)), counted, took))


def run_load(
    port: int,
    batches: Sequence[Iterable[Act]],
    *,
    seconds: float = 60.0,
    expected: tuple[int, ...] = (200,),
) -> Result:
    """Let each batch act over one connection, all at once, and measure.

    Args:
        port: of the server on this machine.
        batches: the acts of each connection.
        seconds: when to begin no further act, should there be any left.
        expected: the statuses that count as done.

    Returns:
        The measurements of all connections together.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=_process, args=(port, batches, seconds, expected, sender))
    worker.start()
    sender.close()
    latencies, statuses, took = receiver.recv()
    worker.join()
    return Result(statuses, expected, took, latencies)
