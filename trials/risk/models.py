"""The shop's rules, and the one decision they came to for each trial."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.foundation.money import MoneyField, quantize
from trials.home_trials.models import Trial
from trials.programme.models import LEAST_CHARGED


class Outcome(models.TextChoices):
    """What a rule asks for, the mildest first; the sternest that speaks decides."""

    APPROVE = "approve", _("Approve by itself")
    REVIEW = "review", _("Have a person look")
    DEPOSIT = "deposit", _("Ask for a deposit")
    DECLINE = "decline", _("Decline kindly")


class RuleKind(models.TextChoices):
    """What a rule looks at; each is counted or summed as ``facts`` says."""

    NOTHING_FOUND = "nothing_found", _("No other rule speaks")
    NEW_CUSTOMER = "new_customer", _("Trials completed so far, fewer than")
    SHARED_CARD = "shared_card", _("Other accounts with the same card, at least")
    OWN_DEBTS = "own_debts", _("Charges she owes, at least")
    CARD_OWES = "card_owes", _("Charges owed by accounts with the same card, at least")
    ADDRESS_OWES = "address_owes", _("Charges owed by accounts at the same address, at least")
    OUT_ELSEWHERE = (
        "out_elsewhere",
        _("Boxes under way to other accounts with the same card or address, at least"),
    )
    SERIAL_TRIALS = "serial_trials", _("Trials without a purchase within the days, at least")
    BOX_VALUE = "box_value", _("Value of the box in whole units of its currency, at least")
    # Reminders and words about charges would go to somebody else.
    UNCONFIRMED = "unconfirmed", _("Confirmed email addresses, fewer than")


# Kinds of which it is too little that speaks, not too much.
FEWER_THAN = frozenset({RuleKind.NEW_CUSTOMER, RuleKind.UNCONFIRMED})


class RiskRule(models.Model):
    """One rule. Changing it changes no decision that was made: those keep it as it was."""

    kind = models.CharField(_("looks at"), max_length=20, choices=RuleKind.choices, unique=True)
    threshold = models.PositiveIntegerField(_("threshold"), default=1)
    days = models.PositiveIntegerField(
        _("within days"), default=180, help_text=_("Only for trials without a purchase.")
    )
    outcome = models.CharField(
        _("then"), max_length=10, choices=Outcome.choices, default=Outcome.REVIEW
    )
    deposit = MoneyField(
        _("deposit"),
        default=50,
        help_text=_("Only where a deposit is asked for; of several rules the highest counts."),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("risk rule")
        verbose_name_plural = _("risk rules")
        ordering = ("kind",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=3650), name="risk_days_within_ten_years"
            ),
            # Only where nothing was found does anything go out by itself.
            models.CheckConstraint(
                condition=models.Q(kind="nothing_found") | ~models.Q(outcome="approve"),
                name="approved_where_nothing_speaks",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="nothing_found")
                | models.Q(outcome__in=["approve", "review"]),
                name="nothing_found_is_no_reproach",
            ),
            models.CheckConstraint(
                condition=models.Q(deposit__gte=LEAST_CHARGED),
                name="risk_deposit_a_card_can_be_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        """Refuse a deposit that no card can be asked for.

        Raises:
            ValidationError: naming the field.
        """
        if self.deposit != quantize(self.deposit):
            raise ValidationError({"deposit": _("Enter no fraction of the smallest coin.")})
        if self.deposit.amount < LEAST_CHARGED:
            least = Money(LEAST_CHARGED, self.deposit.currency)
            raise ValidationError(
                {"deposit": _("A card can be asked for %(least)s or more.") % {"least": least}}
            )


class RiskDecision(models.Model):
    """What the rules came to for one trial, once, with all they stood on."""

    trial = models.OneToOneField(
        Trial, verbose_name=_("trial"), on_delete=models.CASCADE, related_name="risk_decision"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    # The rules that spoke: kind, number found, threshold, days and outcome, as they were.
    reasons = models.JSONField(_("reasons"), default=list)
    # Every rule that counted then, in the same form.
    rules = models.JSONField(_("rules"), default=list)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("risk decision")
        verbose_name_plural = _("risk decisions")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.get_outcome_display()


class LookAnswer(models.TextChoices):
    """What a person came to who looked at what the rules had declined."""

    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class SecondLook(models.Model):
    """A customer's wish that a person looks at what the rules declined; once a trial."""

    trial = models.OneToOneField(
        Trial, verbose_name=_("trial"), on_delete=models.CASCADE, related_name="second_look"
    )
    words = models.CharField(_("in her words"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=LookAnswer.choices, blank=True)
    # Why not, in words she reads.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The trial that was placed in place of the declined one.
    followed_by = models.OneToOneField(
        Trial,
        verbose_name=_("followed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="after_look",
    )

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ("asked_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", decided_at=None, followed_by=None)
                | models.Q(answer="declined", decided_at__isnull=False, followed_by=None)
                | models.Q(answer="approved", decided_at__isnull=False, followed_by__isnull=False),
                name="look_decided_once",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="look_to_decide", condition=models.Q(answer="")),
        ]

    def __str__(self) -> str:
        return str(self.trial)
