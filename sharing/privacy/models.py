"""What people asked for: to be erased, to be told, not to be shown."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.models import Gallery
from sharing.photos.models import Photo
from sharing.privacy.states import OPEN_OBJECTIONS, ErasureState, ExportState, ObjectionState
from shop.foundation.history import Transition
from shop.foundation.privacy import Scope


class Erasure(models.Model):
    """One wish to be erased, by a customer or by staff who got her letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose"),
        on_delete=models.PROTECT,
        related_name="erasures",
    )
    scopes = ArrayField(
        models.CharField(max_length=10, choices=Scope.choices), verbose_name=_("what")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ErasureState.choices,
        default=ErasureState.REQUESTED,
    )
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # Where something must be kept for some years: when to try again.
    again_at = models.DateTimeField(_("again at"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-requested_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "scopes"],
                condition=Q(state="requested"),
                name="one_erasure_under_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["again_at"], condition=Q(again_at__isnull=False), name="erasure_again"
            ),
        ]


class ErasureTransition(Transition):
    """One move of an erasure."""

    subject = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="transitions")


class DataExport(models.Model):
    """All that is held of a customer, put together for her alone and for a few days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose"),
        on_delete=models.PROTECT,
        related_name="data_exports",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState.choices, default=ExportState.REQUESTED
    )
    # Name in private storage: random, known before the file is there, so that none is lost.
    file = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("there until"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-requested_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="requested"), name="one_export_under_way"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_expiring"),
        ]


class DataExportTransition(Transition):
    """One move of an export."""

    subject = models.ForeignKey(DataExport, on_delete=models.CASCADE, related_name="transitions")


class PhotoObjection(models.Model):
    """A person on a photo, or beside it, who does not want it shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(
        Photo, verbose_name=_("photo"), on_delete=models.PROTECT, related_name="objections"
    )
    gallery = models.ForeignKey(
        Gallery, verbose_name=_("gallery"), on_delete=models.PROTECT, related_name="objections"
    )
    state = models.CharField(_("state"), max_length=10, choices=ObjectionState.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("objected at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # When the gallery's owner was mailed of it; later ones of a day are gathered into one mail.
    told_at = models.DateTimeField(_("owner told at"), null=True, blank=True)
    # Who objected, to tell one's second photo from another's first: the person behind the browser,
    # another one in each gallery, and her network under the day's salt.
    person = models.UUIDField(null=True, blank=True, editable=False)
    address_hash = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        verbose_name = _("objection to a photo")
        verbose_name_plural = _("objections to photos")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["photo"],
                condition=Q(state__in=[each.value for each in OPEN_OBJECTIONS]),
                name="one_open_objection_a_photo",
            ),
        ]


class ObjectionTransition(Transition):
    """One move of an objection."""

    subject = models.ForeignKey(
        PhotoObjection, on_delete=models.CASCADE, related_name="transitions"
    )
