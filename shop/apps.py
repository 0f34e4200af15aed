"""The shop app: what Django loads when it starts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    """The ground floor."""

    name = "shop"
    verbose_name = _("Shop")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself: outbox handlers, roles, invariants, personal data."""
        import_module("shop.tasks")
        import_module("shop.customers.roles")
        import_module("shop.invariants")
        import_module("shop.personal_data")
