"""The door by which Django finds the models; code imports the rooms' own modules."""

from sharing.bookmarks.models import Bookmark, Follow, Shelf, TagMerge
from sharing.circles.models import (
    Block,
    Circle,
    CircleInvitation,
    CircleTransition,
    Membership,
    MembershipTransition,
)
from sharing.galleries.models import (
    Gallery,
    GalleryItem,
    GalleryTransition,
    LinkAdmission,
    LinkView,
    ShareLink,
)
from sharing.photos.models import Photo, PhotoUpload, PhotoUploadPart
from sharing.referrals.models import (
    Campaign,
    Referral,
    ReferralBrowser,
    ReferralCode,
    ReferralTerms,
    ReferralTransition,
)
from sharing.votes.models import (
    CommentReport,
    CommentReportTransition,
    Reaction,
    Vote,
    Voter,
    VoteTransition,
)

__all__ = [
    "Block",
    "Bookmark",
    "Campaign",
    "Circle",
    "CircleInvitation",
    "CircleTransition",
    "CommentReport",
    "CommentReportTransition",
    "Follow",
    "Gallery",
    "GalleryItem",
    "GalleryTransition",
    "LinkAdmission",
    "LinkView",
    "Membership",
    "MembershipTransition",
    "Photo",
    "PhotoUpload",
    "PhotoUploadPart",
    "Reaction",
    "Referral",
    "ReferralBrowser",
    "ReferralCode",
    "ReferralTerms",
    "ReferralTransition",
    "ShareLink",
    "Shelf",
    "TagMerge",
    "Vote",
    "VoteTransition",
    "Voter",
]
