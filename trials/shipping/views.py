"""The customer's return label, and one more of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.customers.access import caller
from trials.home_trials.queries import trial_of
from trials.shipping.forms import AnotherLabelForm
from trials.shipping.labels import label_pdf
from trials.shipping.queries import return_shipment_of
from trials.shipping.services.return_labels import another_return_label


@login_required
@require_safe
@never_cache
def return_label(request: HttpRequest, number: str) -> HttpResponse:
    """Send the return label of the customer's own trial; anybody else's is not there."""
    assert request.user.is_authenticated
    shipment = return_shipment_of(user=request.user, number=number)
    response = HttpResponse(label_pdf(shipment), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="return-{number}.pdf"'
    return response


@login_required
@require_POST
def return_label_more(request: HttpRequest, number: str) -> HttpResponse:
    """Make the customer one more return label."""
    user = caller(request)
    found = trial_of(user=user, number=number)
    another_return_label(trial_id=found.pk, by=user, **AnotherLabelForm.read(request.POST))
    messages.success(request, _("Here is your new return label. We have mailed you where it is."))
    return redirect("trials:trial", number)
