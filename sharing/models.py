"""The door by which Django finds the models; code imports the rooms' own modules."""

from sharing.galleries.models import (
    Gallery,
    GalleryItem,
    GalleryTransition,
    LinkAdmission,
    LinkView,
    ShareLink,
)
from sharing.photos.models import Photo
from sharing.referrals.models import (
    Campaign,
    Referral,
    ReferralBrowser,
    ReferralCode,
    ReferralTerms,
    ReferralTransition,
)
from sharing.votes.models import Reaction, Vote, Voter

__all__ = [
    "Campaign",
    "Gallery",
    "GalleryItem",
    "GalleryTransition",
    "LinkAdmission",
    "LinkView",
    "Photo",
    "Reaction",
    "Referral",
    "ReferralBrowser",
    "ReferralCode",
    "ReferralTerms",
    "ReferralTransition",
    "ShareLink",
    "Vote",
    "Voter",
]
