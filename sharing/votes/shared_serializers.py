"""What the API says to friends behind a link, and what it takes from them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.galleries.states import GalleryState
from sharing.votes.models import LAST_PLACE, Vote
from sharing.votes.serializers import GalleryFrameOutput, OfFrameOutput, StandingOutput
from sharing.votes.services import COMMENT_LENGTH, EMAIL_LENGTH, NAME_LENGTH
from sharing.votes.states import ReactionValue


class ByItem(serializers.DictField):
    """Values by the item's id, which JSON writes as a string."""

    def to_internal_value(self, data: Any) -> dict[int, Any]:
        """Return them by number.

        Raises:
            ValidationError: a key is no number.
        """
        try:
            return {int(item): value for item, value in super().to_internal_value(data).items()}
        except ValueError as error:
            raise serializers.ValidationError(_("Keys are the items' ids.")) from error


class FriendsWordsOutput(serializers.Serializer):
    """What another friend wrote, as far as the owner lets friends know who it was."""

    vote_id = serializers.UUIDField(source="id")
    name = serializers.CharField(help_text="“A friend” where names are for the owner alone.")
    text = serializers.CharField()
    frames = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="`name` of a frame and `text` about it.",
    )


class VoteInput(serializers.Serializer):
    """A friend's vote: of some frame a reaction, a place or words, or a favourite, or a comment."""

    ballot_paper = serializers.CharField(
        max_length=200,
        help_text="From the gallery as this friend was shown it; a vote goes out when it was read.",
    )
    reactions = ByItem(
        child=serializers.ChoiceField(choices=ReactionValue.choices),
        required=False,
        default=dict,
        help_text="What she makes of frames, by the item's id.",
    )
    favourite = serializers.IntegerField(required=False, default=None, allow_null=True)
    places = ByItem(
        child=serializers.IntegerField(min_value=1, max_value=LAST_PLACE),
        required=False,
        default=dict,
        help_text="Her order, by the item's id; 1 is the best, each place once.",
    )
    words = ByItem(
        child=serializers.CharField(max_length=COMMENT_LENGTH, allow_blank=True),
        required=False,
        default=dict,
        help_text="What she says of single frames, by the item's id.",
    )
    comment = serializers.CharField(
        max_length=COMMENT_LENGTH, required=False, default="", allow_blank=True
    )
    name = serializers.CharField(
        max_length=NAME_LENGTH, required=False, default="", allow_blank=True
    )
    wants_news = serializers.BooleanField(
        required=False, default=False, help_text="She wants to hear which frame was bought."
    )
    news_address = serializers.CharField(
        max_length=EMAIL_LENGTH,
        required=False,
        default="",
        allow_blank=True,
        help_text="For that one mail; nobody sees it, and it is forgotten afterwards.",
    )


class OwnVoteOutput(serializers.Serializer):
    """What a friend said before."""

    reactions = serializers.SerializerMethodField(help_text="By the item's id.")
    favourite = serializers.IntegerField(source="favourite_id", allow_null=True)
    frames = OfFrameOutput(source="reactions", many=True)
    comment = serializers.CharField()
    name = serializers.CharField(source="voter.name")
    wants_news = serializers.BooleanField(source="voter.wants_news")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_reactions(self, vote: Vote) -> dict[str, str]:
        """Return what she made of each frame."""
        return {str(each.item_id): each.value for each in vote.reactions.all() if each.value}


class VoteOutput(serializers.Serializer):
    """A vote that was taken."""

    voter_token = serializers.CharField(
        help_text="Send it as X-Voter-Token to change the vote; keep it on the friend's device."
    )
    first = serializers.BooleanField(help_text="False where it took the place of an earlier one.")
    standing = StandingOutput()


class SharedGalleryOutput(serializers.Serializer):
    """A gallery as a friend sees it, in the order drawn for her."""

    question = serializers.CharField(source="gallery.asked")
    asks = serializers.CharField(
        help_text="Who asks, by first name, and how long it takes: a sentence to be shown."
    )
    state = serializers.ChoiceField(source="gallery.state", choices=GalleryState.choices)
    items = GalleryFrameOutput(many=True)
    voter_token = serializers.CharField(help_text="Hers, or a new one to be sent with the vote.")
    ballot_paper = serializers.CharField(
        help_text="To be sent with the vote: it says by whom and when the gallery was looked at."
    )
    vote = OwnVoteOutput(allow_null=True)
    standing = StandingOutput(
        allow_null=True, help_text="Null of a blind gallery, until this friend has voted."
    )
    bought = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The items that were bought, if the owner says so: once the voting is over, and "
        "of a blind gallery once this friend has voted.",
    )
