"""What the API says about links, and what it takes."""

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from sharing.galleries.models import ShareLink
from sharing.galleries.queries import sendable_token
from shop.analytics.names import Channel


class ShareLinkInput(serializers.Serializer):
    """A new link."""

    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.LINK)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, default="", allow_blank=True
    )


class ShareLinkOutput(serializers.Serializer):
    """A link of the customer's own; its address is shown while it opens."""

    id = serializers.UUIDField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.SerializerMethodField(help_text="To be sent; empty once it is withdrawn.")
    token = serializers.SerializerMethodField(help_text="The token in the address.")
    people = serializers.IntegerField(help_text="How many people have opened it.", default=0)
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
