"""Wishes, exports and objections as they are shown."""

import uuid

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.photos.models import PhotoState
from sharing.privacy.errors import ObjectionMissingError
from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.states import OPEN_OBJECTIONS, ExportState
from sharing.votes.models import Vote
from sharing.votes.states import LeftOut
from shop.customers.models import User


def erasures_of(user: User) -> QuerySet[Erasure]:
    """Return what a customer had erased, latest first."""
    return Erasure.objects.filter(user=user).order_by("-requested_at", "-pk")


def exports_of(user: User) -> QuerySet[DataExport]:
    """Return a customer's exports that are under way or can be fetched, latest first."""
    mine = DataExport.objects.filter(user=user).exclude(state=ExportState.DELETED)
    return mine.order_by("-requested_at", "-pk")


def objections_of(user: User) -> QuerySet[PhotoObjection]:
    """Return the objections to a customer's photos, latest first."""
    mine = PhotoObjection.objects.filter(photo__user=user).select_related("photo", "gallery")
    return mine.order_by("-created_at", "-pk")


def open_objections_to(user: User, gallery: Gallery | None) -> QuerySet[PhotoObjection]:
    """Return what is open against a customer's photos in one gallery, oldest first."""
    waiting = objections_of(user).filter(state__in=OPEN_OBJECTIONS, gallery=gallery)
    return waiting.exclude(photo__state=PhotoState.ERASED).order_by("created_at", "pk")


def objection_of(*, user: User, objection_id: uuid.UUID) -> PhotoObjection:
    """Return an objection to a photo of a customer's own.

    Raises:
        ObjectionMissingError: there is none, or the photo is somebody else's.
    """
    objection = objections_of(user).filter(pk=objection_id).first()
    if objection is None:
        raise ObjectionMissingError(_("There is no such objection."))
    return objection


def open_objections() -> QuerySet[PhotoObjection]:
    """Return what staff may decide, longest open first; with how often a photo was objected to."""
    waiting = PhotoObjection.objects.filter(state__in=OPEN_OBJECTIONS)
    waiting = waiting.exclude(photo__state=PhotoState.ERASED)
    return (
        waiting.select_related("photo__user", "gallery")
        .annotate(
            times=Count("photo__objections"),
            kept=Count("photo__objections", filter=Q(photo__objections__state="kept")),
            owner_id=F("photo__user_id"),
        )
        .order_by("created_at", "pk")
    )


def photo_to_decide(objection_id: uuid.UUID) -> uuid.UUID | None:
    """Return the photo of an objection that waits for a decision; staff see no other."""
    waiting = PhotoObjection.objects.filter(pk=objection_id, state__in=OPEN_OBJECTIONS)
    return waiting.values_list("photo_id", flat=True).first()


def galleries_to_decide() -> QuerySet[Gallery]:
    """Return the galleries with photos that staff may decide on, longest waiting first."""
    waiting = Q(objections__state__in=OPEN_OBJECTIONS)
    waiting &= ~Q(objections__photo__state=PhotoState.ERASED)
    galleries = Gallery.objects.filter(waiting).select_related("owner")
    return galleries.annotate(since=Min("objections__created_at")).order_by("since", "pk")


def has_voted(person_id: uuid.UUID) -> bool:
    """Tell whether a person behind a browser has a vote that can be erased."""
    return Vote.objects.filter(voter=person_id).exclude(excluded_because=LeftOut.ERASED).exists()
