"""Programmes: the rules of trials, in versions so that a running trial keeps its terms."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.money import MoneyField


class Programme(models.Model):
    """Trials as one market knows them."""

    slug = models.SlugField(_("name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name


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
        ]

    def __str__(self) -> str:
        return f"{self.programme.name} {self.number}"
