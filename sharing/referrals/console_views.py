"""The queue of held referrals, in the console."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.referrals.models import ReferralTransition
from sharing.referrals.queries import generations, held_referrals
from sharing.referrals.services.reviewing import refuse_referral, release_referral
from sharing.referrals.states import HoldReason, ReferralState
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links

HELD_A_PAGE = 20
DECIDED_SHOWN = 10
WAYS = {"release": release_referral, "refuse": refuse_referral}


@staff_only
@require_safe
def console_held(request: HttpRequest) -> HttpResponse:
    """Show the referrals that wait for somebody to decide, the longest waiting first."""
    page = Paginator(held_referrals(), HELD_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "pk": each.pk,
            "advocate": each.advocate,
            "friend": each.friend,
            "joined_at": each.joined_at,
            "reasons": [HoldReason(reason).label for reason in each.held_for],
            "at_stake": each.terms.at_stake,
        }
        for each in page.object_list
    ]
    decisions = (
        ReferralTransition.objects.filter(from_state=ReferralState.HELD)
        .select_related("actor", "subject__advocate")
        .order_by("-at", "-pk")[:DECIDED_SHOWN]
    )
    context = {
        "rows": rows,
        "may_review": caller(request).has_perm("sharing.review_referral"),
        "generations": generations(),
        "decided": [
            {
                "title": _("Released: brought by %(advocate)s")
                % {"advocate": each.subject.advocate}
                if each.to_state == ReferralState.JOINED
                else _("Refused: brought by %(advocate)s") % {"advocate": each.subject.advocate},
                "at": each.at,
                "by": each.actor or "",
                "note": each.reason,
            }
            for each in decisions
        ],
        **page_links(page),
    }
    return render(request, "sharing/referrals/console_held.html", context)


@staff_only
@require_POST
def referral_decide(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Release a held referral or refuse it, with a note."""
    way = WAYS.get(request.POST.get("way", ""))
    if way is None:
        raise InvalidError(_("Choose whether to release or to refuse."), code="way_missing")
    way(referral_id=referral_id, by=caller(request), note=request.POST.get("note", ""))
    messages.success(request, _("Decided, and written down."))
    return redirect("sharing:console_held")
