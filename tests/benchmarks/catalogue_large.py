"""The catalogue's list with filters, out of a hundred thousand frames."""

from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.catalogue_list import LEAST, PATH
from tests.benchmarks.floors import VALUES
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.report import Figure
from tests.benchmarks.wire import request_bytes

FILTERS = {
    "shape and colour": "shape=round&colour=black&colour=brown",
    "price, sorted by newest": "price_min=100&price_max=150",
    "words": "q=greta+okada",
    "width, material and price": "width=narrow&width=wide&material=acetate&price_max=200",
}


def run(bench: Bench) -> list[Figure]:
    """Measure each set of filters, and all of them mixed, beside ``.values()``."""
    ensure_products(bench.scale.large)
    asked = {name: [request_bytes("GET", f"{PATH}?{query}")] for name, query in FILTERS.items()}
    asked["all mixed"] = [request for requests in asked.values() for request in requests]
    floor, *listed = bench.in_turns(
        bench.floor("/values/"), *(bench.repeated(requests) for requests in asked.values())
    )
    return [
        figure(
            f"list of 20 of {bench.scale.large:,}: {name}",
            results,
            floor=floor,
            floor_name=VALUES,
            goal=0.5,
            least=LEAST / 2,
        )
        for name, results in zip(asked, listed, strict=True)
    ]
