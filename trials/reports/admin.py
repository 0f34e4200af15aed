"""Customers' reports in Django's admin, to be read only."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from trials.reports.models import CustomerReport


@admin.register(CustomerReport)
class CustomerReportAdmin(ReadOnlyAdmin):
    """What customers told."""

    list_display = ("trial", "kind", "words", "decision", "told_at")
    list_filter = ("kind", "decision")
    list_select_related = ("trial",)
    search_fields = ("trial__number", "trial__user__email")
