"""Tables every room uses: answers given once, and what is to happen later."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """The first answer to a POST that moves money or stock, to be given again."""

    scope = models.CharField(max_length=200, help_text="Who asked, and for which operation.")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_a_key"),
        ]


class OutboxMessage(models.Model):
    """Something that must happen after a transaction: one row for each handler of a topic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(_("topic"), max_length=60)
    handler = models.CharField(_("handler"), max_length=120)
    payload = models.JSONField(_("content"))
    # The database's own default too, for code of the last release that runs beside this one.
    request_id = models.CharField(
        _("request id"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text=_("The request that caused it, for the logs."),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True)
    gave_up_at = models.DateTimeField(_("given up at"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("retry_outboxmessage", "Can try work again that was given up")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, gave_up_at__isnull=True),
            ),
        ]


class AddressSalt(models.Model):
    """What network addresses are hashed with on one day; deleted when it is over."""

    day = models.DateField(primary_key=True)
    salt = models.CharField(max_length=64)


class Milestone(models.Model):
    """Something that is done once in the life of an installation, and is done: such as its demo."""

    name = models.CharField(max_length=60, primary_key=True)
    reached_at = models.DateTimeField(default=timezone.now)
