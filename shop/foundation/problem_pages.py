"""Errors on pages: a message where the person was, or a page that says what to do."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from shop.foundation.errors import LorgnetteError


class ProblemPageMiddleware:
    """Answer a ``LorgnetteError`` that a page raised.

    After a form was sent: the page it stood on again, with the message. Otherwise an error page
    with the error's status.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass ``request`` on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Answer ``exc`` if it is one people may see; leave all others to Django."""
        if not isinstance(exc, LorgnetteError):
            return None
        back = request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        if request.method == "POST" and safe and exc.status != 429:
            messages.error(request, str(exc))
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": back})
            return redirect(back)
        template = f"{exc.status}.html" if exc.status in (403, 404, 429) else "problem.html"
        response = render(request, template, {"problem": str(exc)}, status=exc.status)
        if "retry_after" in exc.extra:
            response["Retry-After"] = str(exc.extra["retry_after"])
        return response
