"""A form that came without its token, or with another session's: its page's answer, or a page.

Cookies cleared, a log-in in another tab, a form from yesterday: an honest person learns nothing
from "CSRF verification failed". A page whose words must not be lost answers by itself.
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render
from django.urls import resolve

from shop.foundation.errors import LorgnetteError
from shop.foundation.problem_pages import problem_page

Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])
# How Django's reasons begin where the form stood on another site: nobody's words are to be kept.
FOREIGN = tuple(each.partition("%s")[0] for each in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))


def unsigned_form_answered_by(
    answer: Callable[..., HttpResponseBase],
) -> Callable[[Page], Page]:
    """Have ``answer`` called, as the page is, where the page's form comes without its token.

    Args:
        answer: takes the request and what its address holds. Writes nothing.
    """

    def mark(page: Page) -> Page:
        page.unsigned_form = answer  # type: ignore[attr-defined]
        return page

    return mark


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form whose token is missing or wrong (``CSRF_FAILURE_VIEW``).

    Args:
        request: refused before its page was called.
        reason: as Django says it.
    """
    match = resolve(request.path_info)
    answer = getattr(match.func, "unsigned_form", None)
    if answer is None or reason.startswith(FOREIGN):
        return render(request, "403_csrf.html", status=403)
    try:
        found: HttpResponseBase = answer(request, *match.args, **match.kwargs)
    except LorgnetteError as error:
        # No page was called, so no middleware is asked what its error comes to.
        return problem_page(request, error)
    return found
