"""Extending the days at home, as pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from trials.at_home.forms import ExtensionForm
from trials.at_home.services.extending import extend_trial, extend_trial_by_staff
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of


@login_required
@require_POST
def trial_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Extend the days of the customer's trial."""
    user = caller(request)
    trial = trial_of(user=user, number=number)
    made = extend_trial(trial_id=trial.pk, by=user)
    day = date_format(made.due_after.astimezone(user.zone), _("l, j F"))
    messages.success(request, _("Yours to try until %(day)s.") % {"day": day})
    return redirect("trials:trial", trial.number)


@staff_only
@require_POST
def staff_trial_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Give a customer more days."""
    trial: Trial = get_object_or_404(Trial.objects.select_related("user"), number=number)
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Say by how many days, 1 to 60."), code="days_missing")
    made = extend_trial_by_staff(trial_id=trial.pk, by=caller(request), **form.cleaned_data)
    day = date_format(made.due_after.astimezone(trial.user.zone), "DATE_FORMAT")
    words = _("%(number)s is at home until %(day)s; the customer was told.")
    messages.success(request, words % {"number": trial.number, "day": day})
    return redirect("console:trial", trial.number)
