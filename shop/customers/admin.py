"""Users and their addresses in Django's admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.customers.models import Address, User
from shop.foundation.admin import save_changed
from shop.foundation.card_numbers import refuse_card_numbers


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Customers and people at work."""

    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups", "language")
    search_fields = ("email", "name")
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language", "time_zone")}),
        (_("At work"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser may say who works here: roles would otherwise raise themselves."""
        own = tuple(self.readonly_fields)
        return own if request.user.is_superuser else (*own, "is_staff", "groups", "is_active")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; a card number is refused here as everywhere."""
        refuse_card_numbers(obj.email, obj.name)
        if change:
            save_changed(obj, form)
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders and trials name users: they are switched off instead."""
        return False


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    """Addresses, to be read: a change is a new row, made by the customer."""

    list_display = ("name", "line1", "postal_code", "city", "country", "user", "retired_at")
    list_filter = ("country",)
    list_select_related = ("user",)
    search_fields = ("name", "line1", "postal_code", "city", "user__email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Customers add their own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Parcels went where the row says."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders name it."""
        return False
