"""Threads: what a customer asked the stylist, and what she was answered."""

from collections.abc import Iterator
from typing import Any

from sharing.photos.files import rendition_name
from sharing.stylist.models import Message, PicturePart
from sharing.stylist.services import erase_messages
from shop.foundation.photos.decoding import SIZES
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_threads(user: Any) -> list[dict[str, Any]]:
    """Return what was said in her threads, oldest first; who answered is not named."""
    said = Message.objects.filter(thread__customer=user, erased_at=None).order_by("pk")
    return [dict(each) for each in said.values("thread_id", "from_staff", "text", "at")]


def answer_pictures(user: Any) -> Iterator[tuple[str, str]]:
    """Yield the pictures she was answered with, the largest of each."""
    shown = Message.objects.filter(thread__customer=user, picture_state=PicturePart.READY)
    for message in shown.order_by("pk"):
        assert message.picture is not None
        yield f"{message.pk}.jpg", rendition_name(message.picture, max(SIZES), "jpg")


def erase_threads(user: Any) -> int:
    """Blank her threads, and delete the pictures in them."""
    return erase_messages(user=user)


register_personal_data(
    "sharing.stylist",
    holds={"sharing.Message": ["author", "text", "original"]},
    export=export_threads,
    files=answer_pictures,
    erase={Scope.ACCOUNT: erase_threads},
)
not_personal("sharing.Message", "refusal", why="A code word of the shop's.")
keep_personal_data(
    "sharing.Thread",
    "customer",
    why="How long she waited is measured; by number, of an account without a name.",
)
