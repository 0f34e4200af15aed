"""What the API says about bookmarks, and what it takes."""

from rest_framework import serializers

from sharing.bookmarks.models import SUBJECTS, Audience, Bookmark
from sharing.bookmarks.queries.answering import BRIDGES
from sharing.bookmarks.services.saving import LONGEST_NOTE
from sharing.bookmarks.services.using import MOST
from sharing.bookmarks.tags import MOST as MOST_TAGS
from sharing.circles.queries import shown_name
from shop.catalogue.models import Shape, Width
from shop.catalogue.shopify.colours import FAMILIES


class TagListField(serializers.ListField):
    """Tags as they were typed; they are kept in lower case."""

    child = serializers.CharField(max_length=60)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=MOST_TAGS, **kwargs)  # type: ignore[arg-type]


class BookmarkInput(serializers.Serializer):
    """A frame to be saved."""

    variant_id = serializers.IntegerField(required=False, help_text="The colour meant.")
    frame_id = serializers.IntegerField(required=False, help_text="Where no colour is meant.")
    tags = TagListField(default=list)
    note = serializers.CharField(max_length=LONGEST_NOTE, default="", allow_blank=True)
    audience = serializers.ChoiceField(
        choices=Audience.choices,
        required=False,
        help_text="By default the caller's first circle, or only she where she is in none.",
    )
    circle_id = serializers.UUIDField(required=False, help_text="Where the audience is a circle.")
    found_in = serializers.UUIDField(
        required=False, help_text="The bookmark by which the caller came upon the frame."
    )


class BookmarkChangeInput(serializers.Serializer):
    """What is to be changed; what is left out stays."""

    tags = TagListField(required=False)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    circle_id = serializers.UUIDField(required=False)


class NoteInput(serializers.Serializer):
    """A colleague's note on something."""

    circle_id = serializers.UUIDField(help_text="A circle of colleagues.")
    subject = serializers.ChoiceField(choices=[(each, each) for each in SUBJECTS])
    subject_id = serializers.CharField(max_length=40, help_text="The id of the thing.")
    tags = TagListField(default=list)
    note = serializers.CharField(max_length=LONGEST_NOTE, default="", allow_blank=True)


class BookmarkOutput(serializers.Serializer):
    """A saved frame; among colleagues a note on something."""

    id = serializers.UUIDField()
    subject = serializers.ChoiceField(
        choices=[(each, each) for each in SUBJECTS], source="kind", help_text="What it is about."
    )
    frame = serializers.SerializerMethodField(help_text="The handle of the frame; else empty.")
    variant_id = serializers.IntegerField(allow_null=True)
    subject_id = serializers.SerializerMethodField(help_text="The id of what else it is about.")
    by = serializers.SerializerMethodField(help_text="Who saved it: first name and initial.")
    person_id = serializers.SerializerMethodField(help_text="Under which she is found.")
    mine = serializers.SerializerMethodField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    circle_id = serializers.UUIDField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    saved_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    def get_frame(self, row: Bookmark) -> str:
        """Return the frame's handle."""
        return row.frame.handle if row.frame else ""

    def get_subject_id(self, row: Bookmark) -> str:
        """Return the id of a trial, gallery or customer."""
        return "" if row.kind == "frame" else str(getattr(row, f"{row.kind}_id"))

    def get_by(self, row: Bookmark) -> str:
        """Return what others read of who saved it."""
        return shown_name(row.owner)

    def get_person_id(self, row: Bookmark) -> str:
        """Return the id of her shelf."""
        shelf = getattr(row.owner, "shelf", None)
        return str(shelf.pk) if shelf else ""

    def get_mine(self, row: Bookmark) -> bool:
        """Tell whether it is the caller's own."""
        return bool(row.owner_id == self.context["user"].pk)


class TagsOutput(serializers.Serializer):
    """Tags to choose from, the fittest first."""

    tags = serializers.ListField(child=serializers.CharField())


class MergeInput(serializers.Serializer):
    """Two tags, of which one goes."""

    from_tag = serializers.CharField(max_length=60)
    to_tag = serializers.CharField(max_length=60)
    circle_id = serializers.UUIDField(
        required=False, help_text="Within which circle; left out, everywhere: staff only."
    )


class MergeOutput(serializers.Serializer):
    """What became of it."""

    from_tag = serializers.CharField()
    to_tag = serializers.CharField()
    bookmarks = serializers.IntegerField(help_text="How many were changed.")


class ChoiceInput(serializers.Serializer):
    """Saved frames that were chosen."""

    bookmark_ids = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST
    )


class GalleryChoiceInput(ChoiceInput):
    """Saved frames that friends are to be asked about."""

    question = serializers.CharField(max_length=140, required=False, default="", allow_blank=True)


class GalleryChoiceOutput(serializers.Serializer):
    """The gallery that was made of them."""

    gallery_id = serializers.UUIDField()


class FollowInput(serializers.Serializer):
    """A tag or a person."""

    tag = serializers.CharField(max_length=60, required=False)
    person_id = serializers.UUIDField(required=False)


class FollowOutput(serializers.Serializer):
    """What the caller follows."""

    id = serializers.UUIDField()
    tag = serializers.CharField(allow_blank=True)
    person = serializers.SerializerMethodField(help_text="First name and initial; else empty.")
    since = serializers.DateTimeField()

    def get_person(self, row: object) -> str:
        """Return what others read of her."""
        person = getattr(row, "person", None)
        return shown_name(person) if person else ""


class FeedTokenOutput(serializers.Serializer):
    """The secret of the caller's private feeds; it is shown this once."""

    token = serializers.CharField(
        help_text="In addresses such as /feeds/mine/{token}/circles/{id}.atom."
    )


class AskInput(serializers.Serializer):
    """What the frames must be like."""

    bridge = serializers.ChoiceField(choices=[(each, each) for each in BRIDGES], required=False)
    shape = serializers.ChoiceField(choices=Shape.choices, required=False)
    width = serializers.ChoiceField(choices=Width.choices, required=False)
    colour = serializers.ChoiceField(choices=[(each, each) for each in FAMILIES], required=False)


class TriedOutput(serializers.Serializer):
    """A frame somebody knows."""

    name = serializers.CharField()
    frame = serializers.CharField(source="handle")
    how = serializers.ChoiceField(choices=[(each, each) for each in ("kept", "tried", "saved")])
    note = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())


class AnswerOutput(serializers.Serializer):
    """Somebody of the circle, and the frames asked for that she knows."""

    name = serializers.SerializerMethodField()
    frames = TriedOutput(many=True)

    def get_name(self, row: object) -> str:
        """Return what others read of her."""
        return shown_name(row.person)  # type: ignore[attr-defined]


class AnswersOutput(serializers.Serializer):
    """All of the circle who know such frames; a circle has up to fifty people."""

    answers = AnswerOutput(many=True)
