"""Saving a frame, changing how it is saved, removing it; a colleague's note on anything."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.bookmarks.errors import (
    BookmarkInvalidError,
    BookmarkMissingError,
    BookmarkTwiceError,
    SubjectMissingError,
)
from sharing.bookmarks.models import Audience, Bookmark, Shelf
from sharing.bookmarks.tags import normal_tags
from sharing.circles.models import Circle
from sharing.circles.queries import open_circles_of
from sharing.circles.services.facts import event_of, person_in
from sharing.circles.services.keeping import locked_seat, only_open
from sharing.galleries.models import Gallery
from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import several_lines
from trials.home_trials.models import Trial

LONGEST_NOTE = 500


def usual_audience(user: User) -> tuple[str, uuid.UUID | None]:
    """Return for whom a person saves if she says nothing: a circle of hers, else only herself.

    Returns:
        An ``Audience``, and the circle by name first where it is one.
    """
    circles = open_circles_of(user, kind="customers")
    return (Audience.CIRCLE, circles[0].pk) if circles else (Audience.PRIVATE, None)


def save_frame(
    *,
    owner: User,
    frame_id: int | None = None,
    variant_id: int | None = None,
    tags: Iterable[str] = (),
    note: str = "",
    audience: str = "",
    circle_id: uuid.UUID | None = None,
    found_in: uuid.UUID | None = None,
) -> Bookmark:
    """Save a frame for somebody; saved again for the same people, tags and note are the new ones.

    Args:
        owner: who saves.
        frame_id: the frame, where no variant is given.
        variant_id: the colour she means.
        tags: up to ten, of 2 to 30 characters.
        note: up to 500 characters.
        audience: an ``Audience``; ``usual_audience`` if empty.
        circle_id: which circle, where the audience is one.
        found_in: the bookmark by which she came upon it.

    Raises:
        SubjectMissingError: there is no such frame in the shop.
        BookmarkInvalidError: a tag, the note or the audience cannot be taken.
        CircleMissingError: she is not in the circle.
        CircleArchivedError: the circle is archived.
        CardNumberError: a text holds a card number.
    """
    tags, note = normal_tags(tags), _checked_note(note)
    if not audience and circle_id is None:
        audience, circle_id = usual_audience(owner)
    frame, variant = _frame(frame_id, variant_id)
    with transaction.atomic():
        circle = _circle(owner, audience, circle_id)
        bookmark, is_new = _put(
            owner=owner,
            circle=circle,
            audience=audience,
            of_staff=circle is not None and circle.is_staffs,
            subject={"frame": frame},
            said={"variant": variant, "tags": tags, "note": note},
        )
        if is_new:
            _record_added(bookmark, _cause(owner, found_in))
        return bookmark


def save_note(
    *,
    by: User,
    circle_id: uuid.UUID,
    kind: str,
    key: Any,
    tags: Iterable[str] = (),
    note: str = "",
) -> Bookmark:
    """Note something for colleagues on a trial, a gallery, a customer or a frame.

    Args:
        by: who works here.
        circle_id: a circle of colleagues she is in.
        kind: one of ``SUBJECTS``.
        key: the thing's primary key.
        tags: up to ten.
        note: up to 500 characters; this or a tag is needed.

    Raises:
        CircleMissingError: she is not in such a circle.
        CircleArchivedError: the circle is archived.
        SubjectMissingError: there is no such thing.
        BookmarkInvalidError: nothing is said, or a tag or the note cannot be taken.
        CardNumberError: a text holds a card number.
    """
    tags, note = normal_tags(tags), _checked_note(note)
    if not tags and not note:
        raise BookmarkInvalidError(_("Write a note or a tag first."))
    thing = _thing(kind, key)
    with transaction.atomic():
        circle = _circle(by, Audience.CIRCLE, circle_id)
        assert circle is not None
        if not circle.is_staffs:
            raise BookmarkInvalidError(_("Choose a circle of colleagues."))
        bookmark, is_new = _put(
            owner=by,
            circle=circle,
            audience=Audience.CIRCLE,
            of_staff=True,
            subject={kind: thing},
            said={"tags": tags, "note": note},
        )
        if is_new:
            _record_added(bookmark, None)
        return bookmark


def change_bookmark(
    *,
    owner: User,
    bookmark_id: uuid.UUID,
    tags: Sequence[str] | None = None,
    note: str | None = None,
    audience: str | None = None,
    circle_id: uuid.UUID | None = None,
) -> Bookmark:
    """Change one's own bookmark; what is not given stays.

    Raises:
        BookmarkMissingError: there is none of hers.
        BookmarkTwiceError: the frame is saved for these people already.
        BookmarkInvalidError: a tag, the note or the audience cannot be taken.
        CircleMissingError: she is not in the circle.
        CircleArchivedError: the circle is archived.
        CardNumberError: a text holds a card number.
    """
    with transaction.atomic():
        found = own_bookmark(owner, bookmark_id)
        fields: dict[str, Any] = {"changed_at": timezone.now()}
        if tags is not None:
            fields["tags"] = normal_tags(tags)
        if note is not None:
            fields["note"] = _checked_note(note)
        if audience is not None:
            circle = _circle(owner, audience, circle_id)
            if found.of_staff or (circle is not None and circle.is_staffs):
                same = circle is not None and circle.is_staffs and found.of_staff
                if not same:
                    raise BookmarkInvalidError(
                        _("What was noted at work stays among colleagues, and the other way round.")
                    )
            fields |= {"audience": audience, "circle": circle}
        bookmark = lock_row(Bookmark, found.pk)
        for name, value in fields.items():
            setattr(bookmark, name, value)
        try:
            with transaction.atomic():
                bookmark.save(update_fields=list(fields))
        except IntegrityError as error:
            raise BookmarkTwiceError(
                _("You have saved this frame for these people already.")
            ) from error
        return bookmark


def remove_bookmark(*, owner: User, bookmark_id: uuid.UUID) -> None:
    """Remove one's own bookmark.

    Raises:
        BookmarkMissingError: there is none of hers.
    """
    with transaction.atomic():
        bookmark = own_bookmark(owner, bookmark_id)
        _record(
            EventName.BOOKMARK_REMOVED,
            bookmark,
            event_of(EventName.BOOKMARK_ADDED, bookmark.pk),
        )
        bookmark.delete()


def own_bookmark(owner: User, bookmark_id: uuid.UUID) -> Bookmark:
    """Return one of a person's own, as far as she may see it still.

    Raises:
        BookmarkMissingError: there is none.
    """
    seen = Bookmark.objects.visible_to(owner).filter(owner=owner, pk=bookmark_id)
    bookmark = seen.select_related("circle", "frame", "variant__frame").first()
    if bookmark is None:
        raise BookmarkMissingError(_("There is no such bookmark."))
    return bookmark


def _put(
    *,
    owner: User,
    circle: Circle | None,
    audience: str,
    of_staff: bool,
    subject: dict[str, Any],
    said: dict[str, Any],
) -> tuple[Bookmark, bool]:
    now = timezone.now()
    Shelf.objects.get_or_create(user=owner)
    bookmark, is_new = Bookmark.objects.get_or_create(
        owner=owner,
        audience=audience,
        circle=circle,
        **{name: subject.get(name) for name in ("frame", "trial", "gallery", "customer")},
        defaults={**said, "of_staff": of_staff, "saved_at": now, "changed_at": now},
    )
    if not is_new:
        for name, value in said.items():
            setattr(bookmark, name, value)
        bookmark.changed_at = now
        bookmark.save(update_fields=[*said, "changed_at"])
    return bookmark, is_new


def _frame(frame_id: int | None, variant_id: int | None) -> tuple[Frame, Variant | None]:
    sold = Frame.objects.filter(published=True)
    if variant_id is not None:
        variant = Variant.objects.select_related("frame").filter(pk=variant_id, active=True)
        if (chosen := variant.filter(frame__published=True).first()) is not None:
            return chosen.frame, chosen
    elif frame_id and (frame := sold.filter(pk=frame_id).first()) is not None:
        return frame, None
    raise SubjectMissingError(_("There is no such frame, or it is not sold any more."))


def _thing(kind: str, key: Any) -> Any:
    models: dict[str, Any] = {
        "frame": Frame,
        "trial": Trial,
        "gallery": Gallery,
        "customer": User,
    }
    found = models[kind].objects.filter(pk=key).first() if kind in models else None
    if found is None:
        raise SubjectMissingError(_("There is nothing to note this on."))
    return found


def _circle(user: User, audience: str, circle_id: uuid.UUID | None) -> Circle | None:
    """Return the circle of an audience, locked, so that nobody leaves it meanwhile."""
    if audience not in Audience.values:
        raise BookmarkInvalidError(_("Choose who may see it."))
    if audience != Audience.CIRCLE:
        return None
    if circle_id is None:
        raise BookmarkInvalidError(_("Choose one of your circles."))
    seat = locked_seat(user=user, circle_id=circle_id)
    only_open(seat)
    return seat.circle


def _checked_note(note: str) -> str:
    note = several_lines(note)
    refuse_card_numbers(note)
    if len(note) > LONGEST_NOTE:
        raise BookmarkInvalidError(_("A note has up to 500 characters."))
    return note


def _cause(user: User, found_in: uuid.UUID | None) -> uuid.UUID | None:
    if found_in is None or not Bookmark.objects.visible_to(user).filter(pk=found_in).exists():
        return None
    return event_of(EventName.BOOKMARK_ADDED, found_in)


def _record_added(bookmark: Bookmark, caused_by: uuid.UUID | None) -> None:
    _record(EventName.BOOKMARK_ADDED, bookmark, caused_by)


def _record(name: EventName, bookmark: Bookmark, caused_by: uuid.UUID | None) -> None:
    circle = bookmark.circle
    person = person_in(circle, bookmark.owner) if circle else customer(bookmark.owner)
    details = {"audience": bookmark.audience, "about": bookmark.kind}
    if bookmark.frame_id:
        details["frame"] = str(bookmark.frame_id)
    if bookmark.circle_id:
        details["circle"] = str(bookmark.circle_id)
    record(
        name,
        key=f"{name}:{bookmark.pk}",
        subject=("bookmark", bookmark.pk),
        person=person,
        caused_by=caused_by,
        details=details,
    )
