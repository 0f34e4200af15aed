"""What the API says about tests and panels, and what it takes."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.testers.forms import given_before
from sharing.testers.models import ANSWER_LENGTH, Kind, Tester
from sharing.testers.queries import ShownFrame
from sharing.testers.states import PanelState, TesterState


class TestQuestionOutput(serializers.Serializer):
    """A question of a test."""

    id = serializers.IntegerField()
    words = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    choices = serializers.ListField(child=serializers.CharField())


class TestVariantOutput(serializers.Serializer):
    """A variant to be put into the box."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class TestFrameOutput(serializers.Serializer):
    """A frame to be tested."""

    handle = serializers.CharField(source="frame.handle")
    name = serializers.CharField(source="frame.name")
    description = serializers.CharField(source="frame.description")
    image = serializers.SerializerMethodField(help_text="Empty where there is none.")
    variants = TestVariantOutput(many=True)
    answers = serializers.SerializerMethodField(
        help_text="What the caller has said, by the question's id; empty before."
    )

    def get_image(self, shown: ShownFrame) -> str:
        """Return the address of the picture."""
        url = shown.image_url
        return f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_answers(self, shown: ShownFrame) -> dict[str, str]:
        """Return what was answered."""
        return {name[1:]: str(value) for name, value in given_before(shown.feedback).items()}


class TestRowOutput(serializers.Serializer):
    """An invitation in a list."""

    panel = serializers.UUIDField(source="panel_id")
    title = serializers.CharField(source="panel.title")
    words = serializers.CharField(source="panel.words")
    panel_state = serializers.ChoiceField(source="panel.state", choices=PanelState.choices)
    state = serializers.ChoiceField(choices=TesterState.choices)
    invited_at = serializers.DateTimeField()


class TestOutput(TestRowOutput):
    """An invitation with what there is to test: nothing before it is accepted."""

    frames = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()

    @extend_schema_field(TestFrameOutput(many=True))
    def get_frames(self, tester: Tester) -> list[dict[str, Any]]:
        """Return the frames."""
        return list(TestFrameOutput(self.context["frames"], many=True).data)

    @extend_schema_field(TestQuestionOutput(many=True))
    def get_questions(self, tester: Tester) -> list[dict[str, Any]]:
        """Return the questions."""
        return list(TestQuestionOutput(self.context["questions"], many=True).data)


class TestAnswerInput(serializers.Serializer):
    """Yes or no."""

    accept = serializers.BooleanField()


class FeedbackInput(serializers.Serializer):
    """Answers by the question's id: a number, a choice or words."""

    answers = serializers.DictField(
        child=serializers.CharField(max_length=ANSWER_LENGTH, allow_blank=True)
    )

    def validate_answers(self, value: dict[str, str]) -> dict[int, object]:
        """Return the answers by number.

        Raises:
            ValidationError: a key is no number.
        """
        if not all(key.isdecimal() and len(key) < 10 for key in value):
            raise serializers.ValidationError(_("Name questions by their ids."))
        return {int(key): answer for key, answer in value.items()}


class PanelRowOutput(serializers.Serializer):
    """A panel in a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=PanelState.choices)
    invited = serializers.IntegerField()
    accepted = serializers.IntegerField()
    answers = serializers.IntegerField(help_text="Frames answered for, by all testers.")
    created_at = serializers.DateTimeField()


class TesterInvitationInput(serializers.Serializer):
    """Whom to invite."""

    emails = serializers.ListField(child=serializers.EmailField(), min_length=1, max_length=100)


class TesterInvitationOutput(serializers.Serializer):
    """What became of a list of addresses."""

    new = serializers.ListField(child=serializers.EmailField())
    before = serializers.ListField(child=serializers.EmailField())
    unknown = serializers.ListField(child=serializers.EmailField())


class ShareOutput(serializers.Serializer):
    """A share with its Wilson 95 % interval."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class QuestionResultOutput(serializers.Serializer):
    """What was answered to one question about one frame."""

    question = serializers.CharField(source="question.words")
    kind = serializers.ChoiceField(source="question.kind", choices=Kind.choices)
    total = serializers.IntegerField()
    counts = serializers.SerializerMethodField(help_text="By rating or choice.")
    good = ShareOutput(allow_null=True, help_text="Ratings of 4 or 5.")
    mean = serializers.FloatField(allow_null=True, help_text="Nothing below 20 ratings.")
    texts = serializers.ListField(child=serializers.CharField(), help_text="The latest hundred.")

    @extend_schema_field(serializers.DictField(child=ShareOutput()))
    def get_counts(self, result: Any) -> dict[str, Any]:
        """Return how often each was given."""
        return {label: ShareOutput(rate).data for label, rate in result.counts}


class FrameResultOutput(serializers.Serializer):
    """All that was said of one frame."""

    frame = serializers.CharField(source="frame.handle")
    questions = QuestionResultOutput(many=True)


class PanelResultsOutput(serializers.Serializer):
    """What testers said, frame by frame."""

    frames = FrameResultOutput(many=True)
