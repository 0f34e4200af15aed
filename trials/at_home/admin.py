"""Extensions in Django's admin, to be read."""

from django.contrib import admin
from django.http import HttpRequest

from trials.at_home.models import Extension


@admin.register(Extension)
class ExtensionAdmin(admin.ModelAdmin):
    """By how much trials were extended, on which ground, by whom."""

    list_display = ("trial", "kind", "days", "due_before", "due_after", "created_by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("trial", "created_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: trials are extended by the service."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Extension | None = None) -> bool:
        """Refuse: what was is not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Extension | None = None) -> bool:
        """Refuse: what was is not rewritten."""
        return False
