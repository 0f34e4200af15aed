"""Stock in Django's admin: to be looked at; services change it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.foundation.admin import ReadOnlyAdmin
from shop.inventory.models import StockRecord, StockReservation


class StockReservationInline(admin.TabularInline):
    """Who holds how many."""

    model = StockReservation
    extra = 0
    can_delete = False
    readonly_fields = ("quantity", "reference", "state", "created_at", "settled_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Checkout reserves."""
        return False


@admin.register(StockRecord)
class StockRecordAdmin(ReadOnlyAdmin):
    """How many are on hand and reserved."""

    list_display = ("variant", "on_hand", "reserved", "free")
    list_select_related = ("variant__frame",)
    search_fields = ("variant__sku", "variant__frame__name")
    inlines = (StockReservationInline,)

    @admin.display(description=_("free"))
    def free(self, record: StockRecord) -> int:
        """Return how many can still be sold."""
        return record.free
