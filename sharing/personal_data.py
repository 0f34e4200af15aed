"""The door by which the registry of personal data finds the rooms' statements, bottom first."""

import sharing.photos.personal_data  # isort: skip
import sharing.galleries.personal_data  # isort: skip
import sharing.votes.personal_data  # isort: skip
import sharing.referrals.personal_data  # isort: skip
import sharing.stylist.personal_data  # isort: skip
import sharing.circles.personal_data  # isort: skip
import sharing.bookmarks.personal_data  # isort: skip
import sharing.loved.personal_data  # isort: skip
import sharing.ideas.personal_data  # isort: skip
import sharing.testers.personal_data  # isort: skip
import sharing.privacy.personal_data  # isort: skip

__all__ = ["sharing"]
