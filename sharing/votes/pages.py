"""What the pages of a gallery show, worked out in Python so that templates only lay it out."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from sharing.galleries.queries import ShownFrame
from sharing.photos.models import Photo
from sharing.votes.models import Vote
from sharing.votes.queries import Standing

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
        }
        for item_id in order
    ]


def standing_rows(
    frames: list[ShownFrame], standing: Standing, *, photo_url: PhotoUrl
) -> list[dict[str, Any]]:
    """Return the rows of ``components/standing.html``, in the gallery's order."""
    by_id = {frame.item.pk: frame for frame in frames}
    return [
        {
            "id": row.item_id,
            "label": by_id[row.item_id].name,
            "count": row.favourites,
            "share": row.share,
            "leader": row.leader,
            "image_url": _thumbnail(by_id[row.item_id], photo_url),
            "frame": by_id[row.item_id],
            "row": row,
        }
        for row in standing.rows
    ]


def said_before(vote: Vote | None) -> tuple[dict[int, str], int | None]:
    """Return the reactions and the favourite of a vote; nothing where there is none."""
    if vote is None:
        return {}, None
    return {each.item_id: each.value for each in vote.reactions.all()}, vote.favourite_id


def _picture(photo: Photo, photo_url: PhotoUrl) -> dict[str, Any]:
    sizes = (320, 800, 1600)
    return {
        "url": photo_url(photo, 800, "jpg"),
        "srcset": ", ".join(f"{photo_url(photo, size, 'webp')} {size}w" for size in sizes),
        "thumbnail": photo_url(photo, 320, "webp"),
        "width": photo.width,
        "height": photo.height,
    }


def _thumbnail(frame: ShownFrame, photo_url: PhotoUrl) -> str:
    return photo_url(frame.photos[0], 320, "webp") if frame.photos else frame.image_url
