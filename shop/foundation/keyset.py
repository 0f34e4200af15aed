"""Lists of any length: each page begins beside a row of the page before, and nothing is counted.

An offset reads every row before it, and a count all of them; both take longer the more there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from shop.foundation.postgres.queries import PreparedQuery

# Beyond so many a list says “more than”.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class KeysetPage:
    """Some rows of a list.

    Attributes:
        object_list: the rows.
        before, after: the places where pages before and after begin; empty where there are none.
    """

    object_list: Sequence[Any]
    before: str
    after: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def links(self, **query: str) -> dict[str, str]:
        """Return ``previous_url`` and ``next_url`` as the part ``pagination`` takes them.

        Args:
            query: filters that stay; empty ones are left out.
        """
        kept = {name: value for name, value in query.items() if value}
        places = {"previous_url": ("before", self.before), "next_url": ("after", self.after)}
        return {
            link: f"?{urlencode({**kept, name: place})}" if place else ""
            for link, (name, place) in places.items()
        }


def keyset_page(
    rows: QuerySet[Any],
    *,
    asked: Mapping[str, str],
    size: int,
    whole: PreparedQuery[Any] | None = None,
    besides: QuerySet[Any] | None = None,
) -> KeysetPage:
    """Return the page that begins where somebody asked for it, in one statement, or two.

    Args:
        rows: sorted by one column and then by ``pk``, both up or both down, or by ``pk`` alone.
        asked: ``after`` or ``before``, as a page's links say; the first page for what is no place.
        size: how many rows at most.
        whole: how the rows of a page are read with all that they show, by a slot ``keys``. Which
            rows these are is then asked without it, of their own table alone: PostgreSQL takes
            longer to plan a join of many tables than to read fifty rows of each.
        besides: more rows of the list, none of them among ``rows``, sorted alike, in a statement of
            their own. Where each kind is found by another index, asking for one "or" the other
            reads both to their ends. They are put together by Python: by no text, whose order is
            the database's, and by nothing that may be null.
    """
    order = [str(each) for each in rows.query.order_by or rows.model._meta.ordering]
    down = order[0].startswith("-")
    column = order[0].removeprefix("-")
    backwards = not asked.get("after") and bool(asked.get("before"))
    place = _place(rows, column, asked.get("before" if backwards else "after", ""))
    if place is None:
        backwards = False
    found: list[Any] = []
    for part in [rows] if besides is None else [rows, besides]:
        if place is not None:
            part = part.filter(_beyond(column, place, greater=down == backwards))
        part = part.reverse() if backwards else part
        found.extend((part if whole is None else _bare(part, column))[: size + 1])
    if besides is not None:
        found.sort(key=lambda row: (_value(row, column), row.pk), reverse=down != backwards)
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return KeysetPage([], "", "")
    return KeysetPage(
        object_list=shown if whole is None else _whole(whole, shown),
        before=_written(shown[0], column) if (more if backwards else place is not None) else "",
        after=_written(shown[-1], column) if (backwards or more) else "",
    )


def _bare(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    # Of what is selected along, none is needed but where the column stands.
    along = column.rpartition("__")[0]
    bare = rows.select_related(None)
    bare = bare.select_related(along) if along else bare
    bare = bare.only("pk", *([] if column in rows.query.annotations else [column]))
    # Rows of a thing are given it, and each would be asked for its key, which is left out.
    bare._known_related_objects = {}  # type: ignore[attr-defined]
    return bare


def _whole(query: PreparedQuery[Any], rows: Sequence[Any]) -> list[Any]:
    keys = [row.pk for row in rows]
    read = {row.pk: row for row in query.rows(keys=keys)}
    return [read[key] for key in keys if key in read]


def _value(row: Any, column: str) -> Any:
    value = row
    for part in column.split("__"):
        value = getattr(value, part)
    return value


def _written(row: Any, column: str) -> str:
    value = _value(row, column)
    written = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"{written}~{row.pk}"


def _place(rows: QuerySet[Any], column: str, text: str) -> tuple[Any, Any] | None:
    """Return the value and the key that a place names; nothing where it is none."""
    value, tilde, key = text.rpartition("~")
    if not tilde:
        return None
    try:
        read = _field(rows, column).to_python(value), rows.model._meta.pk.to_python(key)
    except (ValidationError, ValueError, OverflowError, FieldError):
        return None
    # A moment without a zone is none that a page wrote.
    naive = hasattr(read[0], "utcoffset") and read[0].utcoffset() is None
    return None if naive or None in read else read


def _field(rows: QuerySet[Any], column: str) -> Any:
    if column in rows.query.annotations:
        return rows.query.annotations[column].output_field
    model: Any = rows.model
    *way, last = column.split("__")
    for part in way:
        model = model._meta.get_field(part).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _beyond(column: str, place: tuple[Any, Any], *, greater: bool) -> Q:
    value, key = place
    further = "gt" if greater else "lt"
    if column == "pk":
        return Q(**{f"pk__{further}": key})
    return Q(
        Q(**{f"{column}__{further}": value}) | Q(**{column: value, f"pk__{further}": key}),
        # Said once more in a way that an index can begin at.
        **{f"{column}__{further}e": value},
    )


def count_up_to(rows: QuerySet[Any], most: int = MOST_COUNTED) -> int:
    """Return how many rows there are, or ``most + 1`` where there are more."""
    # Its keys alone: what a list shows besides is none of what is counted.
    return rows.order_by().values("pk")[: most + 1].count()
