"""What the API says about photos, and what it takes."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.photos.errors import REFUSALS
from sharing.photos.models import Photo, PhotoState, PhotoUpload
from shop.foundation.photos.decoding import SIZES


class PhotoInput(serializers.Serializer):
    """A photo of one frame, as a form of several parts."""

    trial_item_id = serializers.UUIDField()
    file = serializers.FileField(help_text="JPEG, PNG, WebP, HEIC or AVIF; 20 MB, 25 megapixels.")
    consent_version = serializers.CharField(
        max_length=20, help_text="The wording the customer agreed to; now 2026-11."
    )


class UploadInput(serializers.Serializer):
    """What is said of a photo before its first byte: one header and the pairs of another."""

    trial_item_id = serializers.UUIDField()
    consent_version = serializers.CharField(max_length=20)
    length = serializers.IntegerField(min_value=0)


class UploadOutput(serializers.Serializer):
    """A photo on its way."""

    id = serializers.UUIDField()
    trial_item_id = serializers.UUIDField()
    length = serializers.IntegerField(help_text="Bytes it will have.")
    offset = serializers.IntegerField(source="received", help_text="Bytes that have arrived.")
    expires_at = serializers.DateTimeField(help_text="When it is forgotten.")
    photo_id = serializers.UUIDField(
        allow_null=True, help_text="The photo it has become, once whole."
    )
    refusal = serializers.SerializerMethodField(help_text="Why it became none, for people.")

    def get_refusal(self, upload: PhotoUpload) -> str:
        """Return why the upload was refused."""
        return str(REFUSALS.get(upload.refusal, ""))


class CropSerializer(serializers.Serializer):
    """The part of a photo that is shown, in shares of the upright whole photo's edges."""

    left = serializers.FloatField(min_value=0, max_value=1)
    top = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.FloatField(min_value=0, max_value=1)


class PhotoOutput(serializers.Serializer):
    """A photo of the customer's own."""

    id = serializers.UUIDField()
    trial_item_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=PhotoState.choices)
    refusal = serializers.SerializerMethodField(help_text="Why it was refused, for people.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    is_small = serializers.BooleanField(
        help_text="So few pixels are shown that it looks soft; ask for a larger one."
    )
    uploaded_at = serializers.DateTimeField()
    crop = CropSerializer(help_text="The part that is shown, once being_cropped is false.")
    being_cropped = serializers.BooleanField(help_text="The renditions of the crop are being made.")
    placeholder = serializers.SerializerMethodField(
        help_text="A data: address of a tiny WebP to show while a rendition is loading, or nothing."
    )
    whole_url = serializers.SerializerMethodField(
        help_text="Path of the whole photo, to choose a crop of; its owner's alone."
    )
    urls = serializers.SerializerMethodField(
        help_text="Paths of the JPEG by its greatest edge, once it is ready."
    )

    def get_refusal(self, photo: Photo) -> str:
        """Return why the photo was refused."""
        return str(REFUSALS.get(photo.refusal, ""))

    def get_placeholder(self, photo: Photo) -> str:
        """Return the placeholder as an address."""
        return photo.placeholder_url

    def get_whole_url(self, photo: Photo) -> str:
        """Return the path of the whole photo."""
        if photo.state != PhotoState.READY:
            return ""
        return reverse("api-photo-whole", args=[photo.pk])

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_urls(self, photo: Photo) -> dict[str, str]:
        """Return the path of each size."""
        if photo.state not in (PhotoState.READY, PhotoState.HIDDEN):
            return {}
        return {str(size): reverse("api-photo-file", args=[photo.pk, size]) for size in SIZES}
