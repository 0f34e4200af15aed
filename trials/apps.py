"""The trials app: what Django loads when it starts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrialsConfig(AppConfig):
    """The floor of trials."""

    name = "trials"
    verbose_name = _("Trials")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself: handlers, purposes of payments, laws, personal data."""
        import_module("trials.tasks")
        import_module("trials.invariants")
        import_module("trials.personal_data")
