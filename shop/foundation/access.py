"""Who may see the console and the admin: staff. For everybody else it is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_only(view: View[P]) -> View[P]:
    """Let staff in, ask strangers to log in, and tell customers that there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not getattr(request.user, "is_staff", False):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@never_cache
def admin_log_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for a log-in where everybody logs in; the admin is no page of a customer's.

    She has logged in already: sent there she would come straight back, without end.
    """
    if request.user.is_authenticated and not getattr(request.user, "is_staff", False):
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))
