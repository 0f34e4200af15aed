"""Payments and the ledger in the admin: to be read. Money moves by services alone."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from shop.payments.models import Dispute, LedgerEntry, Payment, Refund


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


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Every objection of a payer at her bank."""

    list_display = ("stripe_dispute_id", "amount", "withdrawn", "status", "opened_at")
    list_filter = ("is_open",)
    search_fields = ("stripe_dispute_id", "payment__reference")
