"""What a customer answers when damage is to be charged."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from trials.returns.queries import proposal_by_id
from trials.returns.services.damages import object_to_damage


@login_required
@require_POST
def damage_object(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take a customer's word against a charge for damage."""
    object_to_damage(
        user=caller(request), proposal_id=proposal_id, words=request.POST.get("words", "")
    )
    messages.success(request, _("We have your word. Nothing is charged before we have answered."))
    return redirect("trials:trial", proposal_by_id(proposal_id).inspection.item.trial.number)
