"""The links that open a gallery: made, sent, opened, withdrawn."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import (
    GalleryGoneError,
    LinkMissingError,
    SettingInvalidError,
    TooManyLinksError,
)
from sharing.galleries.models import Gallery, LinkAdmission, ShareLink
from sharing.galleries.opening import is_kept, is_open
from sharing.galleries.queries import link_missing, own_link
from sharing.galleries.services.facts import event_of, locked, record_fact
from sharing.galleries.tokens import browser_hash, browser_person, link_token, token_hash
from shop.analytics.names import Channel, EventName
from shop.analytics.services import voter
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_name
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line
from shop.foundation.postgres import prepared_cursor

LINK_LIFE = timedelta(days=30)
LIFE_DAYS = (1, 7, 30)
OPEN_LINKS_A_GALLERY = 20
LONGEST_LABEL = 60

# The first look of a browser, with the fact that led to it: that the link was shared, or made.
NOTE_VIEW = """
INSERT INTO sharing_linkview (link_id, viewer, at) VALUES (%(link)s, %(viewer)s, %(now)s)
ON CONFLICT (link_id, viewer) DO NOTHING
RETURNING (
    SELECT event_id FROM shop_eventkey WHERE key = ANY(%(causes)s::varchar[])
    ORDER BY array_position(%(causes)s::varchar[], key) LIMIT 1
)
"""


def create_link(
    *,
    owner: User,
    gallery_id: uuid.UUID,
    channel: str = Channel.LINK,
    label: str = "",
    life: timedelta = LINK_LIFE,
    admits: int | None = None,
) -> ShareLink:
    """Make a link that opens a gallery, to be sent by one way.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        channel: the way it is sent, one of ``Channel``.
        label: a note for the owner, such as "Family".
        life: how long it opens.
        admits: how many people it lets in, the first who say it is them; nothing: anybody.

    Raises:
        GalleryMissingError: the gallery is not hers.
        GalleryGoneError: it is put away or erased, so that a link would open nothing.
        TooManyLinksError: ``OPEN_LINKS_A_GALLERY`` links are open.
        CardNumberError: the label holds a card number.
    """
    label = one_line(label)
    refuse_card_numbers(label)
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        now = timezone.now()
        if not is_kept(gallery):
            raise GalleryGoneError(_("This gallery is put away. Please make a new one."))
        if gallery.links.filter(revoked_at=None, expires_at__gt=now).count() >= (
            OPEN_LINKS_A_GALLERY
        ):
            raise TooManyLinksError(
                _("You have %(limit)s links open. Withdraw one you need no more.")
                % {"limit": OPEN_LINKS_A_GALLERY}
            )
        link_id = uuid.uuid4()
        link = ShareLink.objects.create(
            id=link_id,
            gallery=gallery,
            token_hash=token_hash(link_token(link_id)),
            channel=channel,
            label=label,
            admits=admits,
            created_at=now,
            expires_at=now + life,
        )
        record_fact(
            EventName.LINK_CREATED,
            gallery,
            key=str(link.pk),
            link=link,
            caused_by=event_of(f"{EventName.GALLERY_CREATED}:{gallery.pk}"),
        )
        publish("galleries.preview", {"link": str(link.pk)})
        return link


def first_link(*, owner: User, gallery: Gallery) -> None:
    """Make a gallery's first link, so that it can be sent at once; one that has any gets none."""
    if not gallery.links.exists():
        create_link(owner=owner, gallery_id=gallery.pk, channel=Channel.SHARE_SHEET)


def redraw_previews(gallery: Gallery) -> None:
    """Have the cards of a gallery's links drawn anew, in the transaction of what changes on them.

    A card shows the question, who asks and the frames, never a photo.
    """
    opening = gallery.links.filter(revoked_at=None, expires_at__gt=timezone.now())
    for link_id in opening.order_by("pk").values_list("pk", flat=True):
        publish("galleries.preview", {"link": str(link_id)})


def redraw_previews_of(user_id: int) -> None:
    """Have all cards drawn anew that name a customer, in her galleries that links open."""
    for gallery in Gallery.objects.filter(owner=user_id, erased_at=None).order_by("pk"):
        if is_kept(gallery):
            with transaction.atomic():
                redraw_previews(gallery)


def revoke_link(*, owner: User, gallery_id: uuid.UUID, link_id: uuid.UUID) -> ShareLink:
    """Withdraw a link: its page, photos and preview are gone at once. Repeated, nothing changes.

    Raises:
        GalleryMissingError: the gallery is not hers.
        LinkMissingError: the gallery has no such link.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        link = gallery.links.select_for_update().filter(pk=link_id).first()
        if link is None:
            raise LinkMissingError(_("There is no such link."))
        if link.revoked_at is None:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            cause = event_of(f"{EventName.LINK_CREATED}:{link.pk}")
            key = str(link.pk)
            record_fact(EventName.LINK_REVOKED, gallery, key=key, link=link, caused_by=cause)
            publish("galleries.forget_preview", {"link": str(link.pk)})
        return link


def label_link(*, owner: User, gallery_id: uuid.UUID, link_id: uuid.UUID, label: str) -> ShareLink:
    """Give a link another note, for its owner alone.

    Raises:
        GalleryMissingError: the gallery is not hers.
        LinkMissingError: the gallery has no such link.
        SettingInvalidError: the note is too long.
        CardNumberError: it holds a card number.
    """
    label = one_line(label)
    refuse_card_numbers(label)
    if len(label) > LONGEST_LABEL:
        raise SettingInvalidError(
            _("Please note it in up to %(limit)s characters.") % {"limit": LONGEST_LABEL}
        )
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        link = gallery.links.select_for_update().filter(pk=link_id).first()
        if link is None:
            raise LinkMissingError(_("There is no such link."))
        link.label = label
        link.save(update_fields=["label"])
        return link


def note_shared(*, owner: User, gallery_id: uuid.UUID, link_id: uuid.UUID) -> uuid.UUID:
    """Write down that the owner sent a link, or opened the way to: once a link.

    Returns:
        The event.

    Raises:
        LinkMissingError: she has no such link, or it opens no more.
    """
    link = own_link(user=owner, gallery_id=gallery_id, link_id=link_id)
    if not is_open(link):
        raise LinkMissingError(_("There is no such link."))
    with transaction.atomic():
        return record_fact(
            EventName.LINK_SHARED,
            link.gallery,
            key=str(link.pk),
            link=link,
            caused_by=event_of(f"{EventName.LINK_CREATED}:{link.pk}"),
        )


def note_view(*, link: ShareLink, browser_token: str) -> None:
    """Write down that a person opened a link: once a browser, whatever it opens later.

    Args:
        link: an open link, with its gallery.
        browser_token: the unguessable cookie of her browser.
    """
    values: dict[str, Any] = {
        "link": link.pk,
        "viewer": browser_hash(browser_token, link.gallery_id),
        "now": timezone.now(),
        "causes": [f"{name}:{link.pk}" for name in (EventName.LINK_SHARED, EventName.LINK_CREATED)],
    }
    with transaction.atomic():
        with prepared_cursor() as cursor:
            cursor.execute(NOTE_VIEW, values)
            noted = cursor.fetchone()
        if noted is None:
            return
        person_id = browser_person(browser_token, link.gallery_id)
        record_fact(
            EventName.LINK_VIEWED,
            link.gallery,
            key=f"{link.pk}:{person_id}",
            link=link,
            person=voter(person_id),
            caused_by=noted[0],
        )


def admit(*, link: ShareLink, browser_token: str) -> None:
    """Let a browser in by a close friend's link, by an act of its person: never by a look.

    A link for anybody lets everybody in, and nothing is written. The name is held to the end of
    the caller's transaction, so that of two browsers at once one comes in.

    Args:
        link: an open link, with its gallery.
        browser_token: the unguessable cookie of her browser.

    Raises:
        LinkMissingError: it has let in as many others as it may.
    """
    if link.admits is None:
        return
    viewer = browser_hash(browser_token, link.gallery_id)
    with transaction.atomic():
        lock_name(f"link-admission:{link.pk}")
        taken = set(link.admissions.values_list("viewer", flat=True))
        if viewer in taken:
            return
        if len(taken) >= link.admits:
            raise link_missing()
        LinkAdmission.objects.create(link=link, viewer=viewer, place=len(taken) + 1)
