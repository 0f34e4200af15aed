"""What was saved becomes a box to try at home, or a gallery that friends vote on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from sharing.bookmarks.errors import NothingChosenError
from sharing.bookmarks.models import Bookmark
from sharing.circles.services.facts import event_of
from sharing.galleries.models import Gallery
from sharing.galleries.services.galleries import create_frames_gallery
from shop.analytics.names import EventName
from shop.catalogue.models import Variant
from shop.customers.models import User
from trials.home_trials.models import Box
from trials.home_trials.services.boxes import add_to_box, box_for
from trials.units.queries import available_counts

MOST = 5


@dataclass(frozen=True)
class Chosen:
    """Variants that were chosen among saved frames, and the fact that led to them.

    Attributes:
        variant_ids: in the order of the choice, each once.
        caused_by: the event of the first bookmark chosen.
    """

    variant_ids: list[int]
    caused_by: uuid.UUID | None


def put_into_box(*, user: User, bookmark_ids: Sequence[uuid.UUID]) -> Box:
    """Put saved frames into a person's box: all of them, or none.

    Args:
        user: whose box; she must see the bookmarks.
        bookmark_ids: up to five; where one names no colour, a free one is taken.

    Raises:
        NothingChosenError: none was chosen that she may see, or more than five.
        BoxFullError: they do not fit.
        NothingFreeError: every trial pair of one is out.
        NotForTrialError: one is no longer sold.
    """
    chosen = choose(user=user, bookmark_ids=bookmark_ids)
    box = box_for(user=user)
    with transaction.atomic():
        for variant_id in chosen.variant_ids:
            add_to_box(box_id=box.pk, variant_id=variant_id, caused_by=chosen.caused_by)
    return box


def ask_about(*, user: User, bookmark_ids: Sequence[uuid.UUID], question: str = "") -> Gallery:
    """Make a gallery of saved frames, which friends vote on before a trial.

    Args:
        user: whose gallery; she must see the bookmarks.
        bookmark_ids: two to five.
        question: what friends are asked; the usual question if empty.

    Raises:
        NothingChosenError: none was chosen that she may see, or more than five.
        FramesInvalidError: too few, or one that is not sold any more.
        TooManyGalleriesError: she is asking about too many choices already.
        CardNumberError: the question holds a card number.
    """
    chosen = choose(user=user, bookmark_ids=bookmark_ids)
    return create_frames_gallery(
        owner=user,
        variant_ids=chosen.variant_ids,
        question=question,
        caused_by=chosen.caused_by,
    )


def choose(*, user: User, bookmark_ids: Sequence[uuid.UUID]) -> Chosen:
    """Return the variants of bookmarks that somebody may see.

    Raises:
        NothingChosenError: none, or more than five.
    """
    wanted = list(dict.fromkeys(bookmark_ids))
    if len(wanted) > MOST:
        raise NothingChosenError(_("Choose up to five frames at once."))
    seen = Bookmark.objects.visible_to(user).of_frames().in_bulk(wanted)
    bookmarks = [seen[each] for each in wanted if each in seen]
    if not bookmarks:
        raise NothingChosenError(_("Choose at least one saved frame first."))
    open_choice = [each.frame_id for each in bookmarks if each.variant_id is None]
    usual = _free_variants([each for each in open_choice if each is not None], user)
    variant_ids = [each.variant_id or usual.get(each.frame_id or 0) for each in bookmarks]
    return Chosen(
        list(dict.fromkeys(each for each in variant_ids if each is not None)),
        event_of(EventName.BOOKMARK_ADDED, bookmarks[0].pk),
    )


def _free_variants(frame_ids: list[int], user: User) -> dict[int, int]:
    """Return for each frame its first variant with a free unit; its first where none is free."""
    rows = Variant.objects.filter(frame__in=frame_ids, active=True).order_by("position", "pk")
    variants = list(rows.values_list("frame_id", "pk"))
    free = available_counts((pk for _frame_id, pk in variants), user=user)
    first = dict(reversed(variants))
    return first | {frame_id: pk for frame_id, pk in reversed(variants) if free[pk]}
