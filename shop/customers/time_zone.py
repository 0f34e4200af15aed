"""Dates on pages are the reader's own."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class TimeZoneMiddleware:
    """Show a customer's dates in her zone, everybody else's in the shop's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ``request`` with the zone set for it alone."""
        # The API speaks UTC, and asking for the user would read the session on every call.
        if request.path.startswith(("/api/", "/static/", "/media/", "/healthz")):
            return self.get_response(request)
        user = request.user
        zone = user.zone if user.is_authenticated else ZoneInfo(settings.SHOP_TIME_ZONE)
        with timezone.override(zone):
            return self.get_response(request)
