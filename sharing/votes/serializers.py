"""What the API says about galleries and votes, and what it takes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.galleries.models import Gallery
from sharing.galleries.queries import ShownFrame
from sharing.galleries.states import GalleryKind, GalleryState
from sharing.votes.models import ReactionValue, Vote
from sharing.votes.pages import PhotoUrl, own_photos_for_apps
from sharing.votes.services import COMMENT_LENGTH, NAME_LENGTH


class GalleryInput(serializers.Serializer):
    """Which trial is shown, and what friends are asked."""

    trial = serializers.CharField(max_length=20, help_text="The trial's number.")
    question = serializers.CharField(max_length=140, required=False, default="", allow_blank=True)


class GalleryPurchaseInput(serializers.Serializer):
    """Which frame goes into the cart."""

    item_id = serializers.IntegerField(min_value=1, help_text="A frame's `id` in the gallery.")


class GalleryFrameOutput(serializers.Serializer):
    """A frame of a gallery, with the photos of it; the context's ``photo_url`` addresses them."""

    id = serializers.IntegerField(source="item.pk")
    variant_id = serializers.IntegerField(source="item.variant_id")
    name = serializers.CharField()
    image_url = serializers.CharField(help_text="The catalogue's picture; may be empty.")
    photos = serializers.SerializerMethodField(help_text="Paths of the photos, 800 pixels, JPEG.")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_photos(self, frame: ShownFrame) -> list[str]:
        """Return the path of each photo."""
        photo_url: PhotoUrl = self.context.get("photo_url", own_photos_for_apps)
        return [photo_url(photo, 800, "jpg") for photo in frame.photos]


class StandingRowOutput(serializers.Serializer):
    """How one frame stands."""

    item_id = serializers.IntegerField()
    favourites = serializers.IntegerField()
    love = serializers.IntegerField()
    like = serializers.IntegerField()
    not_you = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of all picks, 0 to 100.")
    leader = serializers.BooleanField()


class StandingOutput(serializers.Serializer):
    """How a gallery stands."""

    total = serializers.IntegerField(help_text="Counted votes.")
    rows = StandingRowOutput(many=True)


class CommentOutput(serializers.Serializer):
    """What a friend wrote."""

    name = serializers.CharField(source="voter.name")
    text = serializers.CharField(source="comment")
    favourite = serializers.IntegerField(source="favourite_id", allow_null=True)
    at = serializers.DateTimeField(source="cast_at")


class GalleryListOutput(serializers.Serializer):
    """A gallery in a list; the context's ``votes`` holds the counted votes by gallery."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=GalleryKind.choices)
    trial = serializers.CharField(
        source="trial.number", allow_null=True, help_text="Its number; null of chosen frames."
    )
    question = serializers.CharField()
    state = serializers.ChoiceField(choices=GalleryState.choices)
    votes = serializers.SerializerMethodField(help_text="Counted votes.")
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField(help_text="Path of the owner's page.")

    def get_votes(self, gallery: Gallery) -> int:
        """Return the counted votes."""
        votes: dict[Any, int] = self.context.get("votes", {})
        return votes.get(gallery.pk, 0)

    def get_url(self, gallery: Gallery) -> str:
        """Return where its owner sees it."""
        return reverse("sharing:gallery", args=[gallery.pk])


class GalleryOutput(serializers.Serializer):
    """A gallery of the customer's own, with how it stands."""

    id = serializers.UUIDField(source="gallery.pk")
    kind = serializers.ChoiceField(source="gallery.kind", choices=GalleryKind.choices)
    trial = serializers.CharField(
        source="gallery.trial.number",
        allow_null=True,
        help_text="Its number; null of chosen frames.",
    )
    question = serializers.CharField(source="gallery.question")
    state = serializers.ChoiceField(source="gallery.state", choices=GalleryState.choices)
    created_at = serializers.DateTimeField(source="gallery.created_at")
    closed_at = serializers.DateTimeField(source="gallery.closed_at", allow_null=True)
    items = GalleryFrameOutput(many=True)
    standing = StandingOutput()
    comments = CommentOutput(many=True)


class VoteInput(serializers.Serializer):
    """A friend's vote: at least one reaction, a favourite or a comment."""

    reactions = serializers.DictField(
        child=serializers.ChoiceField(choices=ReactionValue.choices),
        required=False,
        default=dict,
        help_text="What she makes of frames, by the item's id.",
    )
    favourite = serializers.IntegerField(required=False, default=None, allow_null=True)
    comment = serializers.CharField(
        max_length=COMMENT_LENGTH, required=False, default="", allow_blank=True
    )
    name = serializers.CharField(
        max_length=NAME_LENGTH, required=False, default="", allow_blank=True
    )

    def validate_reactions(self, value: dict[str, str]) -> dict[int, str]:
        """Return the reactions by number.

        Raises:
            ValidationError: a key is no number.
        """
        try:
            return {int(item): reaction for item, reaction in value.items()}
        except ValueError as error:
            raise serializers.ValidationError(_("Keys are the items' ids.")) from error


class OwnVoteOutput(serializers.Serializer):
    """What a friend said before."""

    reactions = serializers.SerializerMethodField(help_text="By the item's id.")
    favourite = serializers.IntegerField(source="favourite_id", allow_null=True)
    comment = serializers.CharField()
    name = serializers.CharField(source="voter.name")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_reactions(self, vote: Vote) -> dict[str, str]:
        """Return what she made of each frame."""
        return {str(each.item_id): each.value for each in vote.reactions.all()}


class VoteOutput(serializers.Serializer):
    """A vote that was taken."""

    voter_token = serializers.CharField(
        help_text="Send it as X-Voter-Token to change the vote; keep it on the friend's device."
    )
    first = serializers.BooleanField(help_text="False where it took the place of an earlier one.")
    standing = StandingOutput()


class SharedGalleryOutput(serializers.Serializer):
    """A gallery as a friend sees it, in the order drawn for her."""

    question = serializers.CharField(source="gallery.question")
    asks = serializers.CharField(
        help_text="Who asks, by first name, and how long it takes: a sentence to be shown."
    )
    state = serializers.ChoiceField(source="gallery.state", choices=GalleryState.choices)
    items = GalleryFrameOutput(many=True)
    voter_token = serializers.CharField(help_text="Hers, or a new one to be sent with the vote.")
    vote = OwnVoteOutput(allow_null=True)
