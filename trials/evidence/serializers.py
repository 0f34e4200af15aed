"""What the API says about evidence, and what it takes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from trials.evidence.files import SIZES
from trials.evidence.models import EvidencePhoto, EvidenceSource, EvidenceState
from trials.evidence.queries import evidence_of


class EvidenceInput(serializers.Serializer):
    """A photo of a frame or a box, as a form of several parts."""

    file = serializers.FileField(help_text="JPEG, PNG, WebP, HEIC or AVIF; 20 MB, 25 megapixels.")
    item_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The frame; none for the box as a whole."
    )


class EvidenceOutput(serializers.Serializer):
    """A photo of a frame or a box."""

    id = serializers.UUIDField()
    item_id = serializers.UUIDField(allow_null=True)
    taken_by = serializers.ChoiceField(source="source", choices=EvidenceSource.choices)
    state = serializers.ChoiceField(choices=EvidenceState.choices)
    taken_at = serializers.DateTimeField()
    urls = serializers.SerializerMethodField(help_text="Where each size is, by its edge.")

    def get_urls(self, photo: EvidencePhoto) -> dict[str, str]:
        """Return the addresses of a photo that is ready."""
        if photo.state != EvidenceState.READY:
            return {}
        return {str(size): reverse("api-evidence-file", args=[photo.pk, size]) for size in SIZES}


def photos_told(context: Mapping[str, Any], *, trial_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Return the photos of a frame as the API tells them.

    Args:
        context: of a serializer; a list brings the ``photos`` of all its trials, as ``evidence_of``
            returns them, so that each row asks for none.
        trial_id: whose frame it is.
        item_id: the frame.
    """
    photos = context["photos"] if "photos" in context else evidence_of([trial_id])
    return EvidenceOutput(photos.get(item_id, []), many=True).data
