"""Campaigns are a manager's to make; referrals are in the console."""

from django.contrib import admin

from sharing.referrals.models import Campaign


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    """What is given for friends, from when to when. Once promised, nothing is deleted."""

    list_display = ("name", "currency", "starts_at", "ends_at", "budget", "promised")
    readonly_fields = ("promised",)

    def has_delete_permission(self, request: object, obj: Campaign | None = None) -> bool:
        """Refuse: terms copied from a campaign name it. It is ended by its date."""
        return False
