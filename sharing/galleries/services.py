"""Making galleries and the links that open them."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import (
    GalleryMissingError,
    GalleryTooEarlyError,
    LinkMissingError,
    TooManyLinksError,
)
from sharing.galleries.models import (
    Gallery,
    GalleryItem,
    GalleryTransition,
    LinkView,
    ShareLink,
)
from sharing.galleries.states import MOVES, GalleryState
from sharing.galleries.tokens import browser_hash, browser_person, link_token, token_hash
from shop.analytics.names import Channel, EventName
from shop.analytics.services import Person, customer, record, voter
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line
from trials.home_trials.models import Trial

LINK_LIFE = timedelta(days=30)
OPEN_LINKS_A_GALLERY = 20


def create_gallery(*, owner: User, trial_id: uuid.UUID, question: str = "") -> Gallery:
    """Make the gallery of a trial that has arrived; one made before stays as it is.

    Args:
        owner: the customer, whose trial it must be.
        trial_id: the trial; each of its frames is shown.
        question: what friends are asked; "Which pair should I keep?" if empty.

    Raises:
        GalleryMissingError: the trial is not hers.
        GalleryTooEarlyError: the frames have not arrived.
        CardNumberError: the question holds a card number.
    """
    question = one_line(question)
    refuse_card_numbers(question)
    with transaction.atomic():
        trial = Trial.objects.select_for_update().filter(pk=trial_id, user=owner).first()
        if trial is None:
            raise GalleryMissingError(_("There is no such trial."))
        made = Gallery.objects.filter(trial=trial).first()
        if made is not None:
            return made
        if trial.delivered_at is None:
            raise GalleryTooEarlyError(
                _("Your frames have not arrived yet. Ask your friends when they have.")
            )
        gallery = Gallery.objects.create(
            owner=owner, trial=trial, question=question or _("Which pair should I keep?")
        )
        items = trial.items.order_by("variant_id")
        GalleryItem.objects.bulk_create(
            GalleryItem(gallery=gallery, variant_id=item.variant_id, trial_item=item, position=at)
            for at, item in enumerate(items, start=1)
        )
        GalleryTransition.objects.create(
            subject=gallery, from_state="", to_state=gallery.state, actor=owner
        )
        _record(EventName.GALLERY_CREATED, gallery, key=str(gallery.pk), caused_by=trial.caused_by)
        return gallery


def create_link(
    *,
    owner: User,
    gallery_id: uuid.UUID,
    channel: str = Channel.LINK,
    label: str = "",
    life: timedelta = LINK_LIFE,
) -> ShareLink:
    """Make a link that opens a gallery, to be sent by one way.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        channel: the way it is sent, one of ``Channel``.
        label: a note for the owner, such as "Family".
        life: how long it opens.

    Raises:
        GalleryMissingError: the gallery is not hers.
        TooManyLinksError: ``OPEN_LINKS_A_GALLERY`` links are open.
        CardNumberError: the label holds a card number.
    """
    label = one_line(label)
    refuse_card_numbers(label)
    with transaction.atomic():
        gallery = _locked(owner, gallery_id)
        now = timezone.now()
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
            created_at=now,
            expires_at=now + life,
        )
        _record(EventName.LINK_CREATED, gallery, key=str(link.pk), link=link)
        publish("galleries.preview", {"link": str(link.pk)})
        return link


def revoke_link(*, owner: User, gallery_id: uuid.UUID, link_id: uuid.UUID) -> ShareLink:
    """Withdraw a link: its page, photos and preview are gone at once. Repeated, nothing changes.

    Raises:
        GalleryMissingError: the gallery is not hers.
        LinkMissingError: the gallery has no such link.
    """
    with transaction.atomic():
        gallery = _locked(owner, gallery_id)
        link = gallery.links.select_for_update().filter(pk=link_id).first()
        if link is None:
            raise LinkMissingError(_("There is no such link."))
        if link.revoked_at is None:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            _record(EventName.LINK_REVOKED, gallery, key=str(link.pk), link=link)
            publish("galleries.forget_preview", {"link": str(link.pk)})
        return link


def close_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """End the voting. No vote is counted that was not cast before; closed twice is no error.

    The row is locked against every vote under way (``sharing.votes.services``).

    Raises:
        GalleryMissingError: the gallery is not hers.
    """
    with transaction.atomic():
        gallery = _locked(owner, gallery_id)
        if gallery.state == GalleryState.CLOSED:
            return gallery
        fields = {"closed_at": timezone.now()}
        move(
            gallery,
            GalleryState.CLOSED,
            moves=MOVES,
            history=GalleryTransition,
            by=owner,
            fields=fields,
        )
        times = gallery.transitions.count()
        _record(EventName.GALLERY_CLOSED, gallery, key=f"{gallery.pk}:{times}")
        return gallery


def reopen_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """Let friends vote again; an open gallery stays as it is.

    Raises:
        GalleryMissingError: the gallery is not hers.
    """
    with transaction.atomic():
        gallery = _locked(owner, gallery_id)
        if gallery.state == GalleryState.CLOSED:
            move(
                gallery,
                GalleryState.OPEN,
                moves=MOVES,
                history=GalleryTransition,
                by=owner,
                fields={"closed_at": None},
            )
        return gallery


def note_view(*, link: ShareLink, browser_token: str) -> None:
    """Write down that a person opened a link: once a browser, whatever it opens later.

    Args:
        link: an open link, with its gallery.
        browser_token: the unguessable cookie of her browser.
    """
    viewer = browser_hash(browser_token, link.gallery_id)
    if LinkView.objects.filter(link=link, viewer=viewer).exists():
        return
    with transaction.atomic():
        _view, first = LinkView.objects.get_or_create(link=link, viewer=viewer)
        if first:
            person_id = browser_person(browser_token, link.gallery_id)
            _record(
                EventName.LINK_VIEWED,
                link.gallery,
                key=f"{link.pk}:{person_id}",
                link=link,
                person=voter(person_id),
            )


def _locked(owner: User, gallery_id: uuid.UUID) -> Gallery:
    if not Gallery.objects.filter(pk=gallery_id, owner=owner).exists():
        raise GalleryMissingError(_("There is no such gallery."))
    return lock_row(Gallery, gallery_id)


def _record(
    name: EventName,
    gallery: Gallery,
    *,
    key: str,
    link: ShareLink | None = None,
    person: Person | None = None,
    caused_by: uuid.UUID | None = None,
) -> uuid.UUID:
    return record(
        name,
        key=f"{name}:{key}",
        subject=("gallery", gallery.pk),
        person=person or customer(gallery.owner),
        channel=link.channel if link else "",
        link=link.pk if link else "",
        caused_by=caused_by,
        details={"trial": str(gallery.trial_id)},
    )
