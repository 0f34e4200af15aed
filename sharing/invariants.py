"""The door by which ``manage.py audit`` finds the rooms' invariants."""

import sharing.bookmarks.invariants
import sharing.circles.invariants
import sharing.galleries.invariants
import sharing.referrals.invariants
import sharing.votes.invariants

__all__ = ["sharing"]
