"""What the big screen of a scanner station says."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shop.foundation.errors import LorgnetteError


def screen(state: str, words: str, reason: str = "") -> dict[str, str]:
    """Return what the part ``scan_screen`` shows.

    Args:
        state: ``ready``, ``ok`` or ``refused``.
        words: two or three, read from two metres.
        reason: a sentence below them.
    """
    return {"state": state, "words": words, "reason": reason}


def refused(error: LorgnetteError, words: Mapping[str, object]) -> dict[str, str]:
    """Return the screen of a refusal.

    Args:
        error: whose message says what happened and what to do.
        words: the screen's words by the error's code.
    """
    return screen("refused", str(words.get(error.code, _("Not possible"))), str(error))


def go_to(request: HttpRequest, to: str, *args: object) -> HttpResponse:
    """Answer a scan by opening another page, for htmx and without scripts.

    Args:
        request: of the scan.
        to: a route's name, or an address.
        *args: of the route.
    """
    there = redirect(to, *args)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": there.url})
    return there
