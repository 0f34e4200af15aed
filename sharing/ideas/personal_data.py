"""Ideas: what somebody proposed, voted for and reported."""

from typing import Any

from sharing.ideas.models import Idea, IdeaReport, IdeaVote
from sharing.ideas.services import erase_from_ideas
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_ideas(user: Any) -> dict[str, Any]:
    """Return what she proposed, voted for and reported, oldest first."""
    ideas = Idea.objects.filter(author=user).order_by("created_at", "pk")
    votes = IdeaVote.objects.filter(user=user).order_by("at", "pk")
    reports = IdeaReport.objects.filter(user=user).order_by("at", "pk")
    return {
        "proposed": list(ideas.values("title", "text", "state", "created_at")),
        "voted_for": list(votes.values("idea__title", "at")),
        "reported": list(reports.values("idea__title", "reason", "at")),
    }


def erase_ideas(user: Any) -> int:
    """Make her ideas nobody's, blank those nobody else asked for, and delete votes and reports."""
    return erase_from_ideas(user=user)


register_personal_data(
    "sharing.ideas",
    holds={
        "sharing.Idea": ["author", "title", "text"],
        "sharing.IdeaVote": ["user"],
        "sharing.IdeaReport": ["user", "reason"],
    },
    export=export_ideas,
    erase={Scope.ACCOUNT: erase_ideas},
)
not_personal("sharing.Idea", "answer", why="The maker's words, read by everybody.")
keep_personal_data(
    "sharing.Idea",
    "answered_by",
    why="Who answered at work; by number, of an account without a name.",
)
