"""Charges: what is owed, and letting customers off."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.keyset import keyset_page
from trials.console.forms import ReasonForm
from trials.console.queries.charges import CHARGES, payments_of
from trials.console.views.trials import staff_user
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import charges_with_trials
from trials.returns.services.letting_go import PERMISSION, waive_charge, write_off_charge
from trials.returns.services.refunding import left_of

CHARGES_A_PAGE = 25
WAYS = {"waive": waive_charge, "write_off": write_off_charge}


@staff_only
@require_safe
def charge_list(request: HttpRequest) -> HttpResponse:
    """List charges, those owed unless others are asked for."""
    state = request.GET.get("state", TrialCharge.State.OWED)
    found = charges_with_trials()
    if state in TrialCharge.State.values:
        found = found.filter(state=state)
    page = keyset_page(found, asked=request.GET.dict(), size=CHARGES_A_PAGE, whole=CHARGES)
    payments = payments_of(page.object_list)
    choices = [*TrialCharge.State.choices, ("all", _("All"))]
    context = {
        "rows": [
            {
                "charge": charge,
                "payment": payments.get(str(charge.pk)),
                "left": left_of(charge, payments.get(str(charge.pk))),
            }
            for charge in page.object_list
        ],
        "pills": [
            {"label": label, "url": "?" + urlencode({"state": value}), "active": value == state}
            for value, label in choices
        ],
        "may_settle": staff_user(request).has_perm(PERMISSION),
        **page.links(state=state),
    }
    return render(request, "trials/console/charge_list.html", context)


@staff_only
@require_POST
def charge_let_go(request: HttpRequest, charge_id: uuid.UUID) -> HttpResponse:
    """Waive a charge or write it off."""
    way, form = WAYS.get(request.POST.get("way", "")), ReasonForm(request.POST)
    if way is None:
        raise InvalidError(_("Choose whether to waive or to write off."), code="way_missing")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    charge = way(charge_id=charge_id, by=staff_user(request), reason=reason)
    messages.success(
        request,
        _("The charge of %(amount)s is: %(state)s.")
        % {"amount": charge.amount, "state": charge.get_state_display()},
    )
    if request.POST.get("next") == "overdue":
        return redirect("console:overdue")
    return redirect("console:charge_list")
