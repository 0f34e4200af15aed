"""Django, Celery and the audit find every room, in a process that has only just begun."""

import ast
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.house.house import ROOT, calls, furniture

LOOK = """
import json, sys
from config.celery import app
app.loader.import_default_modules()
from django.contrib import admin
from django.db.models import signals
from allauth.account import signals as accounts
from shop.foundation.invariants import all_invariants
from shop.foundation.outbox import registered_handlers
admin.autodiscover()
print(json.dumps({
    "modules": sorted(sys.modules),
    "tasks": {name: task.__module__ for name, task in app.tasks.items()},
    "handlers": registered_handlers(),
    "invariants": len(all_invariants()),
    "receivers": [
        str(key[0])
        for signal in (signals.post_migrate, accounts.user_signed_up, accounts.user_logged_in)
        for key, *_rest in signal.receivers
    ],
}))
"""


@pytest.fixture(scope="module")
def worker() -> dict[str, Any]:
    """What a worker knows right after its start; nothing that this test run has imported."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    known: dict[str, Any] = json.loads(done.stdout)
    return known


@pytest.mark.parametrize(
    "piece", ["models", "tasks", "admin", "invariants", "receivers", "personal_data"]
)
def test_every_rooms_piece_is_loaded(worker: dict[str, Any], piece: str) -> None:
    assert furniture(piece)
    assert [name for name in furniture(piece) if name not in worker["modules"]] == []


def test_every_job_has_a_name_of_its_own_that_no_moving_of_files_changes(
    worker: dict[str, Any],
) -> None:
    ours = {name: module for name, module in worker["tasks"].items() if "celery." not in name}
    declared = [call for _path, call in calls("shared_task")]

    assert len(ours) == len(declared) > 5
    assert [name for name in ours if ".tasks" in name] == []
    assert {name.rpartition(".")[0] for name in ours} == {
        module.removesuffix(".tasks") for module in ours.values()
    }


def test_every_entry_of_the_beat_names_a_job(worker: dict[str, Any]) -> None:
    beat = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert beat - set(worker["tasks"]) == set()


def test_no_entry_of_the_beat_waits_longer_than_a_beat_runs() -> None:
    """A beat that lost its file, as by a new container, waits a whole interval before it rings."""
    schedules = {name: each["schedule"] for name, each in settings.CELERY_BEAT_SCHEDULE.items()}

    assert {name: each for name, each in schedules.items() if each > 3600} == {}


def _topic(path: Path, said: ast.expr) -> str:
    """Return a topic, written out or by a constant of its module."""
    if isinstance(said, ast.Constant):
        return str(said.value)
    assert isinstance(said, ast.Name), f"{path}: say the topic, or a constant of the module"
    module = importlib.import_module(".".join(path.with_suffix("").parts))
    return str(getattr(module, said.id))


def test_every_topic_that_is_published_is_handled_and_the_other_way_round(
    worker: dict[str, Any],
) -> None:
    said = [*calls("publish"), *calls("News")]
    published = {_topic(path, call.args[0]) for path, call in said}

    assert published == set(worker["handlers"])


def test_every_receiver_is_connected(worker: dict[str, Any]) -> None:
    declared = [
        keyword.value.value  # type: ignore[attr-defined]
        for _path, call in calls("receiver")
        for keyword in call.keywords
        if keyword.arg == "dispatch_uid"
    ]

    assert len(declared) == len(list(calls("receiver"))) == len(set(declared)) > 0
    assert [uid for uid in declared if uid not in worker["receivers"]] == []


def test_the_audit_knows_every_invariant_that_is_stated(worker: dict[str, Any]) -> None:
    stated = [path for path, _call in calls("invariant") if path.name == "invariants.py"]

    assert worker["invariants"] == len(stated)
