"""Parcels that were lost: giving them up, and what carriers are to make good."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from djmoney.money import Money

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from trials.claims.models import Claim
from trials.claims.queries import (
    claim_of_parcel,
    claims_page,
    moves_of_claims,
    oldest_to_give_up,
)
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
from trials.console.claim_ways import ways_of
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
    context = {
        "silent": oldest_to_give_up(timezone.now()),
        "rows": [
            {
                "claim": claim,
                "tone": TONES[ClaimState(claim.state)],
                "turned_up": claim.is_turned_up,
                "may_act": bool(ways_of(claim.state, may_settle=may_settle)),
            }
            for claim in page.object_list
        ],
        "today": timezone.localdate(),
        "pills": [
            {"label": label, "url": "?" + urlencode({"state": value}), "active": value == state}
            for value, label in choices
        ],
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


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, tracking_number: str) -> HttpResponse:
    """Show the claim for a parcel, and note what became of it; what is refused is asked again."""
    found, way = claim_of_parcel(tracking_number), request.POST.get("way", "")
    if request.method != "POST":
        return _claim_page(request, found)
    try:
        done = _noted(request, found, way)
    except InvalidError as error:
        # Somebody may have moved it while she typed.
        found = claim_of_parcel(tracking_number)
        return _claim_page(request, found, refused=way, problem=str(error), status=error.status)
    messages.success(
        request,
        _("The claim for %(number)s is: %(state)s.")
        % {"number": found, "state": done.get_state_display()},
    )
    return redirect("console:claim", found.shipment.tracking_number)


def _claim_page(
    request: HttpRequest, claim: Claim, *, refused: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """Return a claim's page; the form that was refused holds what was typed and says why."""
    acts, said_there = _acts(request, claim, refused, problem)
    moves = moves_of_claims([claim.pk])
    context = {
        "claim": claim,
        "tone": TONES[ClaimState(claim.state)],
        "late": claim.state == ClaimState.OPEN and claim.due_on < timezone.localdate(),
        "entries": claim_timeline(claim, moves.get(claim.pk, [])),
        "acts": acts,
        "problem": "" if said_there else problem,
        # Something may still become of it, and this reader is not asked for all of it.
        "for_a_manager": claim.state in MOVES and not staff_user(request).has_perm(PERMISSION),
    }
    return render(request, "trials/console/claim.html", context, status=status)


def _acts(
    request: HttpRequest, claim: Claim, refused: str, problem: str
) -> tuple[list[dict[str, Any]], bool]:
    """Return the forms somebody may use of a claim, and whether one of them says the problem."""
    ways = ways_of(claim.state, may_settle=staff_user(request).has_perm(PERMISSION))
    to_give_back = claim.is_turned_up and "given_back" in ways
    likeliest = "given_back" if to_give_back else next(iter(ways), "")
    opened = refused if refused in ways else likeliest
    acts: list[dict[str, Any]] = []
    for name, way in ways.items():
        initial = {"seen_paid": str(claim.paid.amount)}
        if name == "given_back" and to_give_back:
            initial["reason"] = _("The parcel turned up.")
        typed = request.POST if name == refused else None
        form = way.form(typed, auto_id=f"{name}_%s", initial=initial)
        if "amount" in form.fields:
            form.fields["amount"].help_text = _("Up to %(amount)s.") % {"amount": claim.amount}
        if name == refused:
            form.add_error(None, problem)
        acts.append({"name": name, "way": way, "form": form, "open": name == opened})
    return acts, refused in ways


def _noted(request: HttpRequest, claim: Claim, way: str) -> Claim:
    """Note what became of a claim, as a form says it."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    about: dict[str, Any] = {"claim_id": claim.pk, "by": staff_user(request)}
    if way == "file":
        return file_claim(**about, reference=request.POST.get("reference", "")[:60])
    if way == "paid":
        return note_payment(**about, paid=_amount(request, claim))
    if way == "correct":
        paid, seen = _amount(request, claim), _seen_paid(request, claim)
        return correct_payment(**about, paid=paid, seen_paid=seen, reason=reason)
    if way == "refused":
        return note_refusal(**about, reason=reason)
    if way == "given_back":
        return give_back_payment(**about, reason=reason)
    if way == "withdraw":
        return withdraw_claim(**about, reason=reason)
    raise InvalidError(_("Choose what became of the claim."), code="way_missing")


def _amount(request: HttpRequest, claim: Claim) -> Money:
    amount = AmountForm(request.POST)
    if not amount.is_valid():
        raise InvalidError(_("Enter an amount."), code="amount_missing")
    return Money(amount.cleaned_data["amount"], claim.amount.currency)


def _seen_paid(request: HttpRequest, claim: Claim) -> Money:
    try:
        seen = Decimal(request.POST.get("seen_paid", ""))
    except InvalidOperation:
        seen = Decimal("NaN")
    # A signalling NaN cannot even be compared with what is noted.
    if not seen.is_finite():
        raise InvalidError(_("Enter an amount."), code="amount_missing")
    return Money(seen, claim.amount.currency)
