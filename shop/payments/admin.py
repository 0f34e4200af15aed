"""Payments and the ledger in the admin: to be read. Money moves by services alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from shop.payments.models import LedgerEntry, Payment, Refund


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows nobody adds, changes or deletes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Every payment asked for."""

    list_display = ("id", "purpose", "reference", "amount", "refunded", "state", "created_at")
    list_filter = ("state", "purpose")
    search_fields = ("reference", "stripe_payment_intent_id")
    list_select_related = ("user",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Every refund decided."""

    list_display = ("id", "payment", "amount", "state", "reason", "created_at")
    list_filter = ("state",)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """Every entry of the ledger."""

    list_display = ("id", "transaction", "account", "amount", "order_number")
    list_filter = ("account",)
    search_fields = ("order_number", "transaction__reference")
    list_select_related = ("transaction",)
