"""What the pages of a gallery show, worked out in Python so that templates only lay it out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sharing.galleries.queries import ShownFrame
from sharing.photos.models import Photo
from sharing.votes.models import Vote
from sharing.votes.queries import Standing
from sharing.votes.states import GUESSED, HiddenBy, LeftOut
from shop.foundation.tints import tint_of

PhotoUrl = Callable[[Photo, int, str], str]


def friends_photos(token: str) -> PhotoUrl:
    """Return how a holder of a link addresses photos."""
    return lambda photo, size, extension: reverse(
        "sharing:friend_photo", args=[token, photo.pk, size, extension]
    )


def own_photos(photo: Photo, size: int, extension: str) -> str:
    """Return how the owner addresses a photo."""
    return reverse("sharing:photo", args=[photo.pk, size, extension])


def own_photos_for_apps(photo: Photo, size: int, _extension: str) -> str:
    """Return how the owner's app addresses a photo, always as JPEG."""
    return reverse("api-photo-file", args=[photo.pk, size])


def looks(
    frames: list[ShownFrame],
    *,
    order: list[int],
    photo_url: PhotoUrl,
    reactions: Mapping[int, str],
    favourite: int | None,
) -> list[dict[str, Any]]:
    """Return the frames as a friend sees them, in her order.

    Args:
        frames: of the gallery.
        order: the items' ids in her order.
        photo_url: how she addresses photos.
        reactions: what she said of each item before.
        favourite: the item she picked before.
    """
    by_id = {frame.item.pk: frame for frame in frames}
    return [
        {
            "id": item_id,
            "name": by_id[item_id].name,
            "frame_url": by_id[item_id].image_url,
            "pictures": [_picture(photo, photo_url) for photo in by_id[item_id].photos],
            "reaction": reactions.get(item_id, ""),
            "favourite": item_id == favourite,
            "thumbnail": _thumbnail(by_id[item_id], photo_url),
        }
        for item_id in order
    ]


def standing_rows(
    frames: list[ShownFrame],
    standing: Standing,
    *,
    photo_url: PhotoUrl,
    bought: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Return the rows of ``components/standing.html``, in the gallery's order.

    Args:
        frames: of the gallery.
        standing: how it stands.
        photo_url: how the reader addresses photos.
        bought: variants of which it may be said that the owner bought them.
    """
    by_id = {frame.item.pk: frame for frame in frames}
    return [
        {
            "id": row.item_id,
            "label": by_id[row.item_id].name,
            "count": row.favourites,
            "share": row.share,
            "leader": row.leader,
            "bought": by_id[row.item_id].item.variant_id in bought,
            "image_url": _thumbnail(by_id[row.item_id], photo_url),
            "frame": by_id[row.item_id],
            "row": row,
        }
        for row in standing.rows
    ]


def _picture(photo: Photo, photo_url: PhotoUrl) -> dict[str, Any]:
    sizes = (320, 800, 1600)
    return {
        "url": photo_url(photo, 800, "jpg"),
        "srcset": ", ".join(f"{photo_url(photo, size, 'webp')} {size}w" for size in sizes),
        "thumbnail": photo_url(photo, 320, "webp"),
        "placeholder": photo.placeholder_url,
        "width": photo.width,
        "height": photo.height,
    }


def _thumbnail(frame: ShownFrame, photo_url: PhotoUrl) -> str:
    return photo_url(frame.photos[0], 320, "webp") if frame.photos else frame.image_url


def own_order(vote: Vote, names: Mapping[int, str]) -> list[str]:
    """Return the frames that a friend has put into an order, the best first.

    Args:
        vote: hers.
        names: of the gallery's frames, by the item's id.
    """
    placed = sorted((each.rank, each.item_id) for each in vote.reactions.all() if each.rank)
    return [f"{place}. {names[item]}" for place, item in placed]


def words_rows(votes: Iterable[Vote], *, names: bool) -> list[dict[str, Any]]:
    """Return what friends wrote, as other friends may read it.

    Args:
        votes: from ``queries.words_on``.
        names: whether the owner lets friends see who it was.
    """
    return [
        {
            "id": vote.pk,
            "tint": tint_of(vote.pk),
            "name": (vote.voter.name if names else "") or _("A friend"),
            "text": vote.comment,
            "frames": [
                {"name": str(each.item.variant), "text": each.comment}
                for each in vote.reactions.all()
                if each.comment
            ],
        }
        for vote in votes
    ]


def voices(votes: Iterable[Vote]) -> list[dict[str, Any]]:
    """Return who said what, for the owner of the gallery, with what she may do about each.

    Args:
        votes: from ``queries.votes_on``.
    """
    return [_voice(vote) for vote in votes]


def _voice(vote: Vote) -> dict[str, Any]:
    frames = list(vote.reactions.all())
    written = [
        {"name": str(each.item.variant), "text": each.comment} for each in frames if each.comment
    ]
    hidden = vote.hidden_by
    acts = []
    if vote.excluded_because in GUESSED:
        acts.append(("count", _("Count this one")))
    says_something = bool(vote.comment or written or hidden)
    if says_something and hidden != HiddenBy.STAFF:
        acts.append(("show", _("Show")) if hidden else ("hide", _("Hide")))
    blocked = vote.voter.blocked_at is not None
    acts.append(("unblock", _("Unblock")) if blocked else ("block", _("Block")))
    return {
        "id": vote.pk,
        "tint": tint_of(vote.pk),
        "name": vote.voter.name or _("A friend"),
        "favourite": str(vote.favourite.variant) if vote.favourite else "",
        "at": vote.changed_at or vote.cast_at,
        "places": [(each.rank, str(each.item.variant)) for each in frames if each.rank],
        "text": vote.comment,
        "frames": written,
        "left_out": str(LeftOut(vote.excluded_because).label) if vote.excluded_because else "",
        "hidden": str(HiddenBy(hidden).label) if hidden else "",
        "may_report": says_something,
        "acts": [{"value": value, "label": label} for value, label in acts],
    }
