"""Holds in Django's admin, to be read only: services and Stripe move them."""

from django.contrib import admin
from django.http import HttpRequest

from shop.holds.models import Hold


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin):
    """What is and was held on cards."""

    list_display = ("reference", "state", "amount", "captured", "capture_before", "failure_code")
    list_filter = ("state", "purpose")
    list_select_related = ("user",)
    search_fields = ("reference",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        """Refuse."""
        return False
