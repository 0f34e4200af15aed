"""Filters of the console's lists that people keep, for themselves or for all who work here."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ListName(models.TextChoices):
    """A list that can be filtered."""

    TRIALS = "trials", _("Trials")
    OVERDUE = "overdue", _("Overdue")
    UNITS = "units", _("Units")
    CHARGES = "charges", _("Charges")
    CLAIMS = "claims", _("Lost parcels")
    PROPOSALS = "proposals", _("Damage")
    ORDERS = "orders", _("Orders")


class SavedFilter(models.Model):
    """How somebody narrowed a list down, under a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("kept by"),
        on_delete=models.CASCADE,
        related_name="saved_filters",
    )
    list = models.CharField(_("list"), max_length=12, choices=ListName.choices)
    name = models.CharField(_("name"), max_length=40)
    # As it stands in the list's address, its names in the order of ``trials.console.filters``.
    query = models.CharField(_("filter"), max_length=300)
    shared = models.BooleanField(_("for everybody"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="filter_once_a_name"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""), name="filter_of_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["list", "name"], name="filter_shared", condition=models.Q(shared=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
