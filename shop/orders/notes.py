"""Notes on lines: what friends said, kept as figures and written in the language of its reader.

A note belongs to where a line came from, and may have changed since it was put into the cart.
Higher floors register how one is read anew; it stands fast once the order is placed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from django.utils.translation import gettext as _

# Of a kind of origin: the notes by variant, of those variants that have one.
NotesReader = Callable[[str, Iterable[int]], Mapping[int, str]]

_FAVOURITE = re.compile(r"favourite:(\d+):(\d+)")
_readers: dict[str, NotesReader] = {}


class Noted(Protocol):
    """A line, as far as its note goes."""

    variant_id: int
    origin: str
    note: str


def favourite_note(count: int, total: int) -> str:
    """Return the note of what most friends picked, as it is kept."""
    return f"favourite:{count}:{total}"


def note_words(note: str) -> str:
    """Return a note as it is read, in the language of the moment."""
    figures = _FAVOURITE.fullmatch(note)
    if figures is None:
        return note
    count, total = figures.groups()
    return _("Friends’ favourite: %(count)s of %(total)s") % {"count": count, "total": total}


def register_notes(kind: str, reader: NotesReader) -> None:
    """Have the notes of lines that came from ``kind`` read by a higher floor.

    Args:
        kind: the first part of an origin, such as "gallery".
        reader: called once for each origin.
    """
    _readers[kind] = reader


def read_notes(lines: Iterable[Noted]) -> None:
    """Set the notes of lines to what holds now; saves nothing."""
    by_origin: defaultdict[str, list[Noted]] = defaultdict(list)
    for line in lines:
        by_origin[line.origin].append(line)
    for origin, those in by_origin.items():
        reader = _readers.get(origin.partition(":")[0])
        if reader is None:
            continue
        notes = reader(origin, [line.variant_id for line in those])
        for line in those:
            line.note = notes.get(line.variant_id, "")
