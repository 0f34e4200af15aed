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
    # Not what a waiting message says, which is for its reader, nor the hash of her address.
    fields = (
        "user",
        "topic",
        "template",
        "about",
        "key",
        "delivery",
        "created_at",
        "due_at",
        "sent_at",
        "withheld_at",
    )
