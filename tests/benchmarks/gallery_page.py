"""A friend opens a gallery's link: the page as HTML."""

from itertools import count

from sharing.galleries.models import LinkView
from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import BARE, MINIMAL, PLAIN
from tests.benchmarks.galleries import Browser, make_galleries
from tests.benchmarks.load import Result, dealt, run_load, sending
from tests.benchmarks.report import Figure
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import Wire, request_bytes

GOAL = 0.35
# Browsers that come back; each has opened its gallery before.
KNOWN = 64


def run(bench: Bench) -> list[Figure]:
    """Measure friends who come back, and friends who come for the first time, beside nothing."""
    galleries = make_galleries(bench.scale.galleries)
    # Friends who vote look first: another benchmark may have left looks here.
    before = LinkView.objects.count()
    wire = Wire(bench.shop)
    known = []
    for number in range(KNOWN):
        shared = galleries[number % len(galleries)]
        stranger = Browser(number)
        known.append(stranger.after(wire.ask(stranger.opening(shared))).opening(shared))
    wire.close()
    fresh = count(KNOWN)

    def first_looks() -> Result:
        requests = [
            Browser(number).opening(galleries[number % len(galleries)])
            for _each, number in zip(range(bench.scale.acts), fresh, strict=False)
        ]
        acts = [sending(request) for request in requests]
        return run_load(bench.shop, dealt(acts, hands=bench.scale.connections))

    plain, floor, again, first = bench.in_turns(
        bench.floor("/json/"),
        bench.repeated([request_bytes("GET", MINIMAL)]),
        bench.repeated(known),
        first_looks,
    )
    looked = before + KNOWN + sum(result.done for result in first)
    bench.check("people who opened a link", found=LinkView.objects.count(), expected=looked)
    page = f"/g/{galleries[0].token}/"
    return [
        figure(BARE, floor, floor=plain, floor_name=PLAIN),
        figure(
            "gallery opened by a friend, HTML",
            again,
            floor=floor,
            floor_name=BARE,
            goal=GOAL,
            statements=statements(lambda client: client.get(page)),
        ),
        figure(
            "gallery opened for the first time, noted",
            first,
            floor=floor,
            floor_name=BARE,
            statements=statements(lambda client: client.get(page, headers={"user-agent": "x"})),
        ),
    ]
