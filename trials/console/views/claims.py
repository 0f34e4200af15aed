"""Parcels that were lost: giving them up, and what carriers are to make good."""

import uuid
from decimal import InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from trials.claims.models import Claim
from trials.claims.queries import claim_by_id, claims_page, moves_of_claims, oldest_to_give_up
from trials.claims.services import (
    PERMISSION,
    correct_payment,
    file_claim,
    give_back_payment,
    note_payment,
    note_refusal,
    withdraw_claim,
)
from trials.claims.states import MOVES, ClaimState
from trials.console.forms import AmountForm, ReasonForm
from trials.console.timeline import claim_timeline
from trials.console.views.trials import staff_user
from trials.returns.errors import LostEarlyError
from trials.returns.services.losing import lose_parcel
from trials.shipping.queries import shipment_by_number

CLAIMS_A_PAGE = 25
TONES = {
    ClaimState.OPEN: "warn",
    ClaimState.FILED: "info",
    ClaimState.PAID: "ok",
    ClaimState.REFUSED: "danger",
    ClaimState.WITHDRAWN: "",
    ClaimState.GIVEN_BACK: "",
}


@staff_only
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """List the parcels nobody hears of, and claims, those to see to unless others are wanted."""
    state = request.GET.get("state", "waiting")
    may_settle = staff_user(request).has_perm(PERMISSION)
    page = claims_page(state, request.GET.dict(), size=CLAIMS_A_PAGE)
    choices = [
        ("waiting", _("To see to")),
        *ClaimState.choices,
        ("turned_up", _("Turned up")),
        ("all", _("All")),
    ]
    moves = moves_of_claims(claim.pk for claim in page.object_list)
    context = {
        "silent": oldest_to_give_up(timezone.now()),
        "rows": [
            {
                "claim": claim,
                "entries": claim_timeline(claim, moves.get(claim.pk, [])),
                "tone": TONES[ClaimState(claim.state)],
                "ways": MOVES.get(ClaimState(claim.state), frozenset()),
                "turned_up": claim.is_turned_up,
                # Money given back is a manager's alone; of the others each has some way.
                "may_act": may_settle or claim.state != ClaimState.PAID,
                # What is said with a reason alone; giving a claim up is a manager's, too.
                "may_say": may_settle or claim.state == ClaimState.FILED,
            }
            for claim in page.object_list
        ],
        "today": timezone.localdate(),
        "pills": [
            {"label": label, "url": "?" + urlencode({"state": value}), "active": value == state}
            for value, label in choices
        ],
        "may_settle": may_settle,
        **page.links(state=state),
    }
    return render(request, "trials/console/claim_list.html", context)


@staff_only
@require_POST
def parcel_lose(request: HttpRequest, tracking_number: str) -> HttpResponse:
    """Give up a parcel the carrier lost; one that may still come is shown as it stands first."""
    reason, early = request.POST.get("reason", "")[:300], bool(request.POST.get("early"))
    try:
        claim = lose_parcel(
            tracking_number=tracking_number, by=staff_user(request), reason=reason, early=early
        )
    except LostEarlyError as error:
        parcel = shipment_by_number(tracking_number)
        context = {"parcel": parcel, "facts": error.facts, "words": str(error), "reason": reason}
        return render(request, "trials/console/parcel_lose.html", context, status=error.status)
    messages.success(
        request,
        _("%(number)s is given up; a claim over %(amount)s is to be filed by %(day)s.")
        % {
            "number": claim,
            "amount": claim.amount,
            "day": date_format(claim.due_on, "DATE_FORMAT"),
        },
    )
    return redirect("console:claim_list")


def _amount(request: HttpRequest, claim_id: uuid.UUID) -> Money:
    amount = AmountForm(request.POST)
    if not amount.is_valid():
        raise InvalidError(_("Enter an amount."), code="amount_missing")
    return Money(amount.cleaned_data["amount"], claim_by_id(claim_id).amount.currency)


def _corrected(request: HttpRequest, claim_id: uuid.UUID, reason: str) -> Claim:
    paid = _amount(request, claim_id)
    try:
        seen = Money(request.POST.get("seen_paid", ""), paid.currency)
    except InvalidOperation:
        raise InvalidError(_("Enter an amount."), code="amount_missing") from None
    by = staff_user(request)
    return correct_payment(claim_id=claim_id, by=by, paid=paid, seen_paid=seen, reason=reason)


@staff_only
@require_POST
def claim_act(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Note that a claim was filed, paid, paid back, refused, or is given up."""
    way, by, form = request.POST.get("way", ""), staff_user(request), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if way == "file":
        done = file_claim(
            claim_id=claim_id, by=by, reference=request.POST.get("reference", "")[:60]
        )
    elif way == "paid":
        done = note_payment(claim_id=claim_id, by=by, paid=_amount(request, claim_id))
    elif way == "correct":
        done = _corrected(request, claim_id, reason)
    elif way == "refused":
        done = note_refusal(claim_id=claim_id, by=by, reason=reason)
    elif way == "given_back":
        done = give_back_payment(claim_id=claim_id, by=by, reason=reason)
    elif way == "withdraw":
        done = withdraw_claim(claim_id=claim_id, by=by, reason=reason)
    else:
        raise InvalidError(_("Choose what became of the claim."), code="way_missing")
    messages.success(
        request,
        _("The claim for %(number)s is: %(state)s.")
        % {"number": claim_by_id(claim_id), "state": done.get_state_display()},
    )
    return redirect("console:claim_list")
