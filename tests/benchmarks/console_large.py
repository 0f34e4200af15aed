"""Every page of the console as staff see it, among a million trials and 200,000 units.

Times are the server's own: of a request through the application that a web process serves, with all
its middlewares, in this process; so that nothing of the network or of a load generator is in them,
nor of Django's test client, which leaves nine objects a request for the collector to pass over.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.wsgi import application
from shop.customers.models import User
from shop.foundation.garbage import leave_loaded_alone
from tests.benchmarks.bench import FULL, Bench
from tests.benchmarks.console_goods import LARGE, SMALL, large_shop
from tests.benchmarks.console_pages import pages
from tests.benchmarks.floors import MINIMAL
from tests.benchmarks.report import Figure
from tests.benchmarks.statements import CONTROL
from trials.economics.keeping import keep_margins
from trials.planning.keeping import keep_plans

# Of so many looks the 99th of a hundred is the second longest.
LOOKS = 200
LATEST_MS = 50.0
Look = Callable[[str], int]

FLOOR = "bare view in the shop, in this process"


def run(bench: Bench) -> list[Figure]:
    """Fill or find the shop, look at each page ``LOOKS`` times, and count its statements."""
    large = bench.scale.products == FULL.products
    with large_shop(LARGE if large else SMALL):
        look = _look(User.objects.get(email="ops0@shop.example"))
        looks = LOOKS if large else 3
        # As the hourly jobs leave them.
        keep_margins()
        keep_plans()
        # As each web process does.
        leave_loaded_alone()
        floor = _times(look, [MINIMAL], looks, bench)
        return [
            _figure(name, _times(look, urls, looks, bench), floor, _statements(look, urls))
            for name, urls in pages().items()
        ]


def _times(look: Look, urls: Sequence[str], looks: int, bench: Bench) -> list[float]:
    answers = {look(url) for url in urls[:3]}
    taken = []
    for n in range(looks):
        began = time.perf_counter()
        answers.add(look(urls[n % len(urls)]))
        taken.append(time.perf_counter() - began)
    # A search that finds one thing leads to its page.
    right = {200, 302} if urls[0].startswith(reverse("console:search")) else {200}
    bench.check(f"answers of {urls[0]}", found=answers - right, expected=set())
    return taken


def _look(user: User) -> Look:
    client = Client()
    client.force_login(user)
    asking = RequestFactory(headers={"host": "localhost"})
    asking.cookies = client.cookies

    def look(url: str) -> int:
        request = application.request_class(asking.get(url).environ)
        response: Any = application.get_response(request)
        if response.streaming:
            # What counts is how soon a download begins.
            next(iter(response.streaming_content))
        return int(response.status_code)

    return look


def _statements(look: Look, urls: Iterable[str]) -> str:
    """Return how many statements a look takes, as a range where looks differ."""
    counts = []
    for url in list(urls)[:5]:
        with CaptureQueriesContext(connection) as captured:
            look(url)
        sent = [query["sql"] for query in captured.captured_queries]
        counts.append(sum(not each.startswith(CONTROL) for each in sent))
    fewest, most = min(counts), max(counts)
    return str(most) if fewest == most else f"{fewest} to {most}"


def _figure(name: str, taken: list[float], floor: list[float], sent: str) -> Figure:
    late = quantiles(taken, n=100)[-1] * 1000
    return Figure(
        name=f"console: {name}",
        figure=round(1 / median(taken), 1),
        floor=round(1 / median(floor), 1),
        floor_name=FLOOR,
        late=round(late, 1),
        latest=LATEST_MS,
        notes={
            "p50 ms": round(median(taken) * 1000, 1),
            "p99 ms": round(late, 1),
            "statements": sent,
        },
    )
