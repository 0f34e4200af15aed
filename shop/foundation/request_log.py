"""One line in the log for every request that was answered."""

import time
from collections.abc import Callable

import structlog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

logger = structlog.get_logger(__name__)

# Asked for all the time by machines and by every page; a line each only where something is wrong.
QUIET = ("/healthz", "/static/", "/media/")


class RequestLogMiddleware:
    """Log method, path without its query, status, milliseconds and the user's id.

    The settings of the logs take secret parts out of the path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass ``request`` on, and log how it was answered."""
        began = time.monotonic()
        response = self.get_response(request)
        if response.status_code >= 500:
            log = logger.warning
        elif request.path.startswith(QUIET) and response.status_code < 400:
            log = logger.debug
        else:
            log = logger.info
        log(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.monotonic() - began) * 1000),
            user=_user_id(request),
        )
        return response


def _user_id(request: HttpRequest) -> str | None:
    """Return who asked, where that is known by now: nothing is read from the database for it."""
    user = getattr(request, "user", None)
    if user is None:
        return None
    # A lazy user is known by the session, whoever else by what the API found out.
    if type(user) is SimpleLazyObject:
        known = request.session.get(SESSION_KEY) if request.session.accessed else None
        return None if known is None else str(known)
    return str(user.pk) if isinstance(user, AbstractBaseUser) else None
