"""Damage: what is proposed for it, decided one by one."""

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.keyset import keyset_page
from shop.foundation.postgres.attaching import attach_by
from trials.console.forms import AmountForm, ReasonForm
from trials.console.queries.charges import FURTHER, PROPOSALS
from trials.console.views.trials import staff_user
from trials.evidence.queries import evidence_of
from trials.returns.queries.damage import proposal_by_id, proposals_matching
from trials.returns.services.damages import (
    PERMISSION,
    accept_proposal,
    change_proposal,
    waive_proposal,
)
from trials.returns.states import ProposalState

# Each is a case with its photos, words and forms, decided one after the other.
PROPOSALS_A_PAGE = 15
TONES = {
    ProposalState.PROPOSED: "warn",
    ProposalState.ACCEPTED: "info",
    ProposalState.OBJECTED: "danger",
    ProposalState.CHARGED: "ok",
    ProposalState.WAIVED: "",
    ProposalState.WITHDRAWN: "",
}


@staff_only
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """List proposals, those to be decided unless others are asked for."""
    state = request.GET.get("state", "waiting")
    matching = proposals_matching(state)
    page = keyset_page(matching, asked=request.GET.dict(), size=PROPOSALS_A_PAGE, whole=PROPOSALS)
    attach_by(page.object_list, "further", FURTHER.rows(proposals=[row.pk for row in page]))
    photos = evidence_of(proposal.inspection.item.trial_id for proposal in page.object_list)
    choices = [("waiting", _("To be decided")), *ProposalState.choices[1:], ("all", _("All"))]
    context = {
        "rows": [
            {
                "proposal": proposal,
                "tone": TONES[ProposalState(proposal.state)],
                "item": proposal.inspection.item,
                "photos": photos.get(proposal.inspection.item_id, []),
                "open": proposal.state in (ProposalState.PROPOSED, ProposalState.OBJECTED),
                "waivable": proposal.state == ProposalState.ACCEPTED,
            }
            for proposal in page.object_list
        ],
        "pills": [
            {"label": label, "url": "?" + urlencode({"state": value}), "active": value == state}
            for value, label in choices
            if value != ProposalState.OBJECTED
        ],
        "may_decide": staff_user(request).has_perm(PERMISSION),
        **page.links(state=state),
    }
    return render(request, "trials/console/proposal_list.html", context)


def _amount(shown: str) -> Decimal | None:
    """Return the amount that a form's page showed; nothing of one that sends none."""
    try:
        amount = Decimal(shown)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _times(shown: str) -> int | None:
    """Return how often a form's page showed its customer to have spoken."""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else None


@staff_only
@require_POST
def proposal_decide(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Accept a proposal, change its amount, or waive it."""
    way, by, form = request.POST.get("way", ""), staff_user(request), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    seen: dict[str, Any] = {
        "seen": request.POST.get("seen", ""),
        "seen_amount": _amount(request.POST.get("seen_amount", "")),
        "seen_said": _times(request.POST.get("seen_said", "")),
    }
    if way == "accept":
        done = accept_proposal(proposal_id=proposal_id, by=by, answer=reason, **seen)
    elif way == "waive":
        done = waive_proposal(proposal_id=proposal_id, by=by, reason=reason, **seen)
    elif way == "change":
        amount = AmountForm(request.POST)
        if not amount.is_valid():
            raise InvalidError(_("Enter an amount."), code="amount_missing")
        currency = proposal_by_id(proposal_id).amount.currency
        done = change_proposal(
            proposal_id=proposal_id,
            by=by,
            amount=Money(amount.cleaned_data["amount"], currency),
            reason=reason,
            **seen,
        )
    else:
        raise InvalidError(_("Choose whether to accept, change or waive."), code="way_missing")
    messages.success(
        request,
        _("%(amount)s for damage: %(state)s.")
        % {"amount": done.amount, "state": done.get_state_display()},
    )
    return redirect("console:proposal_list")
