"""The catalogue's list: the first page of 20 by API, out of a thousand frames."""

from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import VALUES
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.report import Figure
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import request_bytes

PATH = "/api/v1/frames/"
# Twice what the best of the peers measured sends from its search index.
LEAST = 2 * 586


def run(bench: Bench) -> list[Figure]:
    """Measure the list beside ``.values()`` of as many rows and columns."""
    ensure_products(bench.scale.products)
    floor, listed = bench.in_turns(
        bench.floor("/values/"), bench.repeated([request_bytes("GET", PATH)])
    )
    return [
        figure(
            f"list of 20 of {bench.scale.products:,} frames, API",
            listed,
            floor=floor,
            floor_name=VALUES,
            goal=1.0,
            least=LEAST,
            statements=statements(lambda client: client.get(PATH)),
        )
    ]
