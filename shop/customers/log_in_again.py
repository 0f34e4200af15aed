"""What happens to somebody whose session ended while a page of hers stood open."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class LogInAgainMiddleware:
    """Lead a sent form to the log-in and from there back to the page it stood on.

    Left alone, the log-in would lead to the form's own address, which may be for sending only, and
    htmx would put the log-in's page into the middle of the page it was asked from.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass ``request`` on; change the answer where it is the way to the log-in."""
        response = self.get_response(request)
        by_htmx = bool(request.headers.get("HX-Request"))
        if response.status_code != 302 or not (by_htmx or request.method == "POST"):
            return response
        if urlsplit(response["Location"]).path != resolve_url(settings.LOGIN_URL):
            return response
        log_in = redirect_to_login(_page(request))
        messages.info(request, _("You were logged out meanwhile. Log in, then go on."))
        if by_htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": log_in.url})
        return log_in


def _page(request: HttpRequest) -> str:
    """Return the path of the page that the request was sent from."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
