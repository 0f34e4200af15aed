"""Databases of tests are copies of one that is migrated already.

Migrating from nothing takes half a minute of a core, a copy a fraction of a second. The one that is
copied stays in the tests' cluster until a migration, or what one imports, is changed; where some
were only added, they are applied to it.
"""

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from psycopg import sql

from config.embedded.layout import layout_of_tests, open_lock

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"
DRAFT = f"{PREFIX}draft"
OURS = re.compile(r"^(?:from|import) ((?:config|shop|trials|sharing)[\w.]*)", re.MULTILINE)


def connection_to(name: str) -> dict[str, str]:
    """Return what psycopg needs to connect to a database of the tests' cluster."""
    database = settings.DATABASES["default"]
    return {
        "host": database["HOST"],
        "port": str(database["PORT"]),
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": name,
    }


@contextmanager
def _server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(**connection_to("postgres"), autocommit=True) as connection:
        yield connection


def fresh_database(name: str, *, copied_from: str = "template1") -> None:
    """Make a database, in place of one of that name, as a copy of another nobody uses."""
    drop_database(name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with _server() as server:
        server.execute(create.format(sql.Identifier(name), sql.Identifier(copied_from)))


def drop_database(name: str) -> None:
    """Drop a database, if it is there, whoever uses it."""
    with _server() as server:
        server.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def migrated_database() -> str:
    """Return the name of a database that is migrated, empty otherwise and used by nobody.

    The first process that asks makes it, others wait for it.
    """
    texts = _texts()
    name = PREFIX + hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]
    lock = open_lock(layout_of_tests().run / "migrated.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = _migrated_databases()
        if name not in known:
            earlier = next(
                (each for each, of in known.items() if of.items() <= texts.items()), None
            )
            fresh_database(DRAFT, copied_from=earlier or "template1")
            for outdated in known.keys() - {DRAFT}:
                drop_database(outdated)
            _migrate(DRAFT)
            with _server() as server:
                comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
                server.execute(comment.format(sql.Identifier(DRAFT), json.dumps(texts)))
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                server.execute(rename.format(sql.Identifier(DRAFT), sql.Identifier(name)))
    finally:
        os.close(lock)
    return name


def _migrated_databases() -> dict[str, dict[str, str]]:
    """Return the texts that each was migrated by; one that broke off names none."""
    with _server() as server:
        rows = server.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE starts_with(datname, %s)",
            [PREFIX],
        )
        return {str(name): json.loads(str(texts or '{"": ""}')) for name, texts in rows}


def _texts() -> dict[str, str]:
    """Return a digest of each file that says how a database is migrated."""
    migrations = [
        file
        for app in apps.get_app_configs()
        for file in sorted(Path(app.path, "migrations").glob("*.py"))
    ]
    texts = {str(file): file.read_bytes() for file in migrations}
    imported = {module for text in texts.values() for module in OURS.findall(text.decode())}
    for module in sorted(imported):
        place = ROOT / module.replace(".", "/")
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        texts[str(file)] = file.read_bytes()
    # Partitions of the events are made for the months that come.
    texts["month"] = f"{timezone.now():%Y-%m}".encode()
    return {name: hashlib.sha256(text).hexdigest()[:16] for name, text in texts.items()}


def _migrate(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.story.settings",
            "LORGNETTE_TESTING": "1",
            "STORY_DATABASE": name,
            "STORY_REDIS_DATABASE": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
