"""Twenty kills of worker, Redis, PostgreSQL and web under load: nothing lost, nothing doubled.

Each order is two jobs of the outbox: its charge, carried out by the real client at the Stripe
sandbox, and its mail.
"""

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.config.embedded.clones import Clone, make_clone

pytestmark = pytest.mark.soak

ORDERS = 1_000
KILLS = 20
PAUSE_SECONDS = 3.0
GOES_ON_WITHIN_SECONDS = 60
# A job that died with its worker falls due when its lease of five minutes is over.
ALL_DONE_WITHIN_SECONDS = 900
VICTIMS = ["config worker", "redis-server", "config worker child", "/bin/postgres -D", "granian"]
PYTHON = ".venv/bin/python"
RUN = (
    "import django, runpy; django.setup(); "
    "runpy.run_module('tests.soak.orders', run_name='__main__')"
)


@pytest.fixture
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    folder = tmp_path_factory.mktemp("soak")
    made = make_clone(folder / "lorgnette")
    made.start()
    made.wait_until_ready()
    yield made
    made.end()
    made.wait_until_gone()
    shutil.rmtree(folder)


def victim_of(clone: Clone, words: str) -> int | None:
    child = words.endswith(" child")
    found = clone.pids(words.removesuffix(" child"))
    return (found[-1] if child else found[0]) if found else None


def report(clone: Clone) -> dict[str, int]:
    done = clone.run(
        PYTHON, "-c", RUN, "report", "../acknowledged", DJANGO_SETTINGS_MODULE="config.settings"
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_is_lost_or_doubled_when_everything_is_killed_under_load(clone: Clone) -> None:
    placing = subprocess.Popen(
        [PYTHON, "-c", RUN, "place", str(ORDERS), "../acknowledged"],
        cwd=clone.folder,
        env={**clone.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert placing.stdout is not None
    assert placing.stdout.readline() == "begun\n"
    began, killed = time.monotonic(), 0
    for words in itertools.cycle(VICTIMS):
        if killed == KILLS:
            break
        time.sleep(PAUSE_SECONDS)
        victim = victim_of(clone, words)
        if victim is not None:
            os.kill(victim, signal.SIGKILL)
            killed += 1
    last_kill = time.monotonic()
    healthy = clone.wait_for_health(seconds=GOES_ON_WITHIN_SECONDS)
    done_then = report(clone)["done"]
    while (now := report(clone))["done"] == done_then and now["waiting"]:
        assert time.monotonic() - last_kill < GOES_ON_WITHIN_SECONDS, clone.said()
    went_on = time.monotonic() - last_kill
    assert placing.wait(timeout=ALL_DONE_WITHIN_SECONDS) == 0
    while (figures := report(clone))["waiting"]:
        assert time.monotonic() - last_kill < ALL_DONE_WITHIN_SECONDS, figures
        time.sleep(2)
    print(
        f"\n{killed} kills in {last_kill - began:.0f} s; healthy {healthy:.1f} s after the last, "
        f"work seen going on after {went_on:.1f} s, all done after "
        f"{time.monotonic() - last_kill:.0f} s\n{json.dumps(figures, indent=1)}"
    )
    assert figures["acknowledged"] == ORDERS
    for each in ("orders", "paid", "booked", "charged"):
        assert figures[each] == ORDERS, each
    for each in ("paid_more_than_once", "charged_without_order", "given_up"):
        assert figures[each] == 0, each
    # One for each order. What was sent again is the same mail: its Message-ID says so.
    assert figures["mails"] == ORDERS
    assert clone.run(PYTHON, "manage.py", "audit").returncode == 0
