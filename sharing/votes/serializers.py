"""What the API says about galleries and votes, and what it takes."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.galleries.models import Gallery
from sharing.galleries.queries import ShownFrame
from sharing.galleries.states import GalleryKind, GalleryState
from sharing.votes.models import Vote
from sharing.votes.pages import PhotoUrl, own_photos_for_apps
from sharing.votes.result import Result
from sharing.votes.states import GUESSED, LeftOut, ResultKind


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
    first_places = serializers.IntegerField(help_text="Counted votes that put it first.")
    share = serializers.FloatField(help_text="Of all picks, 0 to 100.")
    leader = serializers.BooleanField()


class IntervalOutput(serializers.Serializer):
    """Between what a frame's share of picks lies, of all friends who might be asked."""

    item_id = serializers.IntegerField()
    low = serializers.FloatField(help_text="0 to 1, Wilson 95 %.")
    high = serializers.FloatField()


class ResultOutput(serializers.Serializer):
    """What the votes decide, and how sure that is (docs/trust.md)."""

    verdict = serializers.ChoiceField(
        source="kind",
        choices=ResultKind.choices,
        help_text="none: nobody has picked; split: another frame has the most picks than wins in"
        " pairs; undecided: the lead may be chance.",
    )
    leader = serializers.IntegerField(
        allow_null=True, help_text="The item with more picks than any other."
    )
    tied = serializers.ListField(child=serializers.IntegerField())
    preferred = serializers.IntegerField(
        allow_null=True, help_text="The Condorcet winner: in pairs, preferred to each other item."
    )
    sure = serializers.FloatField(
        allow_null=True, help_text="The probability that the leader truly leads, 0 to 1."
    )
    more = serializers.IntegerField(
        allow_null=True, help_text="How many further picks of the leader would make it sure."
    )
    intervals = serializers.SerializerMethodField()

    @extend_schema_field(IntervalOutput(many=True))
    def get_intervals(self, result: Result) -> list[dict[str, Any]]:
        """Return the interval of each frame's share."""
        return [
            {"item_id": item, "low": low, "high": high}
            for item, (low, high) in result.intervals.items()
        ]


class StandingOutput(serializers.Serializer):
    """How a gallery stands."""

    total = serializers.IntegerField(help_text="Counted votes.")
    rows = StandingRowOutput(many=True)
    result = ResultOutput()


class OfFrameOutput(serializers.Serializer):
    """What a vote says of one frame."""

    item_id = serializers.IntegerField()
    reaction = serializers.CharField(source="value", help_text="May be empty.")
    place = serializers.IntegerField(source="rank", allow_null=True, help_text="1 is the best.")
    words = serializers.CharField(source="comment", help_text="May be empty.")


class CommentOutput(serializers.Serializer):
    """What a friend wrote."""

    vote_id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="voter.name")
    text = serializers.CharField(source="comment")
    frames = OfFrameOutput(source="reactions", many=True)
    favourite = serializers.IntegerField(source="favourite_id", allow_null=True)
    at = serializers.DateTimeField(source="cast_at")


class OwnersVoteOutput(CommentOutput):
    """A vote as the owner of the gallery sees it: who said what, and whether it counts."""

    counted = serializers.BooleanField()
    left_out_because = serializers.ChoiceField(
        source="excluded_because",
        choices=LeftOut.choices,
        allow_blank=True,
        help_text="Empty of those that count.",
    )
    is_hidden = serializers.SerializerMethodField(help_text="Friends do not see its words.")
    is_blocked = serializers.SerializerMethodField(help_text="The owner has blocked this friend.")

    def get_is_hidden(self, vote: Vote) -> bool:
        """Return whether its words are hidden, by the owner or by staff."""
        return bool(vote.hidden_by)

    def get_is_blocked(self, vote: Vote) -> bool:
        """Return whether the owner has blocked her."""
        return vote.voter.blocked_at is not None


class VouchInput(serializers.Serializer):
    """Which votes are known to be friends'."""

    because = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in LeftOut if each in GUESSED],
        help_text="Why they are left out so far.",
    )


class VouchOutput(serializers.Serializer):
    """How many count now."""

    votes = serializers.IntegerField()


class ReportInput(serializers.Serializer):
    """Why words should not stand."""

    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


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
    question = serializers.CharField(source="gallery.asked")
    state = serializers.ChoiceField(source="gallery.state", choices=GalleryState.choices)
    created_at = serializers.DateTimeField(source="gallery.created_at")
    closed_at = serializers.DateTimeField(source="gallery.closed_at", allow_null=True)
    items = GalleryFrameOutput(many=True)
    bought = serializers.ListField(
        child=serializers.IntegerField(), help_text="The items she bought, after she asked."
    )
    standing = StandingOutput()
    left_out = serializers.DictField(
        child=serializers.IntegerField(), help_text="Votes kept but not counted, by reason."
    )
    comments = CommentOutput(many=True)


class ComparedFrameOutput(serializers.Serializer):
    """A frame of one gallery beside the others."""

    item_id = serializers.IntegerField()
    name = serializers.CharField()
    picks = serializers.IntegerField()
    is_leader = serializers.BooleanField(help_text="More picks than any other.")
    is_preferred = serializers.BooleanField(help_text="In pairs, preferred to each other one.")
    is_bought = serializers.BooleanField(help_text="She bought it, after she asked.")


class ComparedOutput(serializers.Serializer):
    """What friends chose in one gallery, and what was bought."""

    gallery = serializers.UUIDField(source="gallery.pk")
    question = serializers.CharField(source="gallery.asked")
    state = serializers.ChoiceField(source="gallery.state", choices=GalleryState.choices)
    created_at = serializers.DateTimeField(source="gallery.created_at")
    votes = serializers.IntegerField(help_text="Counted ones.")
    verdict = serializers.ChoiceField(source="kind", choices=ResultKind.choices)
    frames = ComparedFrameOutput(many=True)
    followed = serializers.BooleanField(
        allow_null=True,
        help_text="Whether the leader was bought; null where there is none, or nothing was bought.",
    )
