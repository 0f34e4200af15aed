"""What the API says about evidence, and what it takes."""

from django.urls import reverse
from rest_framework import serializers

from trials.evidence.files import SIZES
from trials.evidence.models import EvidencePhoto, EvidenceSource, EvidenceState


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
