"""What a customer answers when damage is to be charged."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from shop.foundation.card_numbers import CardNumberError
from trials.home_trials.queries import trial_of
from trials.home_trials.views import trial_page
from trials.returns.errors import ReasonMissingError
from trials.returns.queries.damage import proposal_by_id
from trials.returns.services.objecting import object_to_damage
from trials.returns.states import ProposalState


@login_required
@require_POST
def damage_object(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take a customer's word against a charge for damage; what is refused of it she sees again."""
    user, words = caller(request), request.POST.get("words", "")
    try:
        object_to_damage(user=user, proposal_id=proposal_id, words=words)
    except (CardNumberError, ReasonMissingError) as error:
        proposal = proposal_by_id(proposal_id)
        # The words are looked at first: somebody else's trial is not found here.
        trial = trial_of(user=user, number=proposal.inspection.item.trial.number)
        if proposal.state not in (ProposalState.ACCEPTED, ProposalState.OBJECTED):
            raise
        refused = {"proposal_id": proposal.pk, "words": words, "why": str(error)}
        return trial_page(request, trial, status=error.status, objection_refused=refused)
    messages.success(request, _("We have your word. Nothing is charged before we have answered."))
    return redirect("trials:trial", proposal_by_id(proposal_id).inspection.item.trial.number)
