"""Threads between a customer and the shop, about a trial or a gallery, and what is said in them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.models import Gallery
from sharing.stylist.states import ThreadState
from shop.foundation.history import Transition
from trials.home_trials.models import Trial

TEXT_LENGTH = 1000


class Thread(models.Model):
    """What a customer and the shop say about one trial or one gallery."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads"
    )
    trial = models.OneToOneField(
        Trial, on_delete=models.PROTECT, null=True, blank=True, related_name="thread"
    )
    gallery = models.OneToOneField(
        Gallery, on_delete=models.PROTECT, null=True, blank=True, related_name="thread"
    )
    state = models.CharField(
        max_length=10, choices=ThreadState.choices, default=ThreadState.WAITING
    )
    opened_at = models.DateTimeField(default=timezone.now)
    # When the first question was asked that no answer followed yet; nothing where none waits.
    waiting_since = models.DateTimeField(null=True, blank=True)
    # The event of that question: what an answer is caused by.
    waiting_event = models.UUIDField(null=True, blank=True)
    last_at = models.DateTimeField(default=timezone.now)
    # Whether friends of the gallery read it too; its owner decides.
    shown_to_friends = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trial__isnull=False, gallery__isnull=True)
                | models.Q(trial__isnull=True, gallery__isnull=False),
                name="thread_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waiting") | models.Q(waiting_since__isnull=False),
                name="waiting_thread_knows_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "waiting_since"], name="thread_by_waiting"),
            models.Index(fields=["-last_at", "-id"], name="thread_by_latest"),
        ]


class ThreadTransition(Transition):
    """One move of a thread."""

    subject = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="transitions")


class PicturePart(models.TextChoices):
    """How far the picture of an answer is."""

    NONE = "", _("No picture")
    PENDING = "pending", _("Being prepared")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")
    ERASED = "erased", _("Erased")


class Message(models.Model):
    """One question or answer. Rising ids: the greatest says what was the last word."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_staff = models.BooleanField()
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    picture = models.UUIDField(null=True, unique=True, help_text="Names its files.")
    picture_state = models.CharField(max_length=10, choices=PicturePart.choices, blank=True)
    # Name in private storage of what was uploaded; emptied and deleted once re-encoded.
    original = models.CharField(max_length=120, blank=True)
    refusal = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="")
                | models.Q(picture__isnull=False)
                | models.Q(erased_at__isnull=False),
                name="message_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(from_staff=True) | models.Q(picture__isnull=True),
                name="only_answers_have_pictures",
            ),
        ]
