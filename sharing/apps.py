"""The sharing app: what Django loads when it starts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    """The floor of sharing."""

    name = "sharing"
    verbose_name = _("Sharing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself: handlers, receivers, tips, laws, personal data."""
        import_module("sharing.tasks")
        import_module("sharing.referrals.receivers")
        import_module("sharing.loved.suggesting")
        import_module("sharing.votes.buying")
        import_module("sharing.invariants")
        import_module("sharing.personal_data")
