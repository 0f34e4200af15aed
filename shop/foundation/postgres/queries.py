"""Queries that Django writes once a process and PostgreSQL plans once a connection.

Putting a query of the ORM together takes Python as long as PostgreSQL takes to plan it, and both
take longer than carrying it out. Where a request asks the same thing each time, it is written with
slots instead of values, and only filled from then on.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models.expressions import Expression
from django.db.models.lookups import Lookup
from django.db.models.query import get_related_populators
from psycopg.sql import Literal

from shop.foundation.postgres import prepared_cursor

# Constants that stand for themselves, whatever they are compared with.
SPELLED_OUT = (str, int, Decimal)
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


class AnyOf(Lookup):
    """Whether a field is one of a slot's values, however many there are: ``= ANY`` of a list."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the comparison, with the slot as its parameter."""
        field, params = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", [*params, self.rhs]


class PreparedQuery(Generic[M]):
    """A query for rows of a model, and of those it selects along, which never changes its words."""

    def __init__(self, write: Callable[[], "models.QuerySet[M]"]) -> None:
        """Take what writes the query.

        Args:
            write: called once, when the query is first used. All that differs between two uses is a
                ``Slot``: the present, too. No prefetching.
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
        return [written.instance(row) for row in _asked(written.sql, written.params, values)]

    def first(self, **values: Any) -> M | None:
        """Return the first row, or nothing; the query itself says how many it may read."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _written(self) -> "_Written[M]":
        return _Written(self._write())


class PreparedValues:
    """A query for values, not for rows of a model: what ``values_list`` reads, counts, too."""

    def __init__(self, write: Callable[[], "models.QuerySet[Any, Any]"]) -> None:
        """Take what writes the query.

        Args:
            write: as of ``PreparedQuery``, ending in ``values_list``.
        """
        self._write = write

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows, each a tuple.

        Args:
            values: for every slot by its name, as the column holds them.

        Raises:
            KeyError: a slot is left.
        """
        sql, params, converters = self._written
        return [_converted(row, converters) for row in _asked(sql, params, values)]

    @cached_property
    def _written(self) -> tuple[str, Sequence[Any], list[Any]]:
        query = self._write().query
        compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = _spelled_out(*compiler.as_sql())
        assert not query.select_for_update
        return sql, params, _converters(compiler)


class PreparedCount:
    """How many rows of a query there are, and the least value of a column of theirs."""

    def __init__(self, write: Callable[[], "models.QuerySet[Any, Any]"], column: str) -> None:
        """Take what writes the query for rows, and the column, such as since when each waits."""
        self._rows = PreparedValues(lambda: _count_and_least(write(), column))

    def row(self, **values: Any) -> tuple[int, Any]:
        """Return the count and the least value, which is nothing where there are no rows.

        Args:
            values: for every slot by its name, as the column holds them.

        Raises:
            KeyError: a slot is left.
        """
        count, least = self._rows.rows(**values)[0]
        return int(count), least


def _count_and_least(rows: "models.QuerySet[Any, Any]", column: str) -> "models.QuerySet[Any, Any]":
    # All in one group, so that this stays a query, as ``aggregate`` does not.
    together = rows.select_related(None).order_by().annotate(_all=models.Value(1)).values("_all")
    counted = together.annotate(_count=models.Count("*"), _least=models.Min(column))
    least: models.QuerySet[Any, Any] = counted.values_list("_count", "_least")
    return least


def _asked(sql: str, params: Sequence[Any], values: dict[str, Any]) -> list[tuple[Any, ...]]:
    filled = [values[each.name] if isinstance(each, Slot) else each for each in params]
    with prepared_cursor() as cursor:
        cursor.execute(sql, filled)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _spelled_out(sql: str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    """Write the constants of a statement into its text; slots alone are left to be filled.

    A plan that is made once knows them then: that of a partial index is found by them, and where
    it cannot be, PostgreSQL plans the statement anew each time.
    """
    texts = sql.split("%s")
    if len(texts) != len(params) + 1:
        # A pattern with a percent sign of its own.
        return sql, list(params)
    connection.ensure_connection()
    written, left = [texts[0]], []
    for param, text in zip(params, texts[1:], strict=True):
        if isinstance(param, SPELLED_OUT):
            constant = Literal(param).as_string(connection.connection).replace("%", "%%")
        else:
            constant = "%s"
            left.append(param)
        written += [constant, text]
    return "".join(written), left


def _converters(compiler: Any) -> list[Any]:
    """Return what makes Python's values of a row's, each with its place and expression."""
    found = compiler.get_converters([each[0] for each in compiler.select])
    return [(at, *each) for at, each in found.items()]


def _converted(row: tuple[Any, ...], converters: list[Any]) -> tuple[Any, ...]:
    if not converters:
        return row
    converted = list(row)
    for at, convert, expression in converters:
        for each in convert:
            converted[at] = each(converted[at], expression, connection)
    return tuple(converted)


class _Written(Generic[M]):
    """What Django makes of a query: its text, and how rows of it become instances."""

    def __init__(self, rows: "models.QuerySet[M]") -> None:
        compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = _spelled_out(*compiler.as_sql())
        self.locks = rows.query.select_for_update
        selected, found = compiler.select, compiler.klass_info
        assert found is not None
        self._annotated = list(compiler.annotation_col_map.items())
        self._model: type[M] = found["model"]
        first, last = found["select_fields"][0], found["select_fields"][-1] + 1
        self._own = slice(first, last)
        self._names = [each[0].target.attname for each in selected[self._own]]
        # What the type checker knows of it is another release of Django.
        populators: Callable[..., list[Any]] = get_related_populators
        self._related = populators(found, selected, DEFAULT_DB_ALIAS)
        self._converters = _converters(compiler)

    def instance(self, row: tuple[Any, ...]) -> M:
        """Return a row as an instance, with those it was selected with, and what was counted."""
        row = _converted(row, self._converters)
        made: M = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        for name, at in self._annotated:
            setattr(made, name, row[at])
        return made
