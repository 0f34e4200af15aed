"""Errors on pages: a message where the person was, or a page that says what to do."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import permission_denied

from shop.foundation.errors import LorgnetteError
from shop.foundation.problems import CONTENT_TYPE, problem

API, CONSOLE = "/api/", "/console/"


class ProblemPageMiddleware:
    """Answer a ``LorgnetteError`` that a page raised.

    After a form was sent: the page it stood on again, with the message. Otherwise an error page
    with the error's status; where htmx asked for a part of a page, the message beside it.
    Under the API a library's page of an error becomes a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass ``request`` on; programs are answered in JSON, whoever refused them."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 400 and is_page and request.path.startswith(API):
            body = problem(
                status=response.status_code,
                code=HTTPStatus(response.status_code).name.lower(),
                detail=_(
                    "This address does not take such a request. The API’s page says what it takes."
                ),
            )
            response.content = json.dumps(body).encode()
            response["Content-Type"] = CONTENT_TYPE
        if response.status_code >= 400:
            # True only now: RFC 9111, section 4.2.2, lets a cache keep a 404 by its own judgement.
            response.setdefault("Cache-Control", "no-store")
        return response

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
        response = _toast(str(exc), status=exc.status) if by_htmx else problem_page(request, exc)
        if "retry_after" in exc.extra:
            response["Retry-After"] = str(exc.extra["retry_after"])
        return response


def problem_page(request: HttpRequest, error: LorgnetteError) -> HttpResponse:
    """Return the page that says what an error says and what to do."""
    if error.status == HTTPStatus.FORBIDDEN and _in_console(request):
        return _refused_in_console(request, str(error))
    template = f"{error.status}.html" if error.status in (403, 404, 429) else "problem.html"
    return render(request, template, {"problem": str(error)}, status=error.status)


def _toast(words: str, *, status: int) -> HttpResponse:
    """Return words for htmx to show beside the page: a whole page would land in a part of it."""
    told = json.dumps({"toast": {"message": words, "tone": "danger"}})
    return HttpResponse(status=status, headers={"HX-Reswap": "none", "HX-Trigger": told})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what cannot be read: programs get a problem, people a page."""
    # Unlike Django's own none of these looks for a form's token: the form may be what is wrong.
    if not request.path.startswith(API):
        return render(request, "400.html", status=400)
    if isinstance(exception, RequestDataTooBig):
        detail = _("That is too much at once. Please send less.")
        body = problem(status=413, code="too_large", detail=detail)
    else:
        detail = _("We could not read what was sent. Please check it and send it again.")
        body = problem(status=400, code="unreadable", detail=detail)
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer who may not see a page: staff stay in the console, where a log-in would not help."""
    if _in_console(request):
        return _refused_in_console(request, _("Ask a manager to do it, or for the right to."))
    return permission_denied(request, exception)


def _in_console(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return request.path.startswith(CONSOLE) and bool(getattr(user, "is_staff", False))


def _refused_in_console(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "console_403.html", {"problem": words}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that is none: programs get a problem, people a page."""
    if not request.path.startswith(API):
        return render(request, "404.html", status=404)
    body = problem(status=404, code="not_found", detail=_("There is nothing at this address."))
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponseBase:
    """Answer at an address that a library opens and the shop does not."""
    raise Http404


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer after a defect of ours: programs get a problem, people a page."""
    if not request.path.startswith(API):
        # Needs nothing of the request: whatever broke, this does not break again.
        return HttpResponse(render_to_string("500.html"), status=500)
    body = problem(
        status=500,
        code="defect",
        detail=_("Something went wrong on our side. Please try again in a moment."),
    )
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
