"""Ideas, read in a fixed number of queries."""

import uuid

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sharing.ideas.errors import IdeaMissingError
from sharing.ideas.models import Idea, IdeaVote
from sharing.ideas.states import IdeaState
from shop.customers.models import User

ORDERS = {
    "votes": ("-votes_count", "-created_at", "-pk"),
    "new": ("-created_at", "-pk"),
    "built": ("-answered_at", "-pk"),
}


def ideas_for(user: User, *, order: str = "votes") -> QuerySet[Idea]:
    """Return the ideas everybody may read, each with whether ``user`` has voted for it.

    Args:
        user: who reads.
        order: ``votes``, ``new``, or ``built``, which lists what was built, the latest first.
    """
    found = _for(user).filter(hidden_at=None).exclude(state=IdeaState.MERGED)
    if order == "built":
        found = found.filter(state=IdeaState.BUILT)
    return found.order_by(*ORDERS.get(order, ORDERS["votes"]))


def idea_for(user: User, idea_id: uuid.UUID) -> Idea:
    """Return one idea as ``user`` sees it; a merged one stays readable and names the other.

    Raises:
        IdeaMissingError: there is none, or it is hidden.
    """
    found = _for(user).filter(pk=idea_id, hidden_at=None).select_related("merged_into").first()
    if found is None:
        raise IdeaMissingError(_("There is no such idea."))
    return found


def staff_ideas(*, state: str = "") -> QuerySet[Idea]:
    """Return ideas for the maker, with how many open reports each has.

    Args:
        state: one of ``IdeaState``, ``reported`` or ``hidden``; all of them if it is none.
    """
    reports = Count("reports", filter=Q(reports__settled_at=None))
    found = Idea.objects.select_related("author", "merged_into").annotate(open_reports=reports)
    if state == "reported":
        found = found.filter(open_reports__gt=0)
    elif state == "hidden":
        found = found.exclude(hidden_at=None)
    elif state in IdeaState.values:
        found = found.filter(state=state)
    return found.order_by(*ORDERS["votes"])


def staff_idea(idea_id: uuid.UUID) -> Idea:
    """Return any idea, for people who work here.

    Raises:
        IdeaMissingError: there is none.
    """
    found = staff_ideas().filter(pk=idea_id).first()
    if found is None:
        raise IdeaMissingError(_("There is no such idea."))
    return found


def _for(user: User) -> QuerySet[Idea]:
    mine = IdeaVote.objects.filter(idea=OuterRef("pk"), user=user)
    return Idea.objects.annotate(voted=Exists(mine))


def mergeable(idea: Idea) -> QuerySet[Idea]:
    """Return the ideas another can be merged into, the most wanted first; a hundred at most."""
    others = Idea.objects.filter(hidden_at=None).exclude(pk=idea.pk)
    return others.exclude(state=IdeaState.MERGED).order_by(*ORDERS["votes"])[:100]
