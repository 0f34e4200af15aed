"""What allauth asks the shop when somebody signs up."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from shop.customers.models import User

# Set by static/js/time-zone.js from the browser's own settings.
TIME_ZONE_COOKIE = "time_zone"


class AccountAdapter(DefaultAccountAdapter):
    """Gives a new customer the language she reads the page in and her browser's time zone."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Return the user with both set, as far as the shop knows them."""
        language = (get_language() or "")[:2]
        if language in dict(settings.LANGUAGES):
            user.language = language
        zone = request.COOKIES.get(TIME_ZONE_COOKIE, "").replace("%2F", "/")
        if zone in available_timezones():
            user.time_zone = zone
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved
