"""The door by which ``manage.py audit`` finds the rooms' invariants."""

import sharing.bookmarks.invariants
import sharing.circles.invariants
import sharing.galleries.invariants
import sharing.ideas.invariants
import sharing.referrals.invariants
import sharing.stylist.invariants
import sharing.testers.invariants
import sharing.votes.invariants

__all__ = ["sharing"]
