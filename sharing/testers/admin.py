"""Panels in Django's admin: which frames, which questions. Who is in them the console decides."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sharing.testers.models import Kind, Panel, PanelFrame, Question
from sharing.testers.services.panels import begin_panel, refresh_panel
from sharing.testers.states import PanelState
from shop.foundation.admin import save_changed
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import LorgnetteError


class PanelFrameInline(admin.TabularInline):
    """The frames of a panel; while it is open testers see a new one at once."""

    model = PanelFrame
    extra = 1
    autocomplete_fields = ("frame",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Frames leave a panel only before it is opened: answers name them afterwards."""
        return obj is None or obj.state == PanelState.DRAFT


class QuestionForm(ModelForm):
    """A question, with choices exactly where one of several is chosen."""

    def clean(self) -> dict[str, Any]:
        """Refuse choices where there are none to be made, and too few where there are."""
        cleaned = super().clean() or self.cleaned_data
        choices = cleaned.get("choices") or []
        if cleaned.get("kind") == Kind.CHOICE:
            if len(set(choices)) < 2 or len(set(choices)) < len(choices):
                raise ValidationError(_("Give at least two different choices."))
        elif choices:
            raise ValidationError(_("Only “One of several” has choices."))
        return cleaned


class QuestionInline(admin.TabularInline):
    """The questions; once a panel was opened they stay, or answers would not fit them."""

    model = Question
    form = QuestionForm
    extra = 1
    fields = ("position", "words", "kind", "choices")

    def _is_draft(self, obj: Any) -> bool:
        return obj is None or obj.state == PanelState.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it while nobody has answered."""
        return self._is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it while nobody has answered."""
        return self._is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it while nobody has answered."""
        return self._is_draft(obj)


class PanelForm(ModelForm):
    """A panel's words, without card numbers."""

    def clean(self) -> dict[str, Any]:
        """Refuse card numbers in what testers read."""
        cleaned = super().clean() or self.cleaned_data
        try:
            refuse_card_numbers(cleaned.get("title", ""), cleaned.get("words", ""))
        except LorgnetteError as error:
            raise ValidationError(str(error)) from error
        return cleaned


@admin.register(Panel)
class PanelAdmin(admin.ModelAdmin):
    """Panels with their frames and questions."""

    form = PanelForm
    list_display = ("title", "state", "created_at")
    list_filter = ("state",)
    search_fields = ("title",)
    fields = ("title", "words", "state", "created_at")
    readonly_fields = ("state", "created_at")
    inlines = (PanelFrameInline, QuestionInline)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool
    ) -> None:
        """Save what was changed, or a new panel, and write down that it was made."""
        if change:
            save_changed(obj, form)
            return
        super().save_model(request, obj, form, change)
        assert isinstance(obj, Panel)
        assert request.user.is_authenticated
        begin_panel(panel=obj, by=request.user)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """Save, then let testers see exactly the panel's frames."""
        super().save_related(request, form, formsets, change)
        refresh_panel(panel_id=form.instance.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Panels are closed, never deleted: what testers said stays."""
        return False
