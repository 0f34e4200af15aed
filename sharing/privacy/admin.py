"""Requests that come by letter: managers enter them, the services carry them out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.services.erasing import request_erasure
from sharing.privacy.services.exporting import request_export
from shop.customers.access import caller
from shop.foundation.admin import ReadOnlyAdmin
from shop.foundation.errors import LorgnetteError
from shop.foundation.privacy import Scope, obstacles


class ErasureForm(forms.ModelForm):
    """Whose data goes, and which of it."""

    scopes = forms.MultipleChoiceField(
        label=_("What"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Erasure
        fields = ("user", "scopes")

    def clean(self) -> dict[str, Any]:
        """Refuse an account that cannot be closed yet, with the reason."""
        cleaned: dict[str, Any] = super().clean() or {}
        user = cleaned.get("user")
        if user is not None and Scope.ACCOUNT in cleaned.get("scopes", ()):
            for why in obstacles(user):
                self.add_error("user", why)
        return cleaned


class RequestAdmin(ReadOnlyAdmin):
    """A request that is entered once and then carried out by a service."""

    autocomplete_fields = ("user",)
    search_fields = ("user__email__iexact",)
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Managers enter what customers ask for by letter."""
        return request.user.has_perm(f"sharing.add_{self.opts.model_name}")

    def ask(self, request: HttpRequest, form: Any) -> Any:
        """Call the service and return the row it made."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Have the service make the row; its refusal is shown."""
        try:
            made = self.ask(request, form)
        except LorgnetteError as error:
            messages.error(request, str(error))
            return
        # What the admin logs and shows next is the service's row.
        obj.pk, obj._state.adding = made.pk, False

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Show the list again where the service refused: nothing was added."""
        if obj._state.adding:
            return redirect(f"admin:sharing_{self.opts.model_name}_changelist")
        return super().response_add(request, obj, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log what was made; nothing where the service refused."""
        return None if obj._state.adding else super().log_addition(request, obj, message)


@admin.register(Erasure)
class ErasureAdmin(RequestAdmin):
    """Erasures: what was asked for, and when it was done."""

    form = ErasureForm
    list_display = ("user", "scopes", "state", "requested_at", "done_at", "again_at")
    list_filter = ("state",)

    def ask(self, request: HttpRequest, form: Any) -> Erasure:
        """Request the erasure."""
        chosen = form.cleaned_data
        return request_erasure(user=chosen["user"], scopes=chosen["scopes"], by=caller(request))


@admin.register(DataExport)
class DataExportAdmin(RequestAdmin):
    """Exports: who asked, until when they are there. Only their owners can fetch them."""

    fields = ("user",)
    list_display = ("user", "state", "size", "requested_at", "ready_at", "expires_at")
    list_filter = ("state",)

    def ask(self, request: HttpRequest, form: Any) -> DataExport:
        """Request the export."""
        return request_export(user=form.cleaned_data["user"], by=caller(request))


@admin.register(PhotoObjection)
class PhotoObjectionAdmin(ReadOnlyAdmin):
    """Objections to photos, decided in the console."""

    list_select_related = ("photo",)
    list_display = ("photo", "state", "reason", "answer", "created_at", "settled_at")
    list_filter = ("state",)
