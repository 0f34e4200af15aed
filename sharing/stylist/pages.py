"""What pages show of a thread, worked out in Python so that templates only lay it out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.galleries.models import Gallery
from sharing.photos.errors import REFUSALS
from sharing.stylist.models import Message, PicturePart, Thread
from sharing.stylist.queries import answers_for_friends, thread_about
from trials.home_trials.models import Trial


@dataclass(frozen=True)
class StylistPanel:
    """The stylist's part of a customer's page.

    Attributes:
        thread: what was said, if anything was.
        lines: its messages, as ``lines_of`` returns them.
        ask_url: where a question is sent.
        friends_url: where the owner lets friends read the answers; empty where there is no gallery
            or nothing to be read.
    """

    thread: Thread | None
    lines: list[dict[str, Any]]
    ask_url: str
    friends_url: str


def panel_of(*, trial: Trial | None, gallery: Gallery | None) -> StylistPanel:
    """Return the stylist's part of the page of a trial or a gallery.

    A trial and the gallery made of it are one matter to a customer: she goes on in the thread she
    has begun, whichever page she stands on.

    Args:
        trial: of the page, or that the gallery shows.
        gallery: of the page, or that was made of the trial.
    """
    thread = thread_about(gallery=gallery) if gallery else None
    if thread is None and trial:
        thread = thread_about(trial=trial)
    about_gallery = gallery is not None and (thread is None or thread.gallery_id is not None)
    if about_gallery:
        assert gallery is not None
        ask_url = reverse("sharing:stylist_ask_gallery", args=[gallery.pk])
    else:
        assert trial is not None
        ask_url = reverse("sharing:stylist_ask_trial", args=[trial.number])
    answered = thread is not None and any(each.from_staff for each in thread.messages.all())
    friends_url = ""
    if about_gallery and answered and gallery is not None:
        friends_url = reverse("sharing:stylist_friends", args=[gallery.pk])
    return StylistPanel(thread or None, lines_of(thread) if thread else [], ask_url, friends_url)


def lines_of(thread: Thread, *, for_staff: bool = False) -> list[dict[str, Any]]:
    """Return the messages of a prefetched thread as the reader sees them.

    Args:
        thread: with its messages and their authors.
        for_staff: names are shown: who asked and which of us answered.
    """
    lines = []
    for message in thread.messages.all():
        ours = message.from_staff
        if for_staff:
            who = str(message.author or (_("the shop") if ours else _("Erased")))
        else:
            who = _("Our stylist") if ours else _("You")
        lines.append({"message": message, "who": who, "ours": ours, **_picture(message)})
    return lines


def _picture(message: Message) -> dict[str, str]:
    ready = message.picture_state == PicturePart.READY
    return {
        "picture_url": reverse("sharing:stylist_picture", args=[message.pk, 800, "jpg"])
        if ready
        else "",
        "picture_note": str(REFUSALS.get(message.refusal, ""))
        if message.picture_state == PicturePart.REFUSED
        else _("The picture is being prepared.")
        if message.picture_state == PicturePart.PENDING
        else "",
    }


def friends_answers(gallery: Gallery, token: str) -> list[dict[str, str]]:
    """Return the stylist's answers as a friend reads them; none unless the owner shows them.

    Args:
        gallery: that the link opens.
        token: of the link, by which she is sent the pictures.
    """
    return [
        {
            "text": message.text,
            "picture_url": reverse(
                "sharing:stylist_friend_picture", args=[token, message.pk, 800, "jpg"]
            )
            if message.picture_state == PicturePart.READY
            else "",
        }
        for message in answers_for_friends(gallery)
    ]


def in_words(length: timedelta | None) -> str:
    """Return how long something took as people say it: "5 minutes", "3 hours", "2 days"."""
    if length is None:
        return _("n/a")
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
