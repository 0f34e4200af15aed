"""What is asked for a frame that came back damaged, and what its customer says to it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Inspection
from trials.returns.states import ProposalState


class ChargeProposal(models.Model):
    """What the terms of a trial say for a frame found damaged; people decide whether it is owed.

    Nothing is charged before the customer was told and had her days to answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.OneToOneField(
        Inspection, verbose_name=_("inspection"), on_delete=models.PROTECT, related_name="proposal"
    )
    # The frame's price times the programme's ``damaged_percent``, and what ops made of it.
    by_terms = MoneyField(_("by the terms"))
    amount = MoneyField(_("amount"))
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    told_broken = models.BooleanField(_("told to have arrived broken"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    objection = models.CharField(_("customer’s objection"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    # Until when the customer may answer; nothing while she was not told.
    answer_until = models.DateTimeField(_("answer until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    charge = models.OneToOneField(
        TrialCharge,
        verbose_name=_("trial charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposal",
    )

    class Meta:
        verbose_name = _("charge proposal")
        verbose_name_plural = _("charge proposals")
        ordering = ("proposed_at", "pk")
        permissions = [
            ("decide_chargeproposal", "Can accept, change or waive what is proposed for damage")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, by_terms__gt=0), name="proposal_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(state="charged", charge__isnull=False)
                | ~models.Q(state="charged") & models.Q(charge=None),
                name="proposal_charged_by_one_charge",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"],
                name="proposal_open",
                condition=models.Q(state__in=["proposed", "accepted", "objected"]),
            ),
            models.Index(fields=["state", "proposed_at", "id"], name="proposal_by_state"),
        ]

    @property
    def times_said(self) -> int:
        """How often its customer has spoken: her objection, and what she added to it."""
        return bool(self.objection) + len(self.further.all())


class FurtherObjection(models.Model):
    """What a customer added to her objection while nobody had decided."""

    proposal = models.ForeignKey(
        ChargeProposal,
        verbose_name=_("charge proposal"),
        on_delete=models.CASCADE,
        related_name="further",
        db_index=False,
    )
    words = models.CharField(_("in her words"), max_length=500)
    said_at = models.DateTimeField(_("said at"), default=timezone.now)

    class Meta:
        verbose_name = _("further objection")
        verbose_name_plural = _("further objections")
        ordering = ("said_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "words"], name="further_objection_once"),
        ]

    def __str__(self) -> str:
        return self.words


class ProposalTransition(Transition):
    """One move of a proposal."""

    subject = models.ForeignKey(
        ChargeProposal, on_delete=models.CASCADE, related_name="transitions"
    )
