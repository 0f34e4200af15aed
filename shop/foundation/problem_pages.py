"""Errors on pages: a message where the person was, or a page that says what to do."""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults

from shop.foundation.errors import LorgnetteError
from shop.foundation.problems import CONTENT_TYPE, problem

API = "/api/"


class ProblemPageMiddleware:
    """Answer a ``LorgnetteError`` that a page raised.

    After a form was sent: the page it stood on again, with the message. Otherwise an error page
    with the error's status; where htmx asked for a part of a page, the message beside it.
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
        by_htmx = bool(request.headers.get("HX-Request"))
        if request.method == "POST" and safe and exc.status != 429:
            messages.error(request, str(exc))
            if by_htmx:
                return HttpResponse(status=204, headers={"HX-Redirect": back})
            return redirect(back)
        if by_htmx:
            response = _toast(str(exc), status=exc.status)
        else:
            template = f"{exc.status}.html" if exc.status in (403, 404, 429) else "problem.html"
            response = render(request, template, {"problem": str(exc)}, status=exc.status)
        if "retry_after" in exc.extra:
            response["Retry-After"] = str(exc.extra["retry_after"])
        return response


def _toast(words: str, *, status: int) -> HttpResponse:
    """Return words for htmx to show beside the page: a whole page would land in a part of it."""
    told = json.dumps({"toast": {"message": words, "tone": "danger"}})
    return HttpResponse(status=status, headers={"HX-Reswap": "none", "HX-Trigger": told})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that is none: programs get a problem, people a page."""
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    body = problem(status=404, code="not_found", detail=_("There is nothing at this address."))
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer after a defect of ours: programs get a problem, people a page."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    body = problem(
        status=500,
        code="defect",
        detail=_("Something went wrong on our side. Please try again in a moment."),
    )
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
