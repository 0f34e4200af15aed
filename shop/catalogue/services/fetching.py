"""Bringing pictures home that an import knew by address only."""

from django.core.files.storage import default_storage
from django.db import transaction

from shop.catalogue.models import FrameImage
from shop.catalogue.remote import fetch
from shop.catalogue.services.listing import refresh_listings
from shop.catalogue.services.pictures import store_picture
from shop.catalogue.uploads import frame_image_path
from shop.foundation.remote import Judge, is_public


def fetch_picture(*, frame_id: int, source_url: str, may_ask: Judge = is_public) -> bool:
    """Fetch a picture and hang it up wherever the frame waits for it.

    Args:
        frame_id: whose picture.
        source_url: where it lies.
        may_ask: judges the addresses its host resolves to.

    Returns:
        Whether somebody still waited for it.

    Raises:
        PictureNotFetchedError: the address gives none, or may not be asked.
        PictureUnreadableError: what it gives is no picture.
    """
    waiting = FrameImage.objects.filter(frame_id=frame_id, source_url=source_url, image="")
    if not waiting.exists():
        return False
    name, (width, height) = store_picture(
        fetch(source_url, may_ask=may_ask), name=frame_image_path(waiting, "picture.webp")
    )
    with transaction.atomic():
        hung = waiting.update(image=name, width=width, height=height)
        if hung:
            refresh_listings(frame_ids=[frame_id])
    if not hung:
        default_storage.delete(name)
    return bool(hung)
