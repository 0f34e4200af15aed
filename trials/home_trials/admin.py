"""Trials in Django's admin, to be read only: the console moves them."""

from django.contrib import admin
from django.http import HttpRequest

from trials.home_trials.models import Trial, TrialItem


class _ReadOnly:
    """Looking, and nothing else."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False


class TrialItemInline(_ReadOnly, admin.TabularInline):
    """The frames of a trial."""

    model = TrialItem
    fields = ("variant", "unit", "price", "outcome", "settled_at")


@admin.register(Trial)
class TrialAdmin(_ReadOnly, admin.ModelAdmin):
    """Looking trials up."""

    list_display = ("number", "user", "state", "requested_at", "due_at")
    list_filter = ("state",)
    list_select_related = ("user",)
    search_fields = ("number", "user__email")
    date_hierarchy = "requested_at"
    inlines = (TrialItemInline,)
