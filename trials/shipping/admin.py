"""Parcels in Django's admin, to be read only: the console and carriers move them."""

from django.contrib import admin
from django.http import HttpRequest

from trials.shipping.models import Shipment, TrackingEvent


class TrackingEventInline(admin.TabularInline):
    """What the carrier told."""

    model = TrackingEvent
    fields = readonly_fields = ("occurred_at", "received_at", "status", "description")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False


@admin.register(Shipment)
class ShipmentAdmin(admin.ModelAdmin):
    """Looking parcels up."""

    list_display = ("tracking_number", "trial", "leg", "carrier", "state", "created_at")
    list_filter = ("leg", "state")
    list_select_related = ("trial",)
    search_fields = ("tracking_number", "trial__number")
    inlines = (TrackingEventInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a label is made in the console."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False
