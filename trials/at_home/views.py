"""Extending the days at home, as pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from trials.at_home.services.extending import extend_trial
from trials.home_trials.queries import trial_of


@login_required
@require_POST
def trial_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Extend the days of the customer's trial."""
    user = caller(request)
    trial = trial_of(user=user, number=number)
    made = extend_trial(trial_id=trial.pk, by=user, ground=request.POST.get("ground", ""))
    day = date_format(made.due_after.astimezone(user.zone), _("l, j F"))
    messages.success(request, _("Yours to try until %(day)s.") % {"day": day})
    return redirect("trials:trial", trial.number)
