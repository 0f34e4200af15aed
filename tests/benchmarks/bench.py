"""What every benchmark is given, and how it takes its figures."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.load import Result, forever, run_load
from tests.benchmarks.report import Figure
from tests.benchmarks.wire import request_bytes

Turn = Callable[[], Result]


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    Attributes:
        rounds: turns of each figure and its floor; medians are reported.
        seconds: a turn that may go on forever.
        connections: kept at once, where a benchmark asks for no other number.
        acts: in a turn whose requests can be sent once only.
        crowd: customers who ask at the same moment, each over a connection of her own.
        products: in the catalogue; ``large`` in the large one.
        galleries: that friends look at.
        bookmarks: that people saved.
    """

    rounds: int
    seconds: float
    connections: int
    acts: int
    crowd: int
    products: int
    large: int
    galleries: int
    bookmarks: int


FULL = Scale(
    rounds=3,
    seconds=2.0,
    connections=16,
    acts=300,
    crowd=200,
    products=1000,
    large=100_000,
    galleries=60,
    bookmarks=1_000_000,
)
# Shows that everything runs; its figures say nothing.
TINY = Scale(
    rounds=1,
    seconds=0.1,
    connections=2,
    acts=6,
    crowd=6,
    products=25,
    large=50,
    galleries=2,
    bookmarks=300,
)


@dataclass
class Bench:
    """The servers under load and what was learnt of them.

    Attributes:
        scale: how much is measured.
        shop: port of the shop.
        floors: port of the bare Django.
        stripe: address of the Stripe sandbox.
        findings: whatever was not as it should be, in words.
    """

    scale: Scale
    shop: int
    floors: int
    stripe: str
    findings: list[str] = field(default_factory=list)

    def floor(self, path: str, *, method: str = "GET") -> Turn:
        """Return a turn of one of the floors (tests/benchmarks/floors.py)."""
        return self.repeated([request_bytes(method, path)], port=self.floors)

    def repeated(self, requests: list[bytes], *, port: int | None = None) -> Turn:
        """Return a turn that sends the same requests over and over; to the shop by default."""
        at = port or self.shop

        def turn(seconds: float = self.scale.seconds) -> Result:
            batches = forever(requests, connections=self.scale.connections)
            return run_load(at, batches, seconds=seconds)

        # Each worker imports, connects and compiles on its first requests.
        turn(self.scale.seconds / 4)
        return turn

    def in_turns(self, *turns: Turn) -> list[list[Result]]:
        """Run the turns one after the other, ``rounds`` times; return each one's results.

        A machine is faster in one minute than in the next: figure and floor share every minute.
        """
        rounds = [[turn() for turn in turns] for _each in range(self.scale.rounds)]
        results = [list(each) for each in zip(*rounds, strict=True)]
        for each in results:
            unexpected = sum((Counter(result.unexpected) for result in each), Counter[int]())
            if unexpected:
                self.findings.append(f"answers that were not expected: {dict(unexpected)}")
        return results

    def check(self, what: str, *, found: object, expected: object) -> None:
        """Note it where the database does not hold what was acknowledged."""
        if found != expected:
            self.findings.append(f"{what}: found {found}, expected {expected}")


def rate(results: list[Result]) -> float:
    """Return the median of how many a second."""
    return median(result.rate for result in results)


def milliseconds(results: list[Result], share: float) -> float:
    """Return the median over the rounds of a percentile of the latency."""
    return round(median(result.percentile(share) for result in results) * 1000, 1)


def figure(
    name: str,
    results: list[Result],
    *,
    floor: list[Result],
    floor_name: str,
    goal: float | None = None,
    least: float | None = None,
    **notes: float | int | str,
) -> Figure:
    """Return a figure beside its floor, with its latencies; see ``Figure``."""
    latencies = {"p50 ms": milliseconds(results, 0.5), "p99 ms": milliseconds(results, 0.99)}
    return Figure(
        name=name,
        figure=round(rate(results), 1),
        floor=round(rate(floor), 1),
        floor_name=floor_name,
        goal=goal,
        least=least,
        notes={**latencies, **notes},
    )
