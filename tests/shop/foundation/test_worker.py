"""A real Celery worker over a real Redis, killed in the middle of its work."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from celery import Celery, current_app
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from config.embedded.processes import end_with_parent
from shop.foundation.locks import lock_name
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import publish
from shop.inventory.models import StockRecord
from tests.factories.shop import StockRecordFactory
from tests.shop.foundation.at_once import waiting_for_locks
from tests.shop.foundation.jobs import GATE, TOPIC
from tests.shop.payments.sandbox.running import eventually

# One process for all: each begins by emptying the Redis database that the others use.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]
REDIS_DATABASE = 9
JOBS = 12
PATIENCE = 60.0


@contextmanager
def _worker(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker with one child over the test's database, until the block ends."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.story.settings",
        "LORGNETTE_TESTING": "1",
        "STORY_DATABASE": connection.settings_dict["NAME"],
        "STORY_REDIS_DATABASE": str(REDIS_DATABASE),
    }
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-c", "1"]
    command += ["-l", "info", "--without-mingle", "--without-gossip"]
    command += ["--include", "tests.shop.foundation.jobs"]
    with (folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(timeout=15)


@pytest.fixture
def bell() -> Iterator[Celery]:
    """The shop rings, and asks after its worker, on a database of Redis that nobody else uses."""
    url = f"{settings.REDIS_URL.rpartition('/')[0]}/{REDIS_DATABASE}"
    with redis.Redis.from_url(url) as store:
        store.flushdb()
    before = current_app._get_current_object()
    app = Celery("lorgnette", broker=url, set_as_current=False)
    app.conf.task_ignore_result = True
    app.set_current()
    yield app
    before.set_current()
    app.close()


def _publish(shelf: StockRecord, times: int) -> None:
    with transaction.atomic():
        for _each in range(times):
            publish(TOPIC, {"stock": shelf.pk})


def _children(process: "subprocess.Popen[bytes]") -> list[int]:
    rows = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(each) for each in rows.split()]


def _log(folder: Path) -> str:
    return (folder / "worker.log").read_text()


def _all_done() -> bool:
    return not OutboxMessage.objects.filter(done_at=None).exists()


def _the_lease_has_passed() -> None:
    OutboxMessage.objects.filter(done_at=None).update(due_at=timezone.now() - timedelta(seconds=1))


@contextmanager
def _gate_shut() -> Iterator[None]:
    """Hold the gate by a connection of its own, so that the test's own waits for nobody."""
    database = connection.settings_dict
    with (
        psycopg.connect(
            host=database["HOST"],
            port=database["PORT"],
            user=database["USER"],
            password=database["PASSWORD"],
            dbname=database["NAME"],
        ) as holder,
        holder.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [GATE])
        yield


def test_killed_in_the_middle_of_a_job_nothing_is_lost_or_done_twice(
    bell: Celery, tmp_path: Path
) -> None:
    shelf = StockRecordFactory(on_hand=0)

    def at_the_gate(count: int) -> bool:
        # Whoever is killed there stands there in the database until the gate opens.
        return waiting_for_locks() == count

    with _worker(tmp_path) as worker:
        with _gate_shut():
            _publish(shelf, JOBS)
            assert eventually(lambda: at_the_gate(1), PATIENCE), _log(tmp_path)
            (child,) = _children(worker)
            os.kill(child, signal.SIGKILL)
            assert eventually(lambda: at_the_gate(2), PATIENCE), _log(tmp_path)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(timeout=15)
        shelf.refresh_from_db()
        assert shelf.on_hand == 0, "what was not finished is not there in halves"
        assert OutboxMessage.objects.filter(attempts=1, done_at=None).count() == 2

    with _worker(tmp_path):
        assert _answers(200) == {"healthy": True, "database": True, "redis": True, "worker": True}
        _the_lease_has_passed()
        # As the beat does every few seconds.
        bell.send_task("shop.foundation.sweep_outbox")
        assert eventually(_all_done, PATIENCE), _log(tmp_path)

    shelf.refresh_from_db()
    assert shelf.on_hand == JOBS
    assert _answers(503)["worker"] is False


def _answers(status: int) -> dict[str, Any]:
    """Return what ``/healthz`` says, asked until it answers with ``status``."""
    client = Client()
    assert eventually(lambda: client.get("/healthz").status_code == status, PATIENCE)
    body: dict[str, Any] = client.get("/healthz").json()
    return body


def test_health_names_what_does_not_answer(bell: Celery, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    without_redis = Client().get("/healthz")
    assert without_redis.status_code == 503
    assert without_redis.json() == {
        "healthy": False,
        "database": True,
        "redis": False,
        "worker": False,
    }
    assert "no-cache" in without_redis["Cache-Control"]
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        without_both = Client().get("/healthz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert (without_both.status_code, without_both.json()["database"]) == (503, False)


def test_a_name_is_one_lock_in_every_process(bell: Celery) -> None:
    with _gate_shut(), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(Exception, match="lock timeout"):
            lock_name(GATE)
        transaction.set_rollback(True)
