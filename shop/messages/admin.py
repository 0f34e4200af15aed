"""Managers see what was sent to whom and when, not what it said."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from shop.messages.models import MessageItem


@admin.register(MessageItem)
class MessageItemAdmin(ReadOnlyAdmin):
    """Messages: what waits, what was sent, what was withheld because somebody wants none."""

    list_display = ("user", "topic", "template", "delivery", "due_at", "sent_at", "withheld_at")
    list_filter = ("topic", "delivery", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__email__iexact", "about")
    date_hierarchy = "created_at"
    # What a waiting message says is for its reader; the hash says nothing to anybody.
    exclude = ("data", "address_hash", "event_id", "caused_by")
