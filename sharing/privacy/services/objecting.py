"""Objecting to a photo: it is hidden at once, its owner is asked, the shop decides.

One person hides one or two photos of a gallery a day. What she objects to besides waits for the
shop, so that nobody with a link empties a gallery in seconds.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.queries import photo_in_gallery
from sharing.photos.errors import PhotoMissingError
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import erase_photo, hide_photo, show_photo
from sharing.privacy.errors import AnswerMissingError, ObjectionMissingError
from sharing.privacy.models import ObjectionTransition, PhotoObjection
from sharing.privacy.states import OBJECTION_MOVES, OPEN_OBJECTIONS, ObjectionState
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import record, voter
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_name, lock_row, lock_rows
from shop.foundation.network import address_hash
from shop.foundation.plain_text import one_line
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

OBJECTIONS_A_NETWORK = 10
WINDOW_SECONDS = 3600
# Photos of one gallery that one browser, or one network, hides at once within a day: as many as
# somebody who happened to stand beside the customer is on.
HIDDEN_AT_ONCE = 2
DAY = timedelta(days=1)
REASON_LENGTH = 300


def object_to_photo(
    *, link: ShareLink, photo_id: uuid.UUID, person_id: uuid.UUID, address: str, reason: str = ""
) -> PhotoObjection:
    """Take a person's word that she is on a photo and does not want it shown: it is hidden at once.

    After ``HIDDEN_AT_ONCE`` photos of the gallery within a day from the same browser or network,
    further ones wait for the shop and stay. So does a photo that the shop has decided to show,
    until it has decided anew. A second objection while one is open adds nothing.

    Args:
        link: the open link she came by.
        photo_id: a photo of its gallery.
        person_id: the person behind her browser.
        address: her network address; only its hash of the day counts.
        reason: in her words, up to 300 characters.

    Raises:
        PhotoMissingError: the gallery shows no such photo.
        CardNumberError: the reason holds a card number.
        TooManyError: her network has objected too often.
    """
    reason = one_line(reason)[:REASON_LENGTH]
    refuse_card_numbers(reason)
    network = address_hash(address)
    count_against("objection", network, limit=OBJECTIONS_A_NETWORK, seconds=WINDOW_SECONDS)
    with transaction.atomic():
        # Two photos in the same moment: the one sees that the other was hidden.
        lock_name(f"objections:{link.gallery_id}")
        photo = Photo.objects.filter(pk=photo_id, trial_item__gallery_item__gallery=link.gallery_id)
        if not photo.exists():
            raise PhotoMissingError(_("This photo is not here any more."))
        locked = lock_row(Photo, photo_id, related=("user",))
        before = PhotoObjection.objects.filter(photo=locked)
        under_way = before.filter(state__in=OPEN_OBJECTIONS).first()
        if under_way is not None:
            return under_way
        if photo_in_gallery(link.gallery, photo_id) is None:
            raise PhotoMissingError(_("This photo is not here any more."))
        decided = before.filter(state=ObjectionState.KEPT).exists()
        state = ObjectionState.REPEATED if decided else ObjectionState.HIDDEN
        if state == ObjectionState.HIDDEN and _has_hidden_enough(link, person_id, network):
            state = ObjectionState.WAITING
        if state == ObjectionState.HIDDEN:
            hide_photo(photo_id=photo_id)
        objection = PhotoObjection.objects.create(
            photo=locked,
            gallery_id=link.gallery_id,
            state=state,
            reason=reason,
            person=person_id,
            address_hash=network,
        )
        ObjectionTransition.objects.create(
            subject=objection, from_state="", to_state=objection.state
        )
        event = _record_objected(objection, link, person_id)
        _tell_owner(link.gallery, caused_by=event)
        return objection


def _has_hidden_enough(link: ShareLink, person_id: uuid.UUID, network: str) -> bool:
    """Tell whether this browser or network has hidden as many photos today as it may.

    Those count that were hidden at once, whatever was decided since.
    """
    lately = PhotoObjection.objects.filter(
        Q(person=person_id) | Q(address_hash=network),
        gallery=link.gallery_id,
        created_at__gt=timezone.now() - DAY,
        transitions__from_state="",
        transitions__to_state=ObjectionState.HIDDEN,
    )
    return lately.count() >= HIDDEN_AT_ONCE


def answer_objection(
    *, owner: User, objection_id: uuid.UUID, erase: bool, answer: str = ""
) -> PhotoObjection:
    """Take the owner's answer: she erases the photo, or says why it should be shown.

    Raises:
        ObjectionMissingError: the photo is not hers.
        AnswerMissingError: she wants it shown and does not say why.
        IllegalMoveError: she has answered, or the shop has decided.
        CardNumberError: the answer holds a card number.
    """
    answer = one_line(answer)[:REASON_LENGTH]
    refuse_card_numbers(answer)
    if not erase and not answer:
        raise AnswerMissingError(_("Say why the photo should be shown, or erase it."))
    with transaction.atomic():
        objection = _locked(objection_id, owner=owner)
        if erase:
            return _settle(objection, ObjectionState.ERASED, by=owner)
        move(
            objection,
            ObjectionState.EXPLAINED,
            moves=OBJECTION_MOVES,
            history=ObjectionTransition,
            by=owner,
            fields={"answer": answer},
        )
        return objection


def decide_objection(
    *, objection_id: uuid.UUID, by: User, erase: bool, reason: str = ""
) -> PhotoObjection:
    """Decide for the shop: the photo is erased, or shown from now on.

    Args:
        objection_id: which.
        by: who of staff decides.
        erase: whether the photo goes; shown otherwise.
        reason: why, for the history.

    Raises:
        ObjectionMissingError: there is none.
        IllegalMoveError: it was decided already.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        objection = _locked(objection_id)
        state = ObjectionState.ERASED if erase else ObjectionState.KEPT
        return _settle(objection, state, by=by, reason=reason)


def decide_together(
    *, objection_ids: Iterable[uuid.UUID], by: User, erase: bool, reason: str = ""
) -> int:
    """Decide several at once; those that were decided meanwhile stay as they are.

    Args:
        objection_ids: which; unknown ones are left out.
        by: who of staff decides.
        erase: whether the photos go; shown otherwise.
        reason: why, for the history of each.

    Returns:
        How many were decided.

    Raises:
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        chosen = PhotoObjection.objects.filter(pk__in=list(objection_ids))
        photo_ids = dict(chosen.values_list("pk", "photo_id"))
        lock_rows(Photo, photo_ids.values())
        waiting = [
            each.pk
            for each in lock_rows(PhotoObjection, photo_ids)
            if each.state in OPEN_OBJECTIONS
        ]
        for objection_id in waiting:
            decide_objection(objection_id=objection_id, by=by, erase=erase, reason=reason)
        return len(waiting)


def tell_owners(*, limit: int = 200) -> int:
    """Mail the owners what was gathered since their last mail, a day later; return how many.

    Args:
        limit: galleries to look at.
    """
    untold = PhotoObjection.objects.filter(told_at=None, state__in=OPEN_OBJECTIONS)
    galleries = Gallery.objects.filter(pk__in=untold.values("gallery")).select_related("owner")
    told = 0
    for gallery in galleries.order_by("pk")[:limit]:
        with transaction.atomic():
            lock_name(f"objections:{gallery.pk}")
            told += _tell_owner(gallery)
    return told


def forget_objectors() -> int:
    """Forget who objected, a day after: it is asked for no longer. Return how many were."""
    old = PhotoObjection.objects.filter(created_at__lt=timezone.now() - DAY)
    return old.exclude(person=None, address_hash="").update(person=None, address_hash="")


def settle_moot(*, limit: int = 200) -> int:
    """Settle the objections to photos that are erased by now, and return how many."""
    moot = PhotoObjection.objects.filter(photo__state=PhotoState.ERASED)
    moot = moot.exclude(state=ObjectionState.ERASED)
    ids = list(moot.values_list("pk", flat=True)[:limit])
    for objection_id in ids:
        with transaction.atomic():
            objection = _locked(objection_id)
            if objection.state != ObjectionState.ERASED:
                _settle(objection, ObjectionState.ERASED)
    return len(ids)


def _locked(objection_id: uuid.UUID, *, owner: User | None = None) -> PhotoObjection:
    objections = PhotoObjection.objects.filter(pk=objection_id)
    if owner is not None:
        objections = objections.filter(photo__user=owner)
    photo_id = objections.values_list("photo_id", flat=True).first()
    if photo_id is None:
        raise ObjectionMissingError(_("There is no such objection."))
    lock_row(Photo, photo_id)
    return lock_row(PhotoObjection, objection_id, related=("photo__user",))


def _settle(
    objection: PhotoObjection, state: ObjectionState, *, by: User | None = None, reason: str = ""
) -> PhotoObjection:
    # What was written is for deciding alone: it goes with the photo.
    words = {"reason": "", "answer": ""} if state == ObjectionState.ERASED else {}
    move(
        objection,
        state,
        moves=OBJECTION_MOVES,
        history=ObjectionTransition,
        by=by,
        reason=reason,
        fields={"settled_at": timezone.now(), **words},
    )
    photo = objection.photo
    if state == ObjectionState.ERASED:
        erase_photo(user=photo.user, photo_id=photo.pk)
    else:
        show_photo(photo_id=photo.pk)
    return objection


def _tell_owner(gallery: Gallery, *, caused_by: uuid.UUID | None = None) -> bool:
    """Mail the owner of what she was not told of yet, once a day; the caller holds the name.

    Returns:
        Whether a mail goes out.
    """
    now = timezone.now()
    about = PhotoObjection.objects.filter(gallery=gallery)
    untold = list(about.filter(told_at=None, state__in=OPEN_OBJECTIONS).order_by("created_at"))
    if not untold or about.filter(told_at__gt=now - DAY).exists():
        return False
    first, several = untold[0], len(untold) > 1
    one = reverse("sharing:objection", args=[first.pk])
    notify(
        user=gallery.owner,
        topic=Topic.SECURITY,
        template="photo_objected",
        context={
            "count": len(untold),
            "several": several,
            "state": first.state,
            "path": reverse("sharing:privacy") if several else one,
        },
        key=f"photo_objected:{first.pk}",
        about=gallery.pk,
        caused_by=caused_by,
    )
    about.filter(pk__in=[each.pk for each in untold]).update(told_at=now)
    return True


def _record_objected(objection: PhotoObjection, link: ShareLink, person_id: uuid.UUID) -> uuid.UUID:
    viewed = EventKey.objects.filter(pk=f"{EventName.LINK_VIEWED}:{link.pk}:{person_id}")
    return record(
        EventName.PHOTO_OBJECTED,
        key=f"{EventName.PHOTO_OBJECTED}:{objection.pk}",
        subject=("photo", objection.photo_id),
        person=voter(person_id),
        channel=link.channel,
        link=link.pk,
        caused_by=viewed.values_list("event_id", flat=True).first(),
        details={"gallery": str(objection.gallery_id), "hidden": objection.state == "hidden"},
    )
