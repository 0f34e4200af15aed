"""The door by which Celery and the outbox find the rooms' tasks and handlers."""

import sharing.galleries.tasks
import sharing.ideas.tasks
import sharing.loved.tasks
import sharing.photos.tasks
import sharing.privacy.tasks
import sharing.referrals.tasks
import sharing.stylist.tasks
import sharing.votes.tasks

__all__ = ["sharing"]
