"""Frames of the shop's own on its own pages: a paper that is printed without being opened."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def shows_own_frames(view: View[P]) -> View[P]:
    """Let a page show frames of the shop's own, and no others."""
    return _with_policy(view, "frame-src")


def shown_in_own_frame(view: View[P]) -> View[P]:
    """Let an answer be shown in a frame of the shop's own pages, and nowhere else."""
    shown = _with_policy(view, "frame-ancestors")

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = shown(request, *args, **kwargs)
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return answer


def _with_policy(view: View[P], directive: str) -> View[P]:
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response: Any = view(request, *args, **kwargs)
        # What django-csp's own decorator leaves; that takes views without arguments only.
        response._csp_replace = {directive: [SELF]}
        return response  # type: ignore[no-any-return]

    return answer
