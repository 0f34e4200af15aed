"""Saved frames by tag, by person, by both, by circle; counts and tags that never count far."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Q

from sharing.bookmarks.models import Audience, Bookmark, BookmarkQuerySet, Viewer
from sharing.bookmarks.queries.people import follows_of
from sharing.bookmarks.tags import normal_tag
from sharing.circles.models import Circle, Membership
from shop.catalogue.models import Frame
from shop.catalogue.queries import image_urls
from shop.customers.models import User

A_PAGE = 20
# Nobody reads on past a thousand: counts and tags look no further, however much there is.
FAR = 1000
RELATED, OF_WORK = ("owner__shelf", "frame", "variant", "circle"), ("trial", "gallery", "customer")
# Of the latest, whichever way they are seen; counted where they are, not carried over first.
COUNT_TAGS = """
SELECT tag, count(*)
FROM (SELECT tags FROM ({}) ways ORDER BY saved_at DESC LIMIT %s) latest, unnest(tags) tag
GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s
"""


@dataclass(frozen=True)
class Saved:
    """A bookmark as it is shown: the row, and a picture of its frame."""

    bookmark: Bookmark
    image_url: str


@dataclass(frozen=True)
class SavedPage:
    """Part of a list, latest first.

    Attributes:
        rows: what is shown.
        older: where the next part begins; empty at the end.
    """

    rows: list[Saved]
    older: str


def found(
    viewer: Viewer,
    *,
    tag: str = "",
    person: User | None = None,
    circle: Circle | None = None,
    frame: Frame | None = None,
    words: str = "",
) -> BookmarkQuerySet:
    """Return the saved frames that somebody may see and that fit everything asked.

    Args:
        viewer: who looks.
        tag: with this tag.
        person: saved by her.
        circle: saved for this circle.
        frame: of this frame.
        words: in note, tags or the frame's name.
    """
    bookmarks = Bookmark.objects.visible_to(viewer).filter(of_staff=False).of_frames()
    if tag:
        bookmarks = bookmarks.tagged(normal_tag(tag))
    if person is not None:
        bookmarks = bookmarks.filter(owner=person)
    if circle is not None:
        bookmarks = bookmarks.filter(circle=circle)
    if frame is not None:
        bookmarks = bookmarks.filter(frame=frame)
    return with_words(bookmarks, words)


def with_words(bookmarks: BookmarkQuerySet, words: str) -> BookmarkQuerySet:
    """Return those that have words in their note, among their tags or in their frame's name."""
    if not words:
        return bookmarks
    in_tags = Q(tags__contains=[normal_tag(words)])
    return bookmarks.filter(Q(note__icontains=words) | in_tags | Q(frame__name__icontains=words))


def followed(user: User) -> BookmarkQuerySet:
    """Return what others saved of the tags and people somebody follows, as she may see it."""
    follows = follows_of(user)
    tags = [each.tag for each in follows if each.tag]
    people = [each.person_id for each in follows if each.person_id is not None]
    fits = Q(owner__in=people) | (Q(tags__overlap=tags) if tags else Q())
    if not tags and not people:
        return Bookmark.objects.none()
    return found(user).filter(fits).exclude(owner=user)


def latest(
    bookmarks: BookmarkQuerySet, viewer: Viewer, *, limit: int, before: str = ""
) -> list[Bookmark]:
    """Return the latest of bookmarks that ``visible_to`` let through, each found by an index.

    The three ways in which a bookmark may be seen are looked through apart, since a database walks
    no single index for "public or hers or her circles'"; what each way finds is merged.

    Args:
        bookmarks: begun with ``visible_to(viewer)``.
        viewer: the same.
        limit: how many at most.
        before: a ``SavedPage.older``, from where to go on.
    """
    if (place := _place(before)) is not None:
        at, pk = place
        bookmarks = bookmarks.filter(Q(saved_at__lt=at) | Q(saved_at=at, pk__lt=pk))
    places = {place for way in _ways(bookmarks, viewer) for place in _latest_of(way, limit)}
    wanted = [pk for _at, pk in sorted(places, reverse=True)[:limit]]
    rows = bookmarks.filter(pk__in=wanted).select_related(*RELATED).prefetch_related(*OF_WORK)
    return list(rows.newest()) if wanted else []


def page_of(bookmarks: BookmarkQuerySet, viewer: Viewer, *, before: str = "") -> SavedPage:
    """Return one part of a list with pictures: a fixed number of queries."""
    rows = latest(bookmarks, viewer, limit=A_PAGE + 1, before=before)
    shown = rows[:A_PAGE]
    older = f"{shown[-1].saved_at.isoformat()}_{shown[-1].pk}" if len(rows) > A_PAGE else ""
    return SavedPage(with_pictures(shown), older)


def with_pictures(bookmarks: Sequence[Bookmark]) -> list[Saved]:
    """Return bookmarks with a picture of each frame: one query."""
    pictures = image_urls(row.variant_id for row in bookmarks if row.variant_id)
    return [Saved(row, pictures.get(row.variant_id or 0, "") or _listed(row)) for row in bookmarks]


def count_up_to(bookmarks: BookmarkQuerySet) -> str:
    """Return how many there are, or "1000+" where there are more."""
    counted = bookmarks.order_by()[: FAR + 1].count()
    return f"{FAR}+" if counted > FAR else str(counted)


def tags_among(
    bookmarks: BookmarkQuerySet, viewer: Viewer, *, most: int = 30
) -> list[tuple[str, int]]:
    """Return the tags of the latest ``FAR`` of bookmarks with how often each is there.

    Args:
        bookmarks: begun with ``visible_to(viewer)``.
        viewer: the same.
        most: how many tags.
    """
    ways = [
        way.exclude(tags=[]).newest().values("saved_at", "tags")[:FAR]
        for way in _ways(bookmarks, viewer)
    ]
    parts, values = zip(*(way.query.sql_with_params() for way in ways), strict=True)
    sql = COUNT_TAGS.format(" UNION ALL ".join(f"({part})" for part in parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(each for part in values for each in part), FAR, most])
        return [(str(tag), int(times)) for tag, times in cursor.fetchall()]


def _ways(bookmarks: BookmarkQuerySet, viewer: Viewer) -> list[BookmarkQuerySet]:
    """Return the ways in which somebody may see bookmarks, each of which one index serves."""
    ways = [bookmarks.filter(audience=Audience.PUBLIC)]
    if isinstance(viewer, User):
        circles = list(Membership.objects.seen_by(viewer).values_list("circle", flat=True))
        ways.append(bookmarks.filter(owner=viewer, audience=Audience.PRIVATE))
        if circles:
            ways.append(bookmarks.filter(audience=Audience.CIRCLE, circle__in=circles))
    return ways


def _latest_of(way: BookmarkQuerySet, limit: int) -> list[tuple[datetime, uuid.UUID]]:
    return list(way.newest().values_list("saved_at", "pk")[:limit])


def _listed(row: Bookmark) -> str:
    """Return the picture that lists show of a frame, where she meant no colour of it."""
    name = (row.frame.listing.get("image") or "") if row.frame else ""
    return default_storage.url(name) if name else ""


def _place(text: str) -> tuple[datetime, uuid.UUID] | None:
    at, _underscore, pk = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, uuid.UUID(pk)) if moment.tzinfo else None
    except ValueError:
        return None
