"""A copy of a year as it was put away, so that what fails later does not cost all of it.

A year is hours of play, and may end with an error of the shop's that somebody mends. What is gone
on with is copied first, database, diary and Stripe, and stays until the year is put away again or
over; nothing is copied of its files, for none of them is changed once it is written.
"""

import shutil
from pathlib import Path

from django.db import connection
from psycopg import sql

from sharing.simulation.pausing import NAME, NothingKeptError
from sharing.simulation.stage import SUFFIX

FOLDER = "copy"
COPY = "_copy"
KEPT = (NAME, "stripe")


def bring_back(folder: Path) -> bool:
    """Put a year back to where it was put away last, unless it is put away now.

    Args:
        folder: where it is.

    Returns:
        Whether it was brought back, having failed since.

    Raises:
        NothingKeptError: neither it nor a copy is there.
    """
    copy = folder / FOLDER
    if (folder / NAME).exists():
        return False
    if not (copy / NAME).exists():
        raise NothingKeptError
    _copy_database(f"{SUFFIX}{COPY}", SUFFIX)
    for name in reversed(KEPT):
        _copy_files(copy / name, folder / name)
    return True


def keep_copy(folder: Path) -> None:
    """Copy a year that is put away; an earlier copy goes."""
    copy = folder / FOLDER
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    _copy_database(SUFFIX, f"{SUFFIX}{COPY}")
    # The diary last: without it, half a copy is none.
    for name in reversed(KEPT):
        _copy_files(folder / name, copy / name)


def forget_copy(folder: Path) -> None:
    """Let a copy go, its year being over or begun anew."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    with connection.cursor() as cursor:
        cursor.execute(_drop(f"{SUFFIX}{COPY}"))


def _copy_database(source: str, target: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_drop(target))
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        cursor.execute(copied.format(_named(target), _named(source)))
        # No part of a database that is copied.
        kept = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        cursor.execute(kept.format(_named(target)))


def _copy_files(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def _drop(suffix: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_named(suffix))


def _named(suffix: str) -> sql.Identifier:
    return sql.Identifier(f"{connection.settings_dict['NAME']}{suffix}")
