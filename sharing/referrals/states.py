"""The states of a referral, the steps between them, and why one is held for review."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralState(models.TextChoices):
    """How far a friend has come."""

    INVITED = "invited", _("Invited")
    CLICKED = "clicked", _("Came to the shop")
    JOINED = "joined", _("Has an account")
    QUALIFIED = "qualified", _("Has ordered")
    REWARDED = "rewarded", _("Rewarded")
    REVERSED = "reversed", _("Reversed")
    HELD = "held", _("Held for review")


MOVES = {
    ReferralState.INVITED: frozenset({ReferralState.CLICKED}),
    ReferralState.CLICKED: frozenset({ReferralState.JOINED}),
    ReferralState.JOINED: frozenset({ReferralState.QUALIFIED, ReferralState.HELD}),
    # Released it goes on from where it was held; refused it earns nobody anything.
    ReferralState.HELD: frozenset({ReferralState.JOINED, ReferralState.REVERSED}),
    ReferralState.QUALIFIED: frozenset({ReferralState.REWARDED, ReferralState.REVERSED}),
    ReferralState.REWARDED: frozenset({ReferralState.REVERSED}),
}


class HoldReason(models.TextChoices):
    """What made the shop look twice. None of them proves anything: people share homes and cards."""

    SAME_CARD = "same_card", _("Both keep the same card")
    SAME_ADDRESS = "same_address", _("Both have parcels sent to the same door")
    SIMILAR_EMAIL = "similar_email", _("Their e-mail addresses are one address, or nearly")
    SAME_BROWSER = "same_browser", _("Both were seen in the same browser")
    RING = "ring", _("The friend had brought the advocate, directly or over others")
    VELOCITY = "velocity", _("The advocate brought very many friends in a day")


class RewardKind(models.TextChoices):
    """What a reward is worth."""

    AMOUNT = "amount", _("An amount")
    PERCENT = "percent", _("A share of the friend's order")
    EXTENSION = "extension", _("More days at home, once")
