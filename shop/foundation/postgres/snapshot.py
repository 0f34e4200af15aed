"""Several statements that see the database at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let what is read within be of one moment, whoever writes meanwhile.

    By itself each statement sees what was committed before it began: of two that are compared the
    second one sees more. Within a transaction that is there already, it stays as that one has it.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
