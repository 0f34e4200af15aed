"""Sending a photo to somebody who may see it."""

import uuid

from django.http import FileResponse, Http404

from shop.customers.models import User
from shop.foundation.private_files import private_file
from trials.evidence.files import SIZES, evidence_name
from trials.evidence.queries import evidence_for


def evidence_file(user: User, photo_id: uuid.UUID, size: int) -> FileResponse:
    """Return one size of a photo.

    Raises:
        Http404: there is none for this person, or not of this size.
    """
    if size not in SIZES or not evidence_for(user).filter(pk=photo_id).exists():
        raise Http404
    return private_file(evidence_name(photo_id, size), "image/jpeg")
