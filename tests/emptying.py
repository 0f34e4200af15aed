"""Empties the database after a test that committed: only the tables that hold something.

Django truncates all 121 of them and makes permissions, roles and content types anew, which takes a
tenth of a second of this process and more of PostgreSQL; looking which tables hold a row takes a
hundredth of that.
"""

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

# Filled by migrating; tests but seldom change them.
OF_MIGRATING = (
    *("django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
    "django_migrations",
)
_whole_teardown = TransactionTestCase._fixture_teardown
_as_migrated: list[str] = []


def empty_what_was_written(case: TransactionTestCase) -> None:
    """Delete every row that tests wrote; where they changed what migrating made, do as Django does.

    Stands for ``TransactionTestCase._fixture_teardown``.
    """
    alike = bool(_as_migrated) and _print() == _as_migrated[0]
    if case.available_apps is not None or not alike or not _is_superuser():
        _whole_teardown(case)
        _as_migrated[:] = [_print()]
        return
    with connection.cursor() as cursor:
        cursor.execute(_which_hold_a_row())
        written = [name for (name,) in cursor.fetchall()]
    if not written:
        return
    delete = sql.SQL("; ").join(
        sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in written
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither the order of keys nor that a book's rows are never deleted counts here.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(delete.as_string(connection.connection))


@cache
def _is_superuser() -> bool:
    """Tell whether the triggers may be left out: on a server of somebody's own they may not be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return bool(cursor.fetchone() == ("on",))


@cache
def _which_hold_a_row() -> str:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    parts = [
        sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(sql.Literal(name), sql.Identifier(name))
        for name in sorted({*tables} - {*OF_MIGRATING})
    ]
    return sql.SQL(" UNION ALL ").join(parts).as_string(None)


def _print() -> str:
    """Return what changes with any row of what migrating made."""
    parts = [
        f"(SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t)"
        for table in OF_MIGRATING
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws('.', {', '.join(parts)})")
        (found,) = cursor.fetchone()
    return str(found)
