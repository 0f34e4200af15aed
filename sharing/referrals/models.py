"""Friends who came to the shop by an act of their own, who brought them, and what it is worth."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from sharing.galleries.models import ShareLink
from sharing.referrals.states import HoldReason, ReferralState, RewardKind
from sharing.votes.models import Voter
from shop.foundation.history import Transition
from shop.foundation.money import quantize
from shop.orders.models import Order


class ReferralCode(models.Model):
    """The code by which a customer's friends say who sent them. Kept for life."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="referral_code"
    )
    code = models.CharField(max_length=8, unique=True)
    created_at = models.DateTimeField(default=timezone.now)


class Terms(models.Model):
    """What is promised to an advocate and her friend, and on which conditions."""

    currency = models.CharField(_("currency"), max_length=3, default=settings.DEFAULT_CURRENCY)
    advocate_kind = models.CharField(
        _("advocate's reward"), max_length=10, choices=RewardKind.choices
    )
    advocate_percent = models.PositiveSmallIntegerField(
        _("per cent, advocate"), null=True, blank=True
    )
    advocate_amount = models.DecimalField(
        _("amount, advocate"),
        max_digits=14,
        decimal_places=3,
        help_text=_("The most of it where the reward is a share; 0 for none."),
    )
    advocate_days = models.PositiveSmallIntegerField(
        _("days at home, advocate"), null=True, blank=True, help_text=_("They cost no budget.")
    )
    friend_kind = models.CharField(_("friend's reward"), max_length=10, choices=RewardKind.choices)
    friend_percent = models.PositiveSmallIntegerField(_("per cent, friend"), null=True, blank=True)
    friend_amount = models.DecimalField(
        _("amount, friend"),
        max_digits=14,
        decimal_places=3,
        help_text=_("The most of it where the reward is a share; 0 for none."),
    )
    friend_days = models.PositiveSmallIntegerField(
        _("days at home, friend"), null=True, blank=True, help_text=_("They cost no budget.")
    )
    minimum = models.DecimalField(
        _("minimum order"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    qualification_days = models.PositiveSmallIntegerField(
        _("days until the reward"),
        default=30,
        help_text=_("From the payment of the friend's order: as long as it may be returned."),
    )
    order_within_days = models.PositiveSmallIntegerField(
        _("days to order"), default=90, help_text=_("From the day the friend joined.")
    )

    class Meta:
        abstract = True

    def most(self, side: str) -> Money:
        """Return the most that one side can get; ``advocate`` or ``friend``."""
        return Money(getattr(self, f"{side}_amount"), self.currency)

    def worth(self, side: str, order_amount: Money) -> Money:
        """Return what one side gets for an order of this amount."""
        most = self.most(side)
        if getattr(self, f"{side}_kind") != RewardKind.PERCENT:
            return most
        return min(most, quantize(order_amount * getattr(self, f"{side}_percent") / 100))

    def days(self, side: str) -> int:
        """Return how many days at home one side gets; 0 where its reward is money."""
        extends = getattr(self, f"{side}_kind") == RewardKind.EXTENSION
        return (getattr(self, f"{side}_days") or 0) if extends else 0

    @property
    def least_order(self) -> Money:
        """The least an order must come to."""
        return Money(self.minimum, self.currency)


class Campaign(Terms):
    """What the shop gives for friends, from when to when; one at a time in a currency.

    Its terms are copied when a friend joins (``ReferralTerms``): later changes concern later
    friends. What has been promised is counted against the budget from then on.
    """

    name = models.CharField(_("name"), max_length=80)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    most_rewards = models.PositiveIntegerField(
        _("rewards per advocate"), null=True, blank=True, help_text=_("No limit if empty.")
    )
    budget = models.DecimalField(
        _("budget"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Of both sides' rewards together. No limit if empty."),
    )
    promised = models.DecimalField(
        _("promised and given"), max_digits=14, decimal_places=3, default=0, editable=False
    )
    share_text_en = models.CharField(
        _("share text, English"),
        max_length=200,
        blank=True,
        help_text=_("The link is put after it. The shop's own words if empty."),
    )
    share_text_de = models.CharField(_("share text, German"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="campaign_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=models.Q(promised__gte=0)
                & (models.Q(budget__isnull=True) | models.Q(promised__lte=models.F("budget"))),
                name="campaign_promises_within_budget",
            ),
            models.CheckConstraint(
                condition=models.Q(advocate_amount__gte=0)
                & models.Q(friend_amount__gte=0)
                & models.Q(minimum__gte=0),
                name="campaign_amounts_not_below_zero",
            ),
            *(
                models.CheckConstraint(
                    condition=~models.Q(**{f"{side}_kind": RewardKind.PERCENT})
                    | models.Q(
                        **{f"{side}_percent__isnull": False, f"{side}_percent__range": (1, 100)}
                    ),
                    name=f"campaign_{side}_percent_1_to_100",
                )
                for side in ("advocate", "friend")
            ),
            *(
                models.CheckConstraint(
                    condition=~models.Q(**{f"{side}_kind": RewardKind.EXTENSION})
                    | models.Q(
                        **{
                            f"{side}_amount": 0,
                            f"{side}_days__isnull": False,
                            f"{side}_days__range": (1, 60),
                        }
                    ),
                    name=f"campaign_{side}_days_1_to_60",
                )
                for side in ("advocate", "friend")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say in words what the database would refuse."""
        problems: dict[str, Any] = {}
        for side in ("advocate", "friend"):
            share = getattr(self, f"{side}_percent")
            if getattr(self, f"{side}_kind") == RewardKind.PERCENT and not 1 <= (share or 0) <= 100:
                problems[f"{side}_percent"] = _("Say how many per cent, from 1 to 100.")
            if getattr(self, f"{side}_kind") == RewardKind.EXTENSION:
                if not 1 <= (getattr(self, f"{side}_days") or 0) <= 60:
                    problems[f"{side}_days"] = _("Say how many days, from 1 to 60.")
                if getattr(self, f"{side}_amount"):
                    problems[f"{side}_amount"] = _("Days at home come without an amount: enter 0.")
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            problems["ends_at"] = _("It ends before it begins.")
        elif self._overlaps():
            problems["starts_at"] = _("Another campaign of this currency runs then; end it first.")
        if self.budget is not None and self.budget < self.promised:
            problems["budget"] = _("As much has been promised already: %(promised)s.") % {
                "promised": Money(self.promised, self.currency)
            }
        if problems:
            raise ValidationError(problems)

    def _overlaps(self) -> bool:
        others = Campaign.objects.filter(currency=self.currency).exclude(pk=self.pk)
        others = others.exclude(ends_at__lte=self.starts_at)
        if self.ends_at is not None:
            others = others.filter(starts_at__lt=self.ends_at)
        return others.exists()


class Referral(models.Model):
    """An advocate and the friend she brought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    advocate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referrals_made"
    )
    # Of a friend who came from a gallery; one who came by a code has neither.
    link = models.ForeignKey(
        ShareLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals"
    )
    voter = models.OneToOneField(
        Voter, null=True, blank=True, on_delete=models.SET_NULL, related_name="referral"
    )
    friend = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="referred_by"
    )
    state = models.CharField(
        max_length=10, choices=ReferralState.choices, default=ReferralState.CLICKED
    )
    # An invitation is for one person: its own address, and what the advocate calls her.
    invitation_key = models.CharField(max_length=12, null=True, unique=True)  # noqa: DJ001
    invited_name = models.CharField(max_length=40, blank=True, default="", db_default="")
    browser_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    held_for = ArrayField(
        models.CharField(max_length=20, choices=HoldReason.choices),
        default=list,
        db_default=[],
        blank=True,
    )
    # Reasons that staff looked at and let pass: they hold it no second time.
    cleared = ArrayField(
        models.CharField(max_length=20, choices=HoldReason.choices),
        default=list,
        db_default=[],
        blank=True,
    )
    order = models.OneToOneField(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("review_referral", "Can release or refuse a held referral")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(friend__isnull=True) | ~models.Q(friend=models.F("advocate")),
                name="nobody_refers_herself",
            ),
        ]
        indexes = [
            models.Index(fields=["advocate", "-created_at"], name="referral_by_advocate"),
            models.Index(
                fields=["joined_at"], name="referral_held", condition=models.Q(state="held")
            ),
            # What the beat looks through each minute, beside all that was ever settled.
            models.Index(
                fields=["joined_at"], name="referral_joined", condition=models.Q(state="joined")
            ),
        ]


class ReferralTerms(Terms):
    """The terms a referral joined under: a copy of its campaign's as they were then."""

    referral = models.OneToOneField(
        Referral, primary_key=True, on_delete=models.CASCADE, related_name="terms"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="copies")
    rewards_advocate = models.BooleanField(
        default=True, help_text="False for what exceeds the rewards per advocate."
    )
    promised = models.DecimalField(
        max_digits=14, decimal_places=3, help_text="Counted against the budget."
    )
    order_until = models.DateTimeField()
    granted = models.DecimalField(
        max_digits=14, decimal_places=3, default=0, help_text="The advocate's reward."
    )
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(promised__gte=0), name="promise_not_below_0"),
        ]

    @property
    def at_stake(self) -> Money:
        """The most that both sides can get."""
        both = self.most("friend")
        return both + self.most("advocate") if self.rewards_advocate else both


class ReferralBrowser(models.Model):
    """A browser somebody with a code, or who came by one, was seen in: by a cookie's hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    browser_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["browser_hash", "user"], name="one_row_a_browser_and_user"
            ),
        ]


class ReferralTransition(Transition):
    """One move of a referral."""

    subject = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="transitions")
