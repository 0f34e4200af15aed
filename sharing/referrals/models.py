"""Friends who came to the shop by a gallery's link, by an act of their own."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from sharing.galleries.models import ShareLink
from sharing.referrals.states import ReferralState
from sharing.votes.models import Voter
from shop.foundation.history import Transition


class Referral(models.Model):
    """An advocate and the friend she brought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    advocate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referrals_made"
    )
    link = models.ForeignKey(ShareLink, on_delete=models.PROTECT, related_name="referrals")
    voter = models.OneToOneField(Voter, on_delete=models.PROTECT, related_name="referral")
    friend = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="referred_by"
    )
    state = models.CharField(
        max_length=10, choices=ReferralState.choices, default=ReferralState.CLICKED
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(friend__isnull=True) | ~models.Q(friend=models.F("advocate")),
                name="nobody_refers_herself",
            ),
        ]


class ReferralTransition(Transition):
    """One move of a referral."""

    subject = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="transitions")
