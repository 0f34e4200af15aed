"""Twenty kills of worker, Redis, PostgreSQL and web under load: nothing lost, nothing doubled.

Each order is two jobs of the outbox: its charge, carried out by the real client at the Stripe
sandbox, and its mail.
"""

import itertools
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.config.embedded.clones import Clone, make_clone

pytestmark = pytest.mark.soak

ORDERS = 1_000
KILLS = 20
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


def victim_of(clone: Clone, words: str) -> int:
    """Return the process to kill; a child is the youngest of its name."""
    found = clone.pids(words.removesuffix(" child"))
    return found[-1] if words.endswith(" child") else found[0]


def jobs_done(clone: Clone) -> int | None:
    """Return how many jobs are done; None while the database does not say."""
    try:
        with psycopg.connect(clone.services()["database_url"], connect_timeout=2) as connection:
            row = connection.execute(
                "SELECT count(*) FROM shop_outboxmessage WHERE done_at IS NOT NULL"
            ).fetchone()
    except psycopg.OperationalError:
        return None
    return int(row[0]) if row else None


def wait_until_work_goes_on(clone: Clone) -> float:
    """Wait until one more job is done than now; return how long that took."""
    began, before = time.monotonic(), jobs_done(clone)
    while (now := jobs_done(clone)) is None or before is None or now <= before:
        before = before if before is not None else now
        assert time.monotonic() - began < GOES_ON_WITHIN_SECONDS, clone.said()
        time.sleep(0.1)
    return time.monotonic() - began


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
    began, recovered = time.monotonic(), list[float]()
    for words in itertools.islice(itertools.cycle(VICTIMS), KILLS):
        wait_until_work_goes_on(clone)
        # At no moment of their own: somewhere within a job, or between two.
        time.sleep(random.uniform(0.5, 2.0))
        os.kill(victim_of(clone, words), signal.SIGKILL)
        recovered.append(wait_until_work_goes_on(clone))
    last_kill = time.monotonic()
    healthy = clone.wait_for_health(seconds=GOES_ON_WITHIN_SECONDS)
    (clone.folder.parent / "stop").touch()
    assert placing.wait(timeout=ALL_DONE_WITHIN_SECONDS) == 0
    while (figures := report(clone))["waiting"]:
        assert time.monotonic() - last_kill < ALL_DONE_WITHIN_SECONDS, figures
        time.sleep(2)
    print(
        f"\n{KILLS} kills in {last_kill - began:.0f} s; work went on after "
        f"{statistics.median(recovered):.1f} s (median), {max(recovered):.1f} s at most; healthy "
        f"{healthy:.1f} s and all done {time.monotonic() - last_kill:.0f} s after the last"
        f"\n{json.dumps(figures, indent=1)}"
    )
    assert figures["acknowledged"] >= ORDERS
    for each in ("orders", "paid", "booked", "charged"):
        assert figures[each] == figures["acknowledged"], each
    for each in ("paid_more_than_once", "charged_without_order", "given_up"):
        assert figures[each] == 0, each
    # One for each order. What was sent again is the same mail: its Message-ID says so.
    assert figures["mails"] == figures["acknowledged"]
    assert clone.run(PYTHON, "manage.py", "audit").returncode == 0
