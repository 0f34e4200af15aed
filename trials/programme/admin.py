"""Programmes in Django's admin. A version is never edited: saving one publishes the next."""

from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from shop.customers.models import User
from trials.programme.models import Programme, ProgrammeVersion
from trials.programme.services import COPIED, publish_version


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    """The name of a programme and whether it is offered."""

    list_display = ("name", "slug", "active")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(admin.ModelAdmin):
    """The rules, version by version; the newest that is valid counts for new trials."""

    list_display = ("programme", "number", "frames_per_box", "days_at_home", "valid_from")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    fields = ("programme", *COPIED, "valid_from")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the rules of the newest version."""
        last = ProgrammeVersion.objects.order_by("programme_id", "-number").first()
        if last is None:
            return {}
        return {"programme": last.programme_id, **{name: getattr(last, name) for name in COPIED}}

    def has_change_permission(
        self, request: HttpRequest, obj: ProgrammeVersion | None = None
    ) -> bool:
        """Refuse: running trials keep the terms they were placed under."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ProgrammeVersion | None = None
    ) -> bool:
        """Refuse: a version stays for the trials that name it."""
        return False

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool
    ) -> None:
        """Publish what was entered as the programme's next version."""
        entered = dict(form.cleaned_data)
        programme: Programme = entered.pop("programme")
        made = publish_version(
            programme_slug=programme.slug, by=cast(User, request.user), **entered
        )
        obj.pk = made.pk
