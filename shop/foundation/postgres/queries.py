"""Queries that Django writes once a process and PostgreSQL plans once a connection.

Putting a query of the ORM together takes Python as long as PostgreSQL takes to plan it, and both
take longer than carrying it out. Where a request asks the same thing each time, it is written with
slots instead of values, and only filled from then on.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

from shop.foundation.postgres import prepared_cursor

M = TypeVar("M", bound=models.Model)


class Slot(Expression):
    """What stands in a query for a value that each use brings, in place of a constant."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any] | None" = None) -> None:
        """Take a name, and a field where Django must know of what kind the value is."""
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the slot itself as a parameter, to be exchanged for a value later."""
        return "%s", [self]


class PreparedQuery(Generic[M]):
    """A query for rows of a model, and of those it selects along, which never changes its words."""

    def __init__(self, write: Callable[[], "models.QuerySet[M]"]) -> None:
        """Take what writes the query.

        Args:
            write: called once, when the query is first used. All that differs between two uses is a
                ``Slot``: the present, too. No prefetching, no annotations.
        """
        self._write = write

    def rows(self, **values: Any) -> list[M]:
        """Return the rows.

        Args:
            values: for every slot by its name, as the column holds them.

        Raises:
            KeyError: a slot is left.
            django.db.transaction.TransactionManagementError: it locks, outside a transaction.
        """
        written = self._written
        if written.locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("A query that locks needs a transaction.")
        filled = [values[each.name] if isinstance(each, Slot) else each for each in written.params]
        with prepared_cursor() as cursor:
            cursor.execute(written.sql, filled)
            return [written.instance(row) for row in cursor.fetchall()]

    def first(self, **values: Any) -> M | None:
        """Return the first row, or nothing; the query itself says how many it may read."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _written(self) -> "_Written[M]":
        return _Written(self._write())


class _Written(Generic[M]):
    """What Django makes of a query: its text, and how rows of it become instances."""

    def __init__(self, rows: "models.QuerySet[M]") -> None:
        compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        self.locks = rows.query.select_for_update
        selected, found = compiler.select, compiler.klass_info
        assert found is not None
        assert not compiler.annotation_col_map
        self._model: type[M] = found["model"]
        first, last = found["select_fields"][0], found["select_fields"][-1] + 1
        self._own = slice(first, last)
        self._names = [each[0].target.attname for each in selected[self._own]]
        # What the type checker knows of it is another release of Django.
        populators: Callable[..., list[Any]] = get_related_populators
        self._related = populators(found, selected, DEFAULT_DB_ALIAS)
        converters = compiler.get_converters([each[0] for each in selected])
        self._converters = [(at, *each) for at, each in converters.items()]

    def instance(self, row: tuple[Any, ...]) -> M:
        """Return a row as an instance, with those it was selected with at hand."""
        if self._converters:
            converted = list(row)
            for at, convert, expression in self._converters:
                for each in convert:
                    converted[at] = each(converted[at], expression, connection)
            row = tuple(converted)
        made: M = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        return made
