"""Migrations can be taken back, and say why where they change a table that is in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import psycopg
import pytest
from django.db import connection, migrations
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tests.house.house import FLOORS

SHAPE = """
SELECT 'column', table_name || '.' || column_name,
    data_type || ' ' || is_nullable || ' ' || coalesce(character_maximum_length, 0)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 't'
UNION ALL SELECT 'index', tablename || '.' || indexname, indexdef
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, prosrc
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
"""
# What may hold a table locked while all of it is read, or break the release that still runs.
RISKY = (
    *(migrations.AddIndex, migrations.AddConstraint, migrations.AlterField),
    *(migrations.RemoveField, migrations.RenameField, migrations.RenameModel),
    *(migrations.DeleteModel, migrations.RunSQL, migrations.RunPython),
)


def _shape() -> set[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return set(cursor.fetchall())


@contextmanager
def _copy_of_the_database() -> Iterator[None]:
    """Work on a copy of the test's database until the block ends."""
    database = dict(connection.settings_dict)
    source, copy = sql.Identifier(database["NAME"]), sql.Identifier(f"{database['NAME']}_house")
    server = {name.lower(): database[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    connection.close()
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, source))
        connection.settings_dict["NAME"] = f"{database['NAME']}_house"
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = database["NAME"]
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_all_migrations_can_be_taken_back_and_made_again() -> None:
    with _copy_of_the_database():
        before = _shape()
        executor = MigrationExecutor(connection)
        executor.migrate([(floor, None) for floor in reversed(FLOORS)])
        left = {str(name) for kind, name, _what in _shape() if kind != "function"}
        assert not [name for name in left if name.startswith(tuple(f"{each}_" for each in FLOORS))]
        executor.loader.build_graph()
        executor.migrate(executor.loader.graph.leaf_nodes())

        assert _shape() == before


def _migrations() -> list[tuple[str, Migration]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [
        (f"{app}.{name}", migration)
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in FLOORS
    ]


def test_no_step_of_a_migration_is_for_good() -> None:
    assert [
        (name, type(step).__name__)
        for name, migration in _migrations()
        for step in migration.operations
        if not step.reversible
    ] == []


def test_a_change_of_a_table_in_use_says_why_it_is_safe() -> None:
    unexplained = [
        name
        for name, migration in _migrations()
        if not migration.initial
        and any(isinstance(step, RISKY) for step in migration.operations)
        and not (type(migration).__doc__ or import_module(type(migration).__module__).__doc__)
    ]
    assert unexplained == []
