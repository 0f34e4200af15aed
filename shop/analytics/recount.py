"""The scorecard counted a second time, event by event in plain Python: slow and independent."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from shop.analytics.models import Event
from shop.analytics.scorecard import CONVERSION_DAYS, Scorecard

VOTES = ("vote_cast", "vote_excluded", "vote_restored")


def recount(*, since: datetime, until: datetime, now: datetime | None = None) -> dict[str, object]:
    """Return the figures of a period, by walking over every event once.

    Args:
        since: from this moment on.
        until: up to this moment.
        now: when a cohort is judged open or ripe; the present by default.

    Returns:
        What ``comparable`` returns of a scorecard of the same period.
    """
    judged_at, window = now or timezone.now(), timedelta(days=CONVERSION_DAYS)
    delivered: dict[str, datetime] = {}
    customers: dict[str, str] = {}
    happened: dict[str, set[str]] = defaultdict(set)
    paid: dict[str, list[datetime]] = defaultdict(list)
    by_link: Counter[tuple[str, str]] = Counter()
    revenue: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for event in Event.objects.order_by("occurred_at").iterator():
        if event.name == "trial_delivered":
            delivered.setdefault(event.subject_id, event.occurred_at)
        elif event.name == "trial_requested":
            customers.setdefault(event.subject_id, event.person_id)
        elif event.name == "order_paid":
            paid[event.person_id].append(event.occurred_at)
            if event.link and event.amount and since <= event.occurred_at < until:
                key = (event.channel, str(event.amount.currency))
                by_link[key] += 1
                revenue[key] += event.amount.amount
        happened[event.details.get("trial", "")].add(event.name)
    voted = _voted_on()
    stages: Counter[str] = Counter()
    ripe: Counter[str] = Counter()
    for trial, at in delivered.items():
        if not since <= at < until:
            continue
        ordered = any(at <= moment < at + window for moment in paid[customers.get(trial, "")])
        reached = _reached(happened[trial] - {"vote_cast"} | voted[trial], ordered)
        stages.update(reached)
        if at + window <= judged_at:
            who = "sharers" if "shared" in reached else "others"
            ripe[who] += 1
            ripe[f"{who}_ordered"] += ordered
    return {
        "stages": {name: count for name, count in stages.items() if count},
        "sharers": (ripe["sharers_ordered"], ripe["sharers"]),
        "others": (ripe["others_ordered"], ripe["others"]),
        "link_orders": {key: (by_link[key], revenue[key]) for key in by_link},
    }


def _voted_on() -> dict[str, set[str]]:
    """Return by trial that a vote on it counts, after the last word said of each vote."""
    counts: dict[tuple[str, str], bool] = {}
    for event in Event.objects.filter(name__in=VOTES).order_by("occurred_at").iterator():
        vote = event.details.get("trial", ""), event.details.get("vote", str(event.pk))
        if event.name == "vote_cast":
            counts[vote] = event.details.get("counted", True)
        else:
            counts[vote] = event.name == "vote_restored"
    voted: dict[str, set[str]] = defaultdict(set)
    for (trial, _vote), counted in counts.items():
        voted[trial] |= {"vote_cast"} if counted else set()
    return voted


def _reached(names: set[str], ordered: bool) -> list[str]:
    """Return the stages a trial reached, up to the first it did not."""
    reached = ["delivered"]
    for stage, evidence in (
        ("gallery", {"gallery_created"}),
        ("shared", {"link_shared", "link_viewed"}),
        ("seen", {"link_viewed"}),
        ("voted", {"vote_cast"}),
    ):
        if not evidence & names:
            return reached
        reached.append(stage)
    return [*reached, "ordered"] if ordered else reached


def comparable(card: Scorecard) -> dict[str, object]:
    """Return of a scorecard what ``recount`` returns."""
    return {
        "stages": {name: count for name, count in card.stages.items() if count},
        "sharers": (card.sharers.part, card.sharers.whole),
        "others": (card.others.part, card.others.whole),
        "link_orders": {
            (each.channel, each.currency): (each.orders, each.revenue) for each in card.link_orders
        },
    }
