"""One label to be printed, and one more return label of a trial."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.frames import shown_in_own_frame
from trials.console.queries.trials import staff_trial
from trials.console.seen import check_seen
from trials.console.views.trials import staff_user
from trials.shipping.forms import AnotherLabelForm
from trials.shipping.labels import label_pdf
from trials.shipping.queries import shipment_by_number
from trials.shipping.services.return_labels import another_return_label


@staff_only
@require_POST
def return_label_make(request: HttpRequest, number: str) -> HttpResponse:
    """Make one more return label; the customer is mailed where it is."""
    found = staff_trial(number)
    check_seen(request, found)
    asked = AnotherLabelForm.read(request.POST)
    made = another_return_label(trial_id=found.pk, by=staff_user(request), **asked)
    words = _("Return label %(number)s is made and the customer told.")
    messages.success(request, words % {"number": made.tracking_number})
    return redirect("console:trial", found.number)


@staff_only
@require_safe
@shown_in_own_frame
def parcel_label(request: HttpRequest, tracking_number: str) -> HttpResponse:
    """Send the label of one parcel to be printed."""
    shipment = shipment_by_number(tracking_number)
    response = HttpResponse(label_pdf(shipment), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shipment.tracking_number}.pdf"'
    return response
