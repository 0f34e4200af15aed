"""The states of a referral and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralState(models.TextChoices):
    """How far a friend has come."""

    CLICKED = "clicked", _("Came to the shop")
    JOINED = "joined", _("Has an account")
    QUALIFIED = "qualified", _("Has ordered")
    REWARDED = "rewarded", _("Rewarded")
    REVERSED = "reversed", _("Reversed")
    HELD = "held", _("Held for review")


MOVES = {
    ReferralState.CLICKED: frozenset({ReferralState.JOINED}),
    ReferralState.JOINED: frozenset({ReferralState.QUALIFIED, ReferralState.HELD}),
    ReferralState.HELD: frozenset({ReferralState.QUALIFIED, ReferralState.REVERSED}),
    ReferralState.QUALIFIED: frozenset({ReferralState.REWARDED, ReferralState.REVERSED}),
    ReferralState.REWARDED: frozenset({ReferralState.REVERSED}),
}
