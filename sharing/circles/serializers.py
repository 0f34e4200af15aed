"""What the API says about circles, and what it takes."""

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from sharing.circles.models import Circle, CircleInvitation, Membership
from sharing.circles.queries import sendable_invitation, shown_name
from sharing.circles.services.inviting import MOST_USES
from sharing.circles.services.keeping import LONGEST_NAME
from sharing.circles.states import CircleKind, CircleState, Role


class CircleInput(serializers.Serializer):
    """A new circle."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(
        choices=CircleKind.choices,
        default=CircleKind.CUSTOMERS,
        help_text="`staff` is a circle of colleagues, made by staff only.",
    )


class CircleNameInput(serializers.Serializer):
    """A circle's new name."""

    name = serializers.CharField(max_length=LONGEST_NAME)


class CircleOutput(serializers.Serializer):
    """A circle the caller is in."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=CircleKind.choices)
    state = serializers.ChoiceField(choices=CircleState.choices)
    people = serializers.IntegerField(help_text="How many people are in it, the caller too.")
    created_at = serializers.DateTimeField()


class MemberOutput(serializers.Serializer):
    """Somebody who is in a circle."""

    id = serializers.UUIDField(help_text="Of her membership.")
    name = serializers.SerializerMethodField(help_text="First name and initial.")
    role = serializers.ChoiceField(
        choices=[each for each in Role.choices if each[0] != Role.LEFT], source="state"
    )
    joined_at = serializers.DateTimeField()

    def get_name(self, membership: Membership) -> str:
        """Return what others read of her."""
        return shown_name(membership.user)


class RoleInput(serializers.Serializer):
    """What somebody is to be; ``owner`` hands the circle over."""

    role = serializers.ChoiceField(choices=[each for each in Role.choices if each[0] != Role.LEFT])


class ShowTrialsInput(serializers.Serializer):
    """Whether the caller's trials may be found in the circle."""

    shown = serializers.BooleanField()


class ShowTrialsOutput(serializers.Serializer):
    """Whether the caller's trials can be found in the circle."""

    shown = serializers.BooleanField()


class CircleInvitationInput(serializers.Serializer):
    """A way into a circle."""

    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, default="", allow_blank=True
    )
    most_uses = serializers.IntegerField(min_value=1, max_value=MOST_USES, default=1)
    mail_to = serializers.EmailField(
        required=False,
        default="",
        allow_blank=True,
        max_length=254,
        help_text="Mails it, for one person; the address itself is not kept.",
    )


class CircleInvitationOutput(serializers.Serializer):
    """An invitation that still lets somebody in."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.SerializerMethodField(help_text="To be sent.")
    most_uses = serializers.IntegerField()
    uses = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_url(self, invitation: CircleInvitation) -> str:
        """Return the address to be sent."""
        token = sendable_invitation(invitation)
        return settings.PUBLIC_URL + reverse("sharing:circle_join", args=[token]) if token else ""


class JoinInput(serializers.Serializer):
    """The token of an invitation."""

    token = serializers.CharField(max_length=64)


def circle_output(circle: Circle) -> dict[str, object]:
    """Return what is said about one circle."""
    if not hasattr(circle, "people"):
        circle.people = circle.memberships.present().count()  # type: ignore[attr-defined]
    return dict(CircleOutput(circle).data)
