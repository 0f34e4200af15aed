"""Trial units in Django's admin: the shelf may be changed, the state only by the console."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from shop.foundation.card_numbers import refuse_card_numbers
from trials.units.models import TrialUnit


@admin.register(TrialUnit)
class TrialUnitAdmin(admin.ModelAdmin):
    """Looking units up."""

    list_display = ("barcode", "variant", "state", "grade", "location", "uses")
    list_filter = ("state", "grade")
    list_select_related = ("variant__frame",)
    search_fields = ("barcode", "variant__sku", "variant__frame__name")
    readonly_fields = ("barcode", "variant", "state", "grade", "uses", "created_at")

    def save_model(self, request: HttpRequest, obj: TrialUnit, form: Any, change: bool) -> None:
        """Save; a card number is refused here as everywhere."""
        refuse_card_numbers(obj.location)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: units are made with a barcode and a first movement."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TrialUnit | None = None) -> bool:
        """Refuse: a unit's history stays; retire it in the console."""
        return False
