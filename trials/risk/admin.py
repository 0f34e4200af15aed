"""The rules in Django's admin, and the decisions, to be read only."""

from django.contrib import admin
from django.http import HttpRequest

from trials.risk.models import RiskDecision, RiskRule, SecondLook


@admin.register(RiskRule)
class RiskRuleAdmin(admin.ModelAdmin):
    """What is looked at, from which number on, and what follows."""

    list_display = ("kind", "threshold", "days", "outcome", "deposit", "active")
    list_filter = ("active", "outcome")


@admin.register(RiskDecision)
class RiskDecisionAdmin(admin.ModelAdmin):
    """Looking decisions up."""

    list_display = ("trial", "outcome", "made_at")
    list_filter = ("outcome",)
    list_select_related = ("trial",)
    search_fields = ("trial__number",)
    date_hierarchy = "made_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the rules decide."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: a decision stays as it was made."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: it goes with its customer's account."""
        return False


@admin.register(SecondLook)
class SecondLookAdmin(admin.ModelAdmin):
    """Looking up what customers asked a person to look at."""

    list_display = ("trial", "asked_at", "answer", "decided_at")
    list_filter = ("answer",)
    date_hierarchy = "asked_at"
    list_select_related = ("trial",)
    search_fields = ("trial__number",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a customer asks."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: it is decided in the console."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: it goes with its customer's account."""
        return False
