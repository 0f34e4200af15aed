"""The pictures themselves."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from shop.customers.access import caller
from trials.evidence.responses import evidence_file


@login_required
@require_safe
def evidence_photo(request: HttpRequest, photo_id: uuid.UUID, size: int) -> FileResponse:
    """Send one photo to staff, or to the customer whose trial it is of."""
    return evidence_file(caller(request), photo_id, size)
