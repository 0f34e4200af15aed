"""What the API says about threads, and what it takes."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.stylist.models import TEXT_LENGTH, Message, PicturePart, Thread
from sharing.stylist.states import ThreadState
from shop.foundation.photos.decoding import SIZES


class QuestionInput(serializers.Serializer):
    """A question."""

    text = serializers.CharField(max_length=TEXT_LENGTH)


class StylistAnswerInput(serializers.Serializer):
    """An answer: words, a picture or both."""

    seen = serializers.IntegerField(help_text="The id of the last message you have read.")
    text = serializers.CharField(
        max_length=TEXT_LENGTH, required=False, default="", allow_blank=True
    )
    picture = serializers.FileField(
        required=False, help_text="JPEG, PNG, WebP or HEIC; 20 MB, 25 megapixels."
    )


class SeenInput(serializers.Serializer):
    """The last message that was read."""

    seen = serializers.IntegerField()


class FriendsInput(serializers.Serializer):
    """Whether friends read the answers too."""

    shown = serializers.BooleanField()


class MessageOutput(serializers.Serializer):
    """One question or answer."""

    id = serializers.IntegerField()
    from_staff = serializers.BooleanField()
    text = serializers.CharField(allow_blank=True)
    picture_state = serializers.ChoiceField(
        choices=PicturePart.choices, allow_blank=True, help_text="Empty where there is none."
    )
    pictures = serializers.SerializerMethodField(
        help_text="Paths of the picture as JPEG by its greatest edge, once it is ready."
    )
    at = serializers.DateTimeField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_pictures(self, message: Message) -> dict[str, str]:
        """Return the path of each size."""
        if message.picture_state != PicturePart.READY:
            return {}
        return {
            str(size): reverse("api-stylist-picture", args=[message.pk, size]) for size in SIZES
        }


class SharedAnswerOutput(serializers.Serializer):
    """An answer as a friend reads it."""

    text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class SharedAnswersOutput(serializers.Serializer):
    """What a friend reads of the stylist."""

    answers = SharedAnswerOutput(many=True, help_text="Oldest first.")


class ThreadOutput(serializers.Serializer):
    """A customer's thread about one trial or gallery."""

    id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=ThreadState.choices)
    shown_to_friends = serializers.BooleanField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    messages = serializers.SerializerMethodField(help_text="Oldest first.")

    @extend_schema_field(MessageOutput(many=True))
    def get_messages(self, thread: Thread) -> list[dict[str, object]]:
        """Return what was said."""
        return list(MessageOutput(thread.messages.all(), many=True).data)


class StaffThreadRowOutput(serializers.Serializer):
    """A thread in a list."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ThreadState.choices)
    customer = serializers.CharField(source="customer.name")
    trial = serializers.CharField(source="trial.number", default="")
    gallery = serializers.UUIDField(source="gallery_id", allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField()


class StaffThreadOutput(StaffThreadRowOutput):
    """A thread with what was said in it."""

    messages = serializers.SerializerMethodField(help_text="Oldest first.")

    @extend_schema_field(MessageOutput(many=True))
    def get_messages(self, thread: Thread) -> list[dict[str, object]]:
        """Return what was said."""
        return list(MessageOutput(thread.messages.all(), many=True).data)


class WaitsOutput(serializers.Serializer):
    """How long one kind of wait took."""

    asked = serializers.IntegerField(help_text="Waits that began in the period.")
    answered = serializers.IntegerField()
    median = serializers.DurationField(
        allow_null=True, help_text="Nothing where fewer than 20 have ended."
    )
    p90 = serializers.DurationField(allow_null=True)
    within_24_hours = serializers.IntegerField(source="within.part")
    judged = serializers.IntegerField(
        source="within.whole", help_text="Waits that ended or are older than 24 hours."
    )
    interval = serializers.ListField(
        source="within.interval",
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Wilson 95 % interval of the share within 24 hours.",
    )


class AnswerTimesOutput(serializers.Serializer):
    """How long customers waited for the stylist, in plain time that passed."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    first = WaitsOutput()
    every = WaitsOutput()
