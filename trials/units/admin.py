"""Trial units in Django's admin: the shelf may be changed, the state only by the console."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from shop.customers.access import caller
from trials.units.models import TrialUnit
from trials.units.services.tending import place_unit


@admin.register(TrialUnit)
class TrialUnitAdmin(admin.ModelAdmin):
    """Looking units up."""

    list_display = ("barcode", "variant", "state", "grade", "location", "uses")
    list_filter = ("state", "grade")
    list_select_related = ("variant__frame",)
    search_fields = ("barcode", "variant__sku", "variant__frame__name")
    readonly_fields = ("barcode", "variant", "state", "grade", "uses", "created_at", "held_for")

    def save_model(self, request: HttpRequest, obj: TrialUnit, form: Any, change: bool) -> None:
        """Put the unit on its new shelf, with a movement that says who did."""
        place_unit(unit_id=obj.pk, location=obj.location, by=caller(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: units are made with a barcode and a first movement."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TrialUnit | None = None) -> bool:
        """Refuse: a unit's history stays; retire it in the console."""
        return False
