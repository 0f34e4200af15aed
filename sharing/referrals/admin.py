"""Campaigns are a manager's to make; referrals are in the console."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from sharing.referrals.models import Campaign
from shop.foundation.admin import save_changed


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    """What is given for friends, from when to when. Once promised, nothing is deleted."""

    list_display = ("name", "currency", "starts_at", "ends_at", "budget", "promised")
    readonly_fields = ("promised",)

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Save what was changed: what is promised of the budget moves meanwhile."""
        if change:
            save_changed(obj, form)
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: object, obj: Campaign | None = None) -> bool:
        """Refuse: terms copied from a campaign name it. It is ended by its date."""
        return False
