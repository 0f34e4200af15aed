"""Programmes: the rules of trials, in versions so that a running trial keeps its terms."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.customers.countries import COUNTRIES
from shop.foundation.money import MoneyField, quantize

# Each an amount of a version; the first three are asked of a card as they stand.
AMOUNTS = frozenset({"fee", "deposit", "hold", "most_value", "late_fee", "late_fee_cap"})
TAKEN = frozenset({"fee", "deposit", "hold"})
# Of the shop's currency; https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
LEAST_CHARGED = Decimal("0.50")


class Mode(models.TextChoices):
    """What a customer who loves a frame does with the one she tried."""

    RETURN_ALL = "return_all", _("Everything comes back; a new pair is bought")
    KEEP_AND_PAY = "keep_and_pay", _("What she keeps is charged")


class DayCount(models.TextChoices):
    """Which days count, at home, of grace and as late, by the calendar of the box's country."""

    EVERY_DAY = "every_day", _("Every day counts")
    LAST_WORKING = "last_working", _("The last day moves on to a working day")
    WORKING_DAYS = "working_days", _("Only working days count")


def default_reminder_days() -> list[int]:
    """Return the days at home a customer is reminded on, unless a programme says otherwise."""
    return [1, 3, 5]


class Programme(models.Model):
    """Trials as one market knows them."""

    slug = models.SlugField(_("name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("active"), default=True)
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        default=list,
        blank=True,
        help_text=_("Where boxes are sent, by two-letter codes; empty for everywhere."),
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write the countries in capitals, each once, and leave none to two active programmes.

        A trigger of the database (``programme_country_once``) holds the same against two at once.

        Raises:
            ValidationError: a code is unknown, or another active programme has the country.
        """
        self.countries = sorted({code.strip().upper() for code in self.countries})
        if unknown := [code for code in self.countries if code not in COUNTRIES]:
            raise ValidationError(
                {"countries": _("No parcels go to: %(codes)s.") % {"codes": ", ".join(unknown)}}
            )
        if self.active and (other := self.rival()):
            raise ValidationError(
                {"countries": _("“%(name)s” is active in the same country.") % {"name": other}}
            )

    def rival(self) -> "Programme | None":
        """Return another active programme that one of these countries is in, if there is one."""
        others = Programme.objects.filter(active=True).exclude(pk=self.pk)
        if self.countries:
            return others.filter(countries__overlap=self.countries).first()
        return others.filter(countries=[]).first()


class ProgrammeVersion(models.Model):
    """The rules as they were from one moment on. Never edited once a trial names it."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    frames_per_box = models.PositiveSmallIntegerField(_("frames per box"), default=5)
    days_at_home = models.PositiveSmallIntegerField(_("days at home"), default=5)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=3,
        help_text=_("Days after the last day at home before a missing frame is charged."),
    )
    shipping_days = models.PositiveSmallIntegerField(
        _("days in the post"),
        default=3,
        help_text=_("How long a parcel takes where no tracking tells."),
    )
    fee = MoneyField(_("fee"), default=0, help_text=_("What a trial costs the customer."))
    open_trials_per_customer = models.PositiveSmallIntegerField(
        _("open trials per customer"), default=1
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    mode = models.CharField(
        _("way of buying"), max_length=12, choices=Mode.choices, default=Mode.RETURN_ALL
    )
    deposit = MoneyField(
        _("deposit"), default=0, help_text=_("Taken when a trial is placed, given back at its end.")
    )
    hold = MoneyField(
        _("hold"),
        default=0,
        help_text=_("Held on the card while the box is out, renewed before it lapses."),
    )
    most_value = MoneyField(
        _("most a box may be worth"), default=0, help_text=_("Zero for any value.")
    )
    cool_down_days = models.PositiveSmallIntegerField(
        _("days until the next trial"),
        default=0,
        help_text=_("Days after a trial was closed before its customer may ask for another."),
    )
    day_count = models.CharField(
        _("days that count"), max_length=12, choices=DayCount.choices, default=DayCount.EVERY_DAY
    )
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("days of reminders"),
        default=default_reminder_days,
        blank=True,
        help_text=_("Days at home on which the customer is written to, the first being 1."),
    )
    extension_days = models.PositiveSmallIntegerField(
        _("days of an extension"),
        default=0,
        help_text=_("By how much a customer may extend once, if nobody waits; zero for never."),
    )
    longest_wait_days = models.PositiveSmallIntegerField(
        _("longest wait for a return"),
        default=14,
        help_text=_("Days after the charge was due that a box on its way back puts it off."),
    )
    unreturned_percent = models.PositiveSmallIntegerField(
        _("price of a missing frame in %"), default=100
    )
    damaged_percent = models.PositiveSmallIntegerField(
        _("price of a damaged frame in %"),
        default=0,
        help_text=_("What is proposed for it; a manager accepts, changes or waives it."),
    )
    late_fee = MoneyField(
        _("fee a late day"), default=0, help_text=_("For each day a box is late, after grace.")
    )
    late_fee_cap = MoneyField(
        _("most of late fees"), default=0, help_text=_("For a whole trial; zero for no cap.")
    )
    late_return_days = models.PositiveSmallIntegerField(
        _("days a charge is given back"),
        default=0,
        help_text=_("A frame that comes back this many days after it was charged is refunded."),
    )
    late_return_percent = models.PositiveSmallIntegerField(_("share given back in %"), default=100)
    published_at = models.DateTimeField(_("published at"), default=timezone.now, db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Called off before it was valid; it never counted, and its number is not used again.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("programme version")
        verbose_name_plural = _("programme versions")
        ordering = ("programme", "-number")
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_version_a_number"),
            models.CheckConstraint(
                condition=models.Q(frames_per_box__gte=1) & models.Q(frames_per_box__lte=20),
                name="box_of_1_to_20",
            ),
            models.CheckConstraint(
                condition=models.Q(days_at_home__gte=1), name="at_home_a_day_or_more"
            ),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0, deposit__gte=0, hold__gte=0, most_value__gte=0)
                & models.Q(late_fee__gte=0, late_fee_cap__gte=0),
                name="programme_amounts_not_below_zero",
            ),
            models.CheckConstraint(
                condition=models.Q(unreturned_percent__lte=100, damaged_percent__lte=100)
                & models.Q(late_return_percent__lte=100),
                name="programme_percents_to_100",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None)
                | models.Q(withdrawn_at__lt=models.F("valid_from")),
                name="withdrawn_before_it_was_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.name} {self.number}"

    def clean(self) -> None:
        """Refuse amounts that no card can be asked for, and reminders while no box is at home.

        Of reminders a trigger of the database (``reminded_while_at_home``) holds the same.

        Raises:
            ValidationError: naming the field.
        """
        wrong: dict[str, Any] = {}
        for name in AMOUNTS:
            amount = getattr(self, name)
            if amount != quantize(amount):
                wrong[name] = _("Enter no fraction of the smallest coin.")
            elif amount.currency != self.fee.currency:
                wrong[name] = _("All amounts of a programme are in one currency.")
        for name in TAKEN & AMOUNTS - wrong.keys():
            if 0 < getattr(self, name).amount < LEAST_CHARGED:
                wrong[name] = _("A card can be asked for %(least)s or more.") % {
                    "least": Money(LEAST_CHARGED, self.fee.currency)
                }
        if any(not day for day in self.reminder_days):
            wrong["reminder_days"] = _("The first day at home is day 1.")
        elif late := sorted({day for day in self.reminder_days if day > self.days_at_home}):
            # Nobody would be written to on these, though the terms say so.
            wrong["reminder_days"] = _(
                "A box is at home up to day %(last)s: take out the reminders on day %(days)s, or "
                "give more days at home."
            ) % {"last": self.days_at_home, "days": ", ".join(map(str, late))}
        if self.late_fee_cap.amount and not self.late_fee.amount:
            wrong["late_fee_cap"] = _("There is no late fee to be capped.")
        if wrong:
            raise ValidationError(wrong)
