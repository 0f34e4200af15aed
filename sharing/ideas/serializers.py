"""What the API says about ideas, and what it takes."""

from rest_framework import serializers

from sharing.ideas.models import ANSWER_LENGTH, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Idea
from sharing.ideas.states import ANSWER_CHOICES, IdeaState


class IdeaInput(serializers.Serializer):
    """A new idea."""

    title = serializers.CharField(max_length=TITLE_LENGTH)
    text = serializers.CharField(
        max_length=TEXT_LENGTH, required=False, default="", allow_blank=True
    )


class IdeaReportInput(serializers.Serializer):
    """Why an idea should not be shown."""

    reason = serializers.CharField(
        max_length=REASON_LENGTH, required=False, default="", allow_blank=True
    )


class IdeaOutput(serializers.Serializer):
    """An idea as everybody reads it; who proposed it is told to nobody."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=IdeaState.choices)
    votes = serializers.IntegerField(source="votes_count")
    voted = serializers.BooleanField(help_text="The caller has voted for it.")
    own = serializers.SerializerMethodField(help_text="The caller has proposed it.")
    answer = serializers.CharField(allow_blank=True, help_text="The maker's.")
    answered_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    created_at = serializers.DateTimeField()

    def get_own(self, idea: Idea) -> bool:
        """Tell whether the caller proposed the idea."""
        return idea.author_id == self.context["user"].pk


class StaffIdeaOutput(serializers.Serializer):
    """An idea as the maker sees it."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=IdeaState.choices)
    votes = serializers.IntegerField(source="votes_count")
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    hidden_at = serializers.DateTimeField(allow_null=True)
    open_reports = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class IdeaAnswerInput(serializers.Serializer):
    """The maker's answer."""

    state = serializers.ChoiceField(choices=ANSWER_CHOICES)
    seen = serializers.ChoiceField(
        choices=IdeaState.choices, help_text="The state you have read it in."
    )
    text = serializers.CharField(max_length=ANSWER_LENGTH)


class IdeaMergeInput(serializers.Serializer):
    """The idea that stays."""

    into = serializers.UUIDField()
