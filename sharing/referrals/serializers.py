"""What the API says about friends and credit, and what it takes."""

from rest_framework import serializers

from sharing.referrals.services.codes import NAME_LENGTH
from sharing.referrals.states import HoldReason, ReferralState
from shop.foundation.api import MoneySerializerField


class ReferralOutput(serializers.Serializer):
    """A friend's claim that she came by a link or a code."""

    referral_token = serializers.CharField(
        help_text="Send it as X-Referral-Token with her sign-up or log-in, within 30 days."
    )


class CodeInput(serializers.Serializer):
    """A friend's code."""

    code = serializers.CharField(
        max_length=20, help_text="As she typed it: case, spaces and dashes do not matter."
    )


class ClickInput(CodeInput):
    """A friend's code, and the key of an invitation for one person."""

    invitation_key = serializers.CharField(max_length=20, required=False, default="")


class CodeOutput(serializers.Serializer):
    """An advocate's code and what she may send with it."""

    code = serializers.CharField()
    url = serializers.CharField(help_text="The page to send; a look at it claims nothing.")
    share_text = serializers.CharField()
    promise = serializers.CharField(help_text="What is given for friends just now, in words.")
    clicked = serializers.IntegerField(help_text="Friends who came to the shop.")
    joined = serializers.IntegerField(help_text="Of these, who have an account.")
    rewarded = serializers.IntegerField(help_text="Of these, who earned her something.")
    generations = serializers.IntegerField(help_text="Friends, friends' friends, and so on.")
    brought = serializers.IntegerField(help_text="People in all those generations.")


class FriendOutput(serializers.Serializer):
    """A friend as her advocate sees her."""

    who = serializers.CharField(help_text="A name she was given or left, else “A friend”.")
    state = serializers.ChoiceField(choices=ReferralState.choices)
    what = serializers.CharField(help_text="How far she came, in words.")
    at = serializers.DateTimeField()
    reward = MoneySerializerField(help_text="Got, or to come on rewarded_on.")
    days = serializers.IntegerField(help_text="Days at home, got or to come, instead of money.")
    rewarded_on = serializers.DateTimeField(allow_null=True)


class FriendInvitationInput(serializers.Serializer):
    """For whom an invitation is."""

    name = serializers.CharField(max_length=NAME_LENGTH, help_text="Only the advocate sees it.")


class FriendInvitationOutput(serializers.Serializer):
    """An invitation for one person, to be sent by the advocate herself."""

    name = serializers.CharField(source="invited_name")
    url = serializers.CharField()


class ClaimOutput(serializers.Serializer):
    """A code taken."""

    state = serializers.ChoiceField(choices=ReferralState.choices)


class CreditOutput(serializers.Serializer):
    """A customer's credit."""

    balance = MoneySerializerField(
        help_text="Below zero where a reward was taken back after it was used."
    )


class CreditEntryOutput(serializers.Serializer):
    """One movement of her credit."""

    words = serializers.CharField()
    kind = serializers.CharField(source="transaction.kind")
    at = serializers.DateTimeField(source="transaction.at")
    amount = MoneySerializerField(source="hers", help_text="Above zero: she got it.")
    order_number = serializers.CharField(allow_blank=True)


class HeldOutput(serializers.Serializer):
    """A referral that waits for somebody to decide."""

    id = serializers.UUIDField()
    advocate = serializers.EmailField(source="advocate.email")
    friend = serializers.EmailField(source="friend.email")
    joined_at = serializers.DateTimeField()
    reasons = serializers.ListField(
        source="held_for", child=serializers.ChoiceField(choices=HoldReason.choices)
    )
    at_stake = MoneySerializerField(source="terms.at_stake", help_text="Both sides' rewards.")


class ReviewInput(serializers.Serializer):
    """Why it was decided so."""

    note = serializers.CharField(max_length=300)


class ReviewOutput(serializers.Serializer):
    """What became of a held referral."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ReferralState.choices)
