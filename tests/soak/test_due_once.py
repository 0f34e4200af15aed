"""What is due happens once, whatever is killed, emptied and restarted while it does.

Reminders, charges, holds, notices and mails of lines and galleries fall due for some two hundred
people at once. Real workers and beat carry them out over a real Redis and PostgreSQL, against the
Stripe sandbox over HTTP, and all of these are broken meanwhile at random moments.
"""

import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.config.embedded.clones import Clone, make_clone
from tests.soak.breaking import Breaker, is_at_work
from tests.soak.due.kinds import KINDS

pytestmark = pytest.mark.soak

EACH = int(os.environ.get("SOAK_DUE_EACH", "10"))
BREAKS = int(os.environ.get("SOAK_BREAKS", "120"))
SEED = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
# Shorter than in a shop, so that what a killed worker held is taken up while others are killed.
LEASE_SECONDS = 30
READY_WITHIN_SECONDS = 900
BROKEN_WITHIN_SECONDS = 1800
HEALTHY_WITHIN_SECONDS = 90
ALL_DONE_WITHIN_SECONDS = 900
# What is due every minute.
RUNG_TWICE_SECONDS, BEGUN_SECONDS = 75, 2
# Every line of the beat asks at least once more, and finds nothing to do.
QUIET_SECONDS = 130
PYTHON = ".venv/bin/python"
RUN = (
    "import django, runpy; django.setup(); "
    "runpy.run_module('tests.soak.due.__main__', run_name='__main__')"
)


@pytest.fixture
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    folder = tmp_path_factory.mktemp("soak")
    made = make_clone(folder / "lorgnette")
    made.start(OUTBOX_LEASE_SECONDS=str(LEASE_SECONDS))
    made.wait_until_ready(seconds=READY_WITHIN_SECONDS)
    yield made
    made.end()
    made.wait_until_gone()
    shutil.rmtree(folder)


def ask(clone: Clone, what: str) -> dict[str, Any]:
    done = clone.run(
        PYTHON,
        "-c",
        RUN,
        what,
        str(EACH),
        seconds=READY_WITHIN_SECONDS,
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    return found


def wait_until_all_is_as_it_must_be(clone: Clone, *, since: float) -> dict[str, Any]:
    while True:
        found = ask(clone, "report")
        if not found["wrong"] and not found["waiting"]:
            return found
        if time.monotonic() > since + ALL_DONE_WITHIN_SECONDS:
            raise AssertionError(f"seed {SEED}: {json.dumps(found, indent=1)}")
        time.sleep(5)


def test_what_is_due_happens_once_while_everything_is_broken(clone: Clone) -> None:
    breaker = Breaker(clone, seed=SEED)
    breaker.stop()
    # What Stripe tells of the making came long ago.
    breaker.ask_sandbox("webhook_faults", {"action": "drop", "count": 10_000})
    ask(clone, "make")
    breaker.ask_sandbox("faults")
    before = ask(clone, "report")
    assert len(before["wrong"]) == EACH * len(KINDS), "done before it was due"

    # Nobody has heard a bell of all that was made. Then beat rings twice before a worker hears it.
    breaker.empty_redis()
    breaker.have_first_charges_fail()
    breaker.go_on("config beat")
    time.sleep(RUNG_TWICE_SECONDS)
    breaker.go_on("config worker")
    time.sleep(BEGUN_SECONDS)
    began = time.monotonic()
    while sum(breaker.broken.values()) < BREAKS:
        time.sleep(breaker.chance.uniform(0.05, 1.5))
        assert clone.make is not None
        over = time.monotonic() > began + BROKEN_WITHIN_SECONDS
        assert clone.make.poll() is None, clone.said()[-3000:]
        assert not over, breaker.broken
        if is_at_work(clone):
            breaker.break_something()
    ended = time.monotonic()
    breaker.ask_sandbox("faults")
    # With nothing else broken any more: whoever waits for an alarm goes on hearing it.
    breaker.empty_redis()
    healthy = clone.wait_for_health(seconds=HEALTHY_WITHIN_SECONDS)
    wait_until_all_is_as_it_must_be(clone, since=ended)
    done = time.monotonic()
    time.sleep(QUIET_SECONDS)
    found = ask(clone, "report")
    print(
        f"\nseed {SEED}: {EACH * len(KINDS)} people, {sum(breaker.broken.values())} breaks in "
        f"{ended - began:.0f} s: {json.dumps(breaker.broken)}; healthy {healthy:.1f} s and all "
        f"done {done - ended:.0f} s after the last\n{json.dumps(found, indent=1)}"
    )
    assert not found["wrong"]
    assert found["waiting"] == found["given_up"] == 0
    audit = clone.run(PYTHON, "manage.py", "audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
