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
from sharing.ideas.models import Idea, IdeaReport, IdeaTransition, IdeaVote
from sharing.loved.models import LovedFrame
from sharing.photos.models import Photo, PhotoUpload, PhotoUploadPart
from sharing.privacy.models import (
    DataExport,
    DataExportTransition,
    Erasure,
    ErasureTransition,
    ObjectionTransition,
    PhotoObjection,
)
from sharing.referrals.models import (
    Campaign,
    Referral,
    ReferralBrowser,
    ReferralCode,
    ReferralTerms,
    ReferralTransition,
)
from sharing.stylist.models import Message, Thread, ThreadTransition
from sharing.testers.models import (
    Answer,
    Feedback,
    Panel,
    PanelFrame,
    PanelTransition,
    Question,
    Tester,
    TesterTransition,
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
    "Answer",
    "Block",
    "Bookmark",
    "Campaign",
    "Circle",
    "CircleInvitation",
    "CircleTransition",
    "CommentReport",
    "CommentReportTransition",
    "DataExport",
    "DataExportTransition",
    "Erasure",
    "ErasureTransition",
    "Feedback",
    "Follow",
    "Gallery",
    "GalleryItem",
    "GalleryTransition",
    "Idea",
    "IdeaReport",
    "IdeaTransition",
    "IdeaVote",
    "LinkAdmission",
    "LinkView",
    "LovedFrame",
    "Membership",
    "MembershipTransition",
    "Message",
    "ObjectionTransition",
    "Panel",
    "PanelFrame",
    "PanelTransition",
    "Photo",
    "PhotoObjection",
    "PhotoUpload",
    "PhotoUploadPart",
    "Question",
    "Reaction",
    "Referral",
    "ReferralBrowser",
    "ReferralCode",
    "ReferralTerms",
    "ReferralTransition",
    "ShareLink",
    "Shelf",
    "TagMerge",
    "Tester",
    "TesterTransition",
    "Thread",
    "ThreadTransition",
    "Vote",
    "VoteTransition",
    "Voter",
]
