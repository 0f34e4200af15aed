"""What a customer waits for, as pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.foundation.errors import InvalidError
from trials.units.queries import places_in_line, waits_of
from trials.units.services.waiting import join_waitlist, leave_waitlist
from trials.units.turns import not_their_turn


def _sent_variant(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("variant", ""))
    except ValueError as error:
        raise InvalidError(_("Choose a frame first."), code="variant_missing") from error


@login_required
@require_safe
def waitlist(request: HttpRequest) -> HttpResponse:
    """Show what is held for her and where she stands in other lines."""
    user = caller(request)
    entries = list(waits_of(user))
    pictures, places = image_urls(each.variant_id for each in entries), places_in_line(entries)
    rows = [
        {
            "entry": entry,
            "image_url": pictures.get(entry.variant_id, ""),
            "place": places.get(entry.variant_id),
        }
        for entry in entries
    ]
    passed_over = bool(entries) and user.pk in not_their_turn([user.pk])
    context = {"rows": rows, "passed_over": passed_over, "waiting": bool(places)}
    return render(request, "trials/units/waitlist.html", context)


@login_required
@require_POST
def waitlist_join(request: HttpRequest) -> HttpResponse:
    """Join the line for a variant."""
    entry = join_waitlist(user=caller(request), variant_id=_sent_variant(request))
    messages.success(
        request,
        _("You are in line for %(frame)s. We write to you when it is your turn.")
        % {"frame": entry.variant},
    )
    return redirect("trials:waitlist")


@login_required
@require_POST
def waitlist_leave(request: HttpRequest) -> HttpResponse:
    """Leave a line; left already, nothing changes."""
    leave_waitlist(user=caller(request), variant_id=_sent_variant(request))
    messages.success(request, _("You are no longer in line for it."))
    return redirect("trials:waitlist")
