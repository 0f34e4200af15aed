"""What the API says about galleries' settings and links, and what it takes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.opening import kept_until
from sharing.galleries.queries import sendable_token
from sharing.galleries.services.galleries import FEWEST_FRAMES, MOST_FRAMES, QUESTION_LENGTH
from sharing.galleries.services.links import LIFE_DAYS, LINK_LIFE
from sharing.galleries.states import ClosedBecause, GalleryKind, GalleryState, NamesShown
from shop.analytics.names import Channel

MOST_ADMITTED = 10


class FramesGalleryInput(serializers.Serializer):
    """Which frames are shown before a trial, and what friends are asked."""

    variant_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        min_length=FEWEST_FRAMES,
        max_length=MOST_FRAMES,
        help_text="In the order they are shown.",
    )
    question = serializers.CharField(
        max_length=QUESTION_LENGTH, required=False, default="", allow_blank=True
    )


class GallerySettingsInput(serializers.Serializer):
    """What an owner may change while friends vote."""

    question = serializers.CharField(
        max_length=QUESTION_LENGTH, allow_blank=True, help_text="The usual one if empty."
    )
    closes_at = serializers.DateTimeField(
        allow_null=True, help_text="When the voting ends by itself; null: by hand."
    )
    is_blind = serializers.BooleanField(help_text="Nobody sees how it stands before her own vote.")
    names_shown = serializers.ChoiceField(choices=NamesShown.choices)
    shows_bought = serializers.BooleanField(
        help_text="Friends see, and those who asked are mailed, which frame was bought."
    )


class GallerySettingsOutput(serializers.Serializer):
    """A gallery of the customer's own, and what it is set to."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=GalleryKind.choices)
    trial = serializers.CharField(
        source="trial.number", allow_null=True, help_text="Its number; null of chosen frames."
    )
    state = serializers.ChoiceField(choices=GalleryState.choices)
    takes_votes = serializers.BooleanField(help_text="Open, and its deadline not past.")
    question = serializers.CharField()
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_because = serializers.ChoiceField(choices=ClosedBecause.choices, allow_blank=True)
    kept_until = serializers.SerializerMethodField(
        help_text="When it opens to nobody any more and its photos are erased; null while open."
    )
    is_blind = serializers.BooleanField()
    names_shown = serializers.ChoiceField(choices=NamesShown.choices)
    shows_bought = serializers.BooleanField()
    url = serializers.SerializerMethodField(help_text="Path of the owner's page.")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_kept_until(self, gallery: Gallery) -> Any:
        """Return when its photos are erased."""
        return kept_until(gallery)

    def get_url(self, gallery: Gallery) -> str:
        """Return where its owner sees it."""
        return reverse("sharing:gallery", args=[gallery.pk])


class EnterOutput(serializers.Serializer):
    """A friend's device that a link has let in."""

    voter_token = serializers.CharField(
        help_text="Send it as X-Voter-Token from now on; keep it on the friend's device."
    )


class LinkMailInput(serializers.Serializer):
    """To whom the shop sends a link, once."""

    address = serializers.EmailField(max_length=254, help_text="Not kept.")
    knows_me = serializers.BooleanField(
        help_text="The customer says that they know each other and the mail is welcome."
    )

    def validate_knows_me(self, value: bool) -> bool:
        """Return it, if it is true.

        Raises:
            ValidationError: it is not.
        """
        if not value:
            raise serializers.ValidationError(_("We write only to people you know."))
        return value


class ShareLinkInput(serializers.Serializer):
    """A new link."""

    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.LINK)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, default="", allow_blank=True
    )
    days = serializers.ChoiceField(
        choices=LIFE_DAYS, default=LINK_LIFE.days, help_text="How long it opens."
    )
    admits = serializers.IntegerField(
        min_value=1,
        max_value=MOST_ADMITTED,
        allow_null=True,
        default=None,
        help_text="How many people it lets in, the first who vote or enter; null: anybody.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent, as ``create_link`` takes it."""
        life = timedelta(days=attrs["days"])
        return {name: value for name, value in attrs.items() if name != "days"} | {"life": life}


class LinkLabelInput(serializers.Serializer):
    """A link's note."""

    label = serializers.CharField(max_length=60, allow_blank=True)  # type: ignore[assignment]


class ShareLinkOutput(serializers.Serializer):
    """A link of the customer's own; its address is shown while it opens."""

    id = serializers.UUIDField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.SerializerMethodField(help_text="To be sent; empty once it is withdrawn.")
    token = serializers.SerializerMethodField(help_text="The token in the address.")
    people = serializers.IntegerField(help_text="How many people have opened it.", default=0)
    voted = serializers.IntegerField(help_text="How many have voted by it.", default=0)
    admits = serializers.IntegerField(
        allow_null=True, help_text="How many people it lets in; null: anybody."
    )
    let_in = serializers.IntegerField(help_text="How many of them have come.", default=0)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, link: ShareLink) -> str:
        """Return the address to be sent."""
        token = self.get_token(link)
        return (
            settings.PUBLIC_URL + reverse("sharing:friend_gallery", args=[token]) if token else ""
        )

    def get_token(self, link: ShareLink) -> str:
        """Return the token, while it opens."""
        return sendable_token(link)
