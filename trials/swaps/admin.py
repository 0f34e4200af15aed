"""Swaps in Django's admin, to be read only."""

from django.contrib import admin
from django.http import HttpRequest

from trials.swaps.models import FrameSwap


@admin.register(FrameSwap)
class FrameSwapAdmin(admin.ModelAdmin):
    """Looking swaps up."""

    list_display = ("item", "variant_before", "variant_after", "at", "by")
    list_select_related = ("item", "variant_before__frame", "variant_after__frame", "by")
    search_fields = ("item__trial__number",)
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a swap is made by its service."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: a swap that was made stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: it is part of a trial's history."""
        return False
