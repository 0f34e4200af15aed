"""Telling a customer that she was answered."""

import uuid

from django.urls import reverse

from sharing.stylist.models import Message, Thread
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic


def tell_customer(message: Message, *, caused_by: uuid.UUID) -> None:
    """Tell the customer that the stylist has answered, in the transaction of the answer.

    Args:
        message: the answer.
        caused_by: its event.
    """
    thread = message.thread
    notify(
        user=thread.customer,
        topic=Topic.STYLIST,
        template="stylist_answered",
        context={"text": message.text, "path": path_of(thread)},
        key=f"stylist_answered:{message.pk}",
        about=thread.pk,
        caused_by=caused_by,
    )


def path_of(thread: Thread) -> str:
    """Return where the customer reads a thread."""
    if thread.gallery_id:
        return reverse("sharing:gallery", args=[thread.gallery_id]) + "#stylist"
    assert thread.trial is not None
    return reverse("trials:trial", args=[thread.trial.number]) + "#stylist"
