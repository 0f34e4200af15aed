"""Making galleries, and what their owner sets."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import (
    FramesInvalidError,
    GalleryClosedError,
    GalleryMissingError,
    GalleryTooEarlyError,
    SettingInvalidError,
    TooManyGalleriesError,
)
from sharing.galleries.models import Gallery, GalleryItem, GalleryTransition
from sharing.galleries.services.facts import locked, record_fact
from sharing.galleries.services.links import redraw_previews
from sharing.galleries.states import GalleryKind, GalleryState, NamesShown
from sharing.galleries.words import names_a_place, usual_question
from shop.analytics.names import EventName
from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_name
from shop.foundation.plain_text import one_line
from trials.home_trials.models import Trial

QUESTION_LENGTH = 140
FEWEST_FRAMES, MOST_FRAMES = 2, 5
# Of frames before a trial; far more than anybody asks about at once.
OPEN_FRAMES_GALLERIES = 10
LONGEST_POLL = timedelta(days=60)


class Settings(TypedDict, total=False):
    """What an owner may change while friends vote; what is left out stays.

    Attributes:
        question: up to 140 characters; the usual one if empty.
        closes_at: when the voting ends by itself; nothing: by hand.
        is_blind: nobody sees how it stands before her own vote.
        names_shown: who sees how voters called themselves, one of ``NamesShown``.
        shows_bought: friends see, and those who asked are mailed, which frame was bought.
    """

    question: str
    closes_at: datetime | None
    is_blind: bool
    names_shown: str
    shows_bought: bool


def create_gallery(*, owner: User, trial_id: uuid.UUID, question: str = "") -> Gallery:
    """Make the gallery of a trial that has arrived; one made before stays as it is.

    Args:
        owner: the customer, whose trial it must be.
        trial_id: the trial; each of its frames is shown.
        question: what friends are asked; "Which pair should I keep?" if empty.

    Raises:
        GalleryMissingError: the trial is not hers.
        GalleryTooEarlyError: the frames have not arrived.
        SettingInvalidError: the question is too long.
        CardNumberError: the question holds a card number.
    """
    question = _question(question)
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
        gallery = Gallery(owner=owner, trial=trial, question=question)
        items = [
            GalleryItem(gallery=gallery, variant_id=item.variant_id, trial_item=item, position=at)
            for at, item in enumerate(trial.items.order_by("variant_id"), start=1)
        ]
        return _made(gallery, items, caused_by=trial.caused_by)


def create_frames_gallery(
    *,
    owner: User,
    variant_ids: Sequence[int],
    question: str = "",
    caused_by: uuid.UUID | None = None,
) -> Gallery:
    """Make a gallery of chosen frames before a trial: catalogue pictures, no photos.

    One that is open and shows the same frames stays as it is, so that a double click makes one.

    Args:
        owner: the customer.
        variant_ids: two to five, in the order they are shown; repeated ones count once.
        question: what friends are asked; "Which ones should I try on?" if empty.
        caused_by: the event that led to it, such as a bookmark's.

    Raises:
        FramesInvalidError: too few, too many, or one that is not sold.
        TooManyGalleriesError: ``OPEN_FRAMES_GALLERIES`` of them are open.
        SettingInvalidError: the question is too long.
        CardNumberError: the question holds a card number.
    """
    question, wanted = _question(question), list(dict.fromkeys(variant_ids))
    if not FEWEST_FRAMES <= len(wanted) <= MOST_FRAMES:
        raise FramesInvalidError(
            _("Choose %(fewest)s to %(most)s frames to ask about.")
            % {"fewest": FEWEST_FRAMES, "most": MOST_FRAMES}
        )
    with transaction.atomic():
        lock_name(f"customer-galleries:{owner.pk}")
        shown = Variant.objects.filter(pk__in=wanted, active=True).select_related("frame")
        hidden = {each.frame_id for each in shown if not each.frame.published}
        if len(shown) != len(wanted) or hidden - early_frames(owner, hidden):
            raise FramesInvalidError(_("A frame is not sold any more. Please choose another."))
        open_ones = Gallery.objects.filter(
            owner=owner, kind=GalleryKind.FRAMES, state=GalleryState.OPEN
        ).prefetch_related("items")
        for each in open_ones:
            same = {item.variant_id for item in each.items.all()} == set(wanted)
            if same and each.takes_votes:
                return each
        if len(open_ones) >= OPEN_FRAMES_GALLERIES:
            raise TooManyGalleriesError(
                _("You are asking about %(limit)s choices already. End one of them first.")
                % {"limit": OPEN_FRAMES_GALLERIES}
            )
        gallery = Gallery(owner=owner, kind=GalleryKind.FRAMES, question=question)
        items = [
            GalleryItem(gallery=gallery, variant_id=variant_id, position=at)
            for at, variant_id in enumerate(wanted, start=1)
        ]
        return _made(gallery, items, caused_by=caused_by)


def change_settings(*, owner: User, gallery_id: uuid.UUID, **changes: Unpack[Settings]) -> Gallery:
    """Change what friends are asked and how, while they may vote.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        changes: see ``Settings``.

    Raises:
        GalleryMissingError: the gallery is not hers.
        GalleryClosedError: the voting is over.
        SettingInvalidError: the question is too long, the deadline is past or too far off, or
            names that friends gave to the owner alone would be shown to all.
        CardNumberError: the question holds a card number.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        if not gallery.takes_votes:
            raise GalleryClosedError(_("The voting is over. Let friends vote again first."))
        if "question" in changes:
            before = gallery.question
            gallery.question = _question(changes["question"]) or usual_question(gallery)
            if gallery.question != before:
                redraw_previews(gallery)
        if "closes_at" in changes:
            gallery.closes_at = _deadline(changes["closes_at"], before=gallery.closes_at)
        if "names_shown" in changes:
            gallery.names_shown = _names_shown(gallery, changes["names_shown"])
        gallery.is_blind = changes.get("is_blind", gallery.is_blind)
        gallery.shows_bought = changes.get("shows_bought", gallery.shows_bought)
        gallery.save(
            update_fields=["question", "closes_at", "names_shown", "is_blind", "shows_bought"]
        )
        return gallery


def _made(gallery: Gallery, items: list[GalleryItem], *, caused_by: uuid.UUID | None) -> Gallery:
    gallery.question = gallery.question or usual_question(gallery)
    gallery.save(force_insert=True)
    GalleryItem.objects.bulk_create(items)
    GalleryTransition.objects.create(
        subject=gallery, from_state="", to_state=gallery.state, actor=gallery.owner
    )
    record_fact(EventName.GALLERY_CREATED, gallery, key=str(gallery.pk), caused_by=caused_by)
    return gallery


def _question(question: str) -> str:
    question = one_line(question)
    refuse_card_numbers(question)
    if len(question) > QUESTION_LENGTH:
        raise SettingInvalidError(
            _("Please ask in up to %(limit)s characters.") % {"limit": QUESTION_LENGTH}
        )
    if names_a_place(question):
        raise SettingInvalidError(
            _("Please ask without a link or an address; after a full stop leave a space.")
        )
    return question


def _deadline(closes_at: datetime | None, *, before: datetime | None) -> datetime | None:
    if closes_at is None or closes_at == before:
        return closes_at
    now = timezone.now()
    if closes_at <= now:
        raise SettingInvalidError(_("This time is past. Choose a later one."))
    if closes_at > now + LONGEST_POLL:
        raise SettingInvalidError(
            _("Let the voting end within the next %(days)s days.") % {"days": LONGEST_POLL.days}
        )
    return closes_at


def _names_shown(gallery: Gallery, wanted: str) -> str:
    if wanted not in NamesShown.values:
        raise SettingInvalidError(_("Choose who may see your friends’ names."))
    if wanted == NamesShown.FRIENDS != gallery.names_shown and (
        gallery.voters.exclude(name="").exists()
    ):
        raise SettingInvalidError(
            _("Friends have given you their names already, for your eyes only.")
        )
    return wanted
