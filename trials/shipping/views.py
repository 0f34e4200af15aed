"""The customer's return label."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trials.shipping.labels import label_pdf
from trials.shipping.queries import return_shipment_of


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
