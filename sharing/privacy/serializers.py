"""What the API takes and answers about erasures, exports and objections."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.states import ErasureState, ExportState, ObjectionState
from shop.foundation.privacy import Scope

# As many photos as a gallery can hold, and more than anybody decides on at a glance.
MOST_TOGETHER = 200


class ErasureInput(serializers.Serializer):
    """What to erase. With the account everything goes, and the password must be sent."""

    scopes = serializers.MultipleChoiceField(choices=Scope.choices, allow_empty=False)
    password = serializers.CharField(
        max_length=200,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text="For `account`. Who has none must have logged in within 15 minutes.",
    )


class ErasureOutput(serializers.ModelSerializer[Erasure]):
    """A wish to be erased, and how far it is."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    state = serializers.ChoiceField(choices=ErasureState.choices)

    class Meta:
        model = Erasure
        fields = ("id", "scopes", "state", "requested_at", "done_at")


class ExportOutput(serializers.ModelSerializer[DataExport]):
    """An export, and where it can be fetched."""

    state = serializers.ChoiceField(choices=ExportState.choices)
    url = serializers.SerializerMethodField(help_text="Path of the ZIP, once it is ready.")

    class Meta:
        model = DataExport
        fields = ("id", "state", "size", "requested_at", "ready_at", "expires_at", "url")

    @extend_schema_field(serializers.CharField())
    def get_url(self, export: DataExport) -> str:
        """Return the path of the file; empty before it is there."""
        ready = export.state == ExportState.READY
        return reverse("api-export-file", args=[export.pk]) if ready else ""


class ObjectionInput(serializers.Serializer):
    """A person's word that she is on a photo and does not want it shown."""

    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class SharedObjectionOutput(serializers.Serializer):
    """What became of an objection, for who made it."""

    hidden = serializers.SerializerMethodField(
        help_text="Whether the photo is hidden. It is not where the shop looks at it first: it has "
        "decided to show it, or the same person hid others of the gallery today."
    )

    def get_hidden(self, objection: PhotoObjection) -> bool:
        """Return whether nobody but the owner sees the photo."""
        return objection.state in (ObjectionState.HIDDEN, ObjectionState.EXPLAINED)


class ObjectionOutput(serializers.ModelSerializer[PhotoObjection]):
    """An objection to a photo, for its owner and for staff."""

    state = serializers.ChoiceField(choices=ObjectionState.choices)
    photo = serializers.UUIDField(source="photo_id")
    gallery = serializers.UUIDField(source="gallery_id")

    class Meta:
        model = PhotoObjection
        fields: tuple[str, ...] = (
            *("id", "photo", "gallery", "state", "reason", "answer", "created_at", "settled_at"),
        )


class StaffObjectionOutput(ObjectionOutput):
    """An objection as staff decide on it: with its owner, its picture and what was before."""

    owner_id = serializers.IntegerField(source="photo.user_id", help_text="Whose photo it is.")
    owner = serializers.CharField(source="photo.user")
    times = serializers.IntegerField(help_text="How often this photo was objected to.")
    times_kept = serializers.IntegerField(
        source="kept", help_text="How often the shop has decided to show it."
    )
    photo_url = serializers.SerializerMethodField(
        help_text="Path of the photo, 800 pixels, JPEG, as long as it waits for a decision."
    )

    class Meta(ObjectionOutput.Meta):
        fields = (
            *ObjectionOutput.Meta.fields,
            *("owner_id", "owner", "times", "times_kept", "photo_url"),
        )

    def get_photo_url(self, objection: PhotoObjection) -> str:
        """Return where staff fetch the photo."""
        return reverse("api-staff-objection-photo", args=[objection.pk])


class AnswerInput(serializers.Serializer):
    """The owner's answer: the photo goes, or why it should be shown."""

    erase = serializers.BooleanField()
    answer = serializers.CharField(max_length=300, allow_blank=True, default="")


class ObjectionDecisionInput(serializers.Serializer):
    """The shop's decision."""

    erase = serializers.BooleanField(help_text="Shown from now on, if not.")
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class ObjectionsDecisionInput(ObjectionDecisionInput):
    """The shop's decision on several photos at once."""

    objections = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_TOGETHER
    )


class ObjectionsDecidedOutput(serializers.Serializer):
    """How many were decided."""

    decided = serializers.IntegerField(
        help_text="Those that were decided meanwhile, or are not there, stay as they are."
    )


class StaffErasureInput(serializers.Serializer):
    """A customer's letter."""

    email = serializers.EmailField(help_text="Of her account.")
    scopes = serializers.MultipleChoiceField(choices=Scope.choices, allow_empty=False)

    def validate_scopes(self, value: Any) -> list[str]:
        """Return them in their order."""
        return [scope.value for scope in Scope if scope.value in value]
