"""The admin's rows to be read, how it saves others, and jobs that were given up."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import try_again


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


def save_changed(row: Model, form: BaseForm) -> None:
    """Save of a row what its form changed, and nothing of what others may have set meanwhile.

    The admin itself writes every column as it was when it read the row: a budget that was promised
    since, a panel that was closed.

    Args:
        row: as the form has filled it in.
        form: the row's own.
    """
    columns = {field.name: field for field in row._meta.concrete_fields}
    changed = [name for name in form.changed_data if name in columns]
    currencies = [f"{name}_currency" for name in changed if f"{name}_currency" in columns]
    dates = [name for name, field in columns.items() if getattr(field, "auto_now", False)]
    row.save(update_fields=[*changed, *currencies, *(dates if changed else [])])


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Work for the worker: what waits, what was done, what was given up."""

    list_display = ("topic", "handler", "attempts", "created_at", "done_at", "gave_up_at")
    list_filter = (("gave_up_at", admin.EmptyFieldListFilter), "topic")
    actions = ("try_these_again",)
    # Not what is in it: a mail may hold a code by which somebody logs in.
    exclude = ("payload",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may set work going again."""
        return request.user.has_perm("shop.retry_outboxmessage")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_these_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Set given-up messages going again."""
        count = try_again(list(queryset.values_list("pk", flat=True)))
        words = ngettext("%(count)s job is tried again.", "%(count)s jobs are tried again.", count)
        messages.success(request, words % {"count": count})
