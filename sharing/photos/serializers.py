"""What the API says about photos, and what it takes."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.photos.decoding import SIZES
from sharing.photos.errors import REFUSALS
from sharing.photos.models import Photo, PhotoState


class PhotoInput(serializers.Serializer):
    """A photo of one frame, as a form of several parts."""

    trial_item_id = serializers.UUIDField()
    file = serializers.FileField(help_text="JPEG, PNG, WebP or HEIC; 20 MB, 25 megapixels.")
    consent_version = serializers.CharField(
        max_length=20, help_text="The wording the customer agreed to; now 2026-11."
    )


class PhotoOutput(serializers.Serializer):
    """A photo of the customer's own."""

    id = serializers.UUIDField()
    trial_item_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=PhotoState.choices)
    refusal = serializers.SerializerMethodField(help_text="Why it was refused, for people.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()
    urls = serializers.SerializerMethodField(
        help_text="Paths of the JPEG by its greatest edge, once it is ready."
    )

    def get_refusal(self, photo: Photo) -> str:
        """Return why the photo was refused."""
        return str(REFUSALS.get(photo.refusal, ""))

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_urls(self, photo: Photo) -> dict[str, str]:
        """Return the path of each size."""
        if photo.state != PhotoState.READY:
            return {}
        return {str(size): reverse("api-photo-file", args=[photo.pk, size]) for size in SIZES}
