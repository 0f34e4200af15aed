"""What waits for somebody of the shop because customers and their friends said something."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Min, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.ideas.models import Idea
from sharing.ideas.states import IdeaState
from sharing.privacy.queries import open_objections
from sharing.referrals.queries import held_referrals
from sharing.stylist.queries import threads_in
from sharing.stylist.states import ThreadState
from sharing.votes.models import CommentReport
from sharing.votes.states import ReportState
from shop.customers.models import User
from shop.foundation.postgres import prepared_cursor

WORDS = {
    "stylist": gettext_lazy("To answer"),
    "objections": gettext_lazy("Objections to photos"),
    "reports": gettext_lazy("Reported comments"),
    "referrals": gettext_lazy("Referrals held"),
    "ideas": gettext_lazy("Ideas to answer"),
}
PAGES = {
    "stylist": ("sharing:stylist_queue", "comment"),
    "objections": ("sharing:objection_list", "image"),
    "reports": ("sharing:report_list", "comment"),
    "referrals": ("sharing:console_held", "users"),
    "ideas": ("sharing:console_ideas", "heart"),
}
SEES_REPORTS = "sharing.view_commentreport"


@dataclass(frozen=True)
class Waits:
    """One queue.

    Attributes:
        name: of ``WORDS``.
        label: how it is called.
        url: where it is worked off; ``icon`` stands beside it.
        count: how much waits.
        oldest: since when the first of it has waited; nothing where nothing waits.
    """

    name: str
    label: Promise | str
    url: str
    icon: str
    count: int
    oldest: datetime | None

    @property
    def note(self) -> str:
        """How long the first of it has waited, in words; empty where nothing waits."""
        if self.oldest is None:
            return ""
        return _("the first for %(time)s") % {"time": timesince(self.oldest, depth=1)}


def waiting_for(user: User | AnonymousUser) -> list[Waits]:
    """Return the queues that somebody who works here may see: one query.

    Args:
        user: reads the console; what was reported not everybody there may see.
    """
    counted = _counted()
    return [
        Waits(name, label, reverse(PAGES[name][0]), PAGES[name][1], *counted.get(name, (0, None)))
        for name, label in WORDS.items()
        if name != "reports" or user.has_perm(SEES_REPORTS)
    ]


def _counted() -> dict[str, tuple[int, datetime | None]]:
    with prepared_cursor() as cursor:
        cursor.execute(*_statement())
        return {queue: (count, oldest) for queue, count, oldest in cursor.fetchall()}


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Write what every page of the console asks once a process: each time took a page's tenth."""
    unanswered = Idea.objects.filter(state=IdeaState.PROPOSED, answered_at=None, hidden_at=None)
    stylist, *others = (
        _one("stylist", threads_in(ThreadState.WAITING), "waiting_since"),
        _one("objections", open_objections(), "created_at"),
        _one("reports", CommentReport.objects.filter(state=ReportState.OPEN), "reported_at"),
        _one("referrals", held_referrals(), "joined_at"),
        _one("ideas", unanswered, "created_at"),
    )
    sql, values = stylist.union(*others, all=True).query.sql_with_params()
    return sql, tuple(values)


def _one(name: str, rows: "QuerySet[Any]", since: str) -> "QuerySet[Any, dict[str, Any]]":
    waiting = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    return (
        waiting.order_by()
        .values(queue=Value(name))
        .annotate(count=Count("pk"), oldest=Min(F(since)))
        .values("queue", "count", "oldest")
    )
