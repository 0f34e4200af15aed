"""Orders in the admin: to be read. They move by services alone."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from shop.orders.models import Order


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Every order placed."""

    list_display = ("number", "user", "state", "total", "placed_at", "paid_at", "channel")
    list_filter = ("state", "channel")
    search_fields = ("number", "user__email")
    list_select_related = ("user",)
    date_hierarchy = "placed_at"
