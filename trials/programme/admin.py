"""Programmes in Django's admin. Their versions are published in the console, after a preview."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from trials.programme.models import Programme, ProgrammeVersion
from trials.programme.services import COPIED


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    """The name of a programme and whether it is offered."""

    list_display = ("name", "slug", "active")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(ReadOnlyAdmin):
    """The rules, version by version: nothing goes live that nobody has read as customers will."""

    list_display = ("programme", "number", "frames_per_box", "days_at_home", "valid_from")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    fields = ("programme", *COPIED, "valid_from")
