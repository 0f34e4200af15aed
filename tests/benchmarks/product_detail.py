"""One frame with its variants and pictures, by API."""

from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import READ
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.report import Figure
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import request_bytes

# Five times what the best of the peers measured does.
LEAST = 5 * 233


def run(bench: Bench) -> list[Figure]:
    """Measure many frames in turn beside reading one row."""
    ensure_products(bench.scale.products)
    paths = [f"/api/v1/frames/frame-{number}/" for number in range(bench.scale.products)]
    floor, shown = bench.in_turns(
        bench.floor("/read/frame-0/"),
        bench.repeated([request_bytes("GET", path) for path in paths]),
    )
    return [
        figure(
            "one frame with variants and pictures, API",
            shown,
            floor=floor,
            floor_name=READ,
            least=LEAST,
            statements=statements(lambda client: client.get(paths[0])),
        )
    ]
