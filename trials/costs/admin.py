"""Rates of costs in Django's admin: entered, never edited."""

from typing import cast

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from shop.customers.models import User
from trials.costs.models import CostRates


@admin.register(CostRates)
class CostRatesAdmin(admin.ModelAdmin):
    """The rates, the latest first."""

    list_display = ("valid_from", "currency", "shipping_out", "shipping_back", "goods_percent")

    def has_change_permission(self, request: HttpRequest, obj: CostRates | None = None) -> bool:
        """Refuse: what was booked was booked by them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CostRates | None = None) -> bool:
        """Refuse likewise."""
        return False

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool
    ) -> None:
        """Note who entered them."""
        cast(CostRates, obj).made_by = cast(User, request.user)
        super().save_model(request, obj, form, change)
