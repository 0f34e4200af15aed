"""What customers tell: a frame is kept, it arrived broken, the box was sent back or never came."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.home_trials.models import Trial, TrialItem


class ReportKind(models.TextChoices):
    """What is told."""

    KEEPING = "keeping", _("Keeps it")
    BROKEN = "broken", _("Arrived broken")
    SENT_BACK = "sent_back", _("Sent back")
    NEVER_CAME = "never_came", _("Never came")


class Decision(models.TextChoices):
    """What the shop says to a frame that arrived broken, or to a box that never came."""

    ACCEPTED = "accepted", _("Accepted: nothing is charged for it")
    REFUSED = "refused", _("Refused: looked at when it is back")


class CustomerReport(models.Model):
    """One thing a customer told, of a frame or of the whole box."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="reports"
    )
    item = models.ForeignKey(
        TrialItem,
        verbose_name=_("frame of the trial"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    kind = models.CharField(_("told"), max_length=10, choices=ReportKind.choices)
    words = models.CharField(_("in her words"), max_length=500, blank=True)
    told_at = models.DateTimeField(_("told at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # Since when a frame that is kept is being charged: from then on it cannot be undone.
    charged_at = models.DateTimeField(_("charged at"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("customer’s report")
        verbose_name_plural = _("customers’ reports")
        ordering = ("told_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind"],
                condition=models.Q(withdrawn_at=None),
                name="report_once_a_frame",
            ),
            models.UniqueConstraint(
                fields=["trial", "kind"],
                condition=models.Q(withdrawn_at=None, item=None),
                name="report_once_a_box",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["sent_back", "never_came"], item=None)
                | ~models.Q(kind__in=["sent_back", "never_came"]) & models.Q(item__isnull=False),
                name="report_of_a_frame_or_of_the_box",
            ),
            models.CheckConstraint(
                condition=models.Q(charged_at=None) | models.Q(withdrawn_at=None),
                name="report_charged_not_withdrawn",
            ),
        ]
        indexes = [
            models.Index(
                fields=["told_at"],
                name="report_to_decide",
                condition=models.Q(kind="broken", decision="", withdrawn_at=None),
            ),
            models.Index(
                fields=["told_at", "id"],
                name="report_of_broken",
                condition=models.Q(kind="broken", withdrawn_at=None),
            ),
            models.Index(
                fields=["told_at", "id"],
                name="report_of_missed",
                condition=models.Q(kind="never_came", withdrawn_at=None),
            ),
            models.Index(
                fields=["trial"],
                name="report_to_charge",
                condition=models.Q(kind="keeping", charged_at=None, withdrawn_at=None),
            ),
        ]
