"""Messages to people, what each chose to be written to about, and who wants none."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.messages.topics import TRANSACTIONAL, Delivery, Topic


class MessagePreference(models.Model):
    """What somebody chose for one topic; the topic's default holds where there is no row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_preferences"
    )
    topic = models.CharField(max_length=20, choices=Topic.choices)
    delivery = models.CharField(max_length=10, choices=Delivery.choices)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="one_preference_a_topic"),
            models.CheckConstraint(
                condition=~Q(topic__in=sorted(TRANSACTIONAL)), name="only_optional_topics_chosen"
            ),
        ]


class Suppression(models.Model):
    """An address that wants no mail about a topic. Its keyed hash is kept, never the address."""

    address_hash = models.CharField(max_length=32)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "topic"], name="suppressed_once"),
            models.CheckConstraint(
                condition=~Q(topic__in=sorted(TRANSACTIONAL)), name="only_optional_suppressed"
            ),
        ]


class MessageItem(models.Model):
    """One message to one person: waiting, sent, or withheld because she wants none.

    Its key names the fact it tells, so that a fact told twice is one message. What it says is
    kept only until it is sent.
    """

    # Of the mail it went out in alone, for whoever has just sent it; it is not stored.
    subject = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=120, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    address_hash = models.CharField(max_length=32)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    template = models.CharField(_("message"), max_length=40)
    about = models.CharField(_("about"), max_length=40, blank=True)
    delivery = models.CharField(_("goes"), max_length=10, choices=Delivery.choices)
    data: Any = models.JSONField(default=dict)
    caused_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    withheld_at = models.DateTimeField(_("withheld at"), null=True)
    # Of the mail it went out in: the messages of a digest share one.
    event_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_waiting",
                condition=Q(sent_at__isnull=True, withheld_at__isnull=True),
            ),
            models.Index(fields=["user", "sent_at"], name="message_by_user"),
            models.Index(fields=["address_hash", "topic"], name="message_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(withheld_at__isnull=True),
                name="sent_or_withheld",
            ),
        ]


class PushSubscription(models.Model):
    """A browser that shows its owner messages: its address at its maker's service, and its keys.

    The keys are the browser's public ones: they encrypt to it and open nothing here.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=500)
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=90)
    auth = models.CharField(max_length=30)
    created_at = models.DateTimeField(default=timezone.now)
