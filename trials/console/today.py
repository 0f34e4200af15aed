"""What waits today, as the first page of the console and programs of staff are told it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trials.console.queries.looked_after import looked_after, parcels_astray
from trials.console.queries.queues import late_to_ship, moves_today, queues
from trials.console.queries.returns import money_queues, returns_queues
from trials.home_trials.states import TrialState

ICONS = {
    "requested": "check",
    "unpaid": "card",
    "approved": "box",
    "packed": "truck",
    "shipped": "truck",
    "delivered": "home",
    "late": "clock",
    "overdue": "clock",
    "arrived": "return",
    "put_back": "tag",
    "returning": "truck",
    "received": "glasses",
    "owed": "card",
    "damage": "glasses",
    "broken": "alert",
    "left": "box",
    "claims": "truck",
    "missed": "alert",
    "to_decide": "card",
    "to_send": "cart",
    "looks": "users",
    "parcels": "truck",
    "unheld": "card",
    "disputes": "alert",
}
# What is counted; boxes to settle are not: nobody at a table can do anything about them.
LABELS = {
    "requested": gettext_lazy("To approve"),
    "unpaid": gettext_lazy("To be paid"),
    "approved": gettext_lazy("To pack"),
    "packed": gettext_lazy("To ship"),
    "late": gettext_lazy("To ship, late"),
    "shipped": gettext_lazy("On the way"),
    "delivered": gettext_lazy("At home"),
    "overdue": gettext_lazy("Overdue"),
    "arrived": gettext_lazy("To check in"),
    "put_back": gettext_lazy("To put back"),
    "returning": gettext_lazy("Coming back"),
    "received": gettext_lazy("Frames missing"),
    "owed": gettext_lazy("Owed"),
    "damage": gettext_lazy("Damage to decide"),
    "broken": gettext_lazy("Arrived broken"),
    "left": gettext_lazy("Left in boxes"),
    "claims": gettext_lazy("Lost parcels"),
    "missed": gettext_lazy("Never came"),
    "to_decide": gettext_lazy("Refunds to decide"),
    "to_send": gettext_lazy("Orders to send"),
    "looks": gettext_lazy("Second looks asked for"),
    "parcels": gettext_lazy("Parcels to look after"),
    "unheld": gettext_lazy("Cards refused"),
    "disputes": gettext_lazy("Disputes"),
}
TONES = {
    "late": "danger",
    "overdue": "warn",
    "owed": "danger",
    "received": "warn",
    "unheld": "warn",
}
# What waits for somebody at a table; the rest waits for carriers and customers.
MINE = frozenset(
    {
        "requested",
        "late",
        "approved",
        "packed",
        "arrived",
        "put_back",
        "damage",
        "broken",
        "left",
        "claims",
        "missed",
        "to_decide",
        "to_send",
        "looks",
        "parcels",
        "disputes",
    }
)
# What was done is counted by the states that trials came into.
DONE = {
    TrialState.REQUESTED: gettext_lazy("Requested today"),
    TrialState.PACKED: gettext_lazy("Packed today"),
    TrialState.SHIPPED: gettext_lazy("Shipped today"),
    TrialState.DELIVERED: gettext_lazy("Delivered today"),
    TrialState.CLOSED: gettext_lazy("Closed today"),
}


@dataclass(frozen=True)
class QueueCard:
    """One queue.

    Attributes:
        name: of ``LABELS``.
        label: how it is called.
        count: how much waits.
        oldest: since when the first of it has waited, or for what is at home until when; nothing
            where nothing waits.
        url: the page where it is worked off.
    """

    name: str
    label: Promise | str
    count: int
    oldest: datetime | None
    url: str

    @property
    def icon(self) -> str:
        """What stands beside it: a name of the sprite."""
        return ICONS[self.name]

    @property
    def tone(self) -> str:
        """How much it presses; empty where it does not."""
        return TONES.get(self.name, "")

    @property
    def is_mine(self) -> bool:
        """Whether it waits for somebody at a table."""
        return self.name in MINE

    @property
    def note(self) -> str:
        """How long the first of it has waited, in words; empty where nothing waits."""
        now = timezone.now()
        if self.oldest is None or self.oldest >= now:
            return ""
        return _("the first for %(time)s") % {"time": timesince(self.oldest, now, depth=1)}


def waiting_today(now: datetime) -> list[QueueCard]:
    """Return every queue of staff: fifteen queries, each of rows that an index holds.

    Args:
        now: an aware time; what is late or silent is judged by it.
    """
    waiting = queues(now) | returns_queues() | money_queues() | late_to_ship(now)
    waiting |= looked_after() | {"parcels": parcels_astray(now)}
    pages = _pages()
    return [
        QueueCard(name, LABELS[name], queue.count, queue.oldest, pages[name])
        for name, queue in waiting.items()
        if name in LABELS
    ]


def done_today(now: datetime) -> list[tuple[TrialState, Promise | str, int]]:
    """Return how many trials came into each state of ``DONE`` since midnight, with its words.

    Args:
        now: an aware time.
    """
    done = moves_today(now)
    return [(state, label, done.get(state, 0)) for state, label in DONE.items()]


def _pages() -> dict[str, str]:
    trials = reverse("console:trial_list")
    return {name: f"{trials}?state={name}" for name in LABELS} | {
        "approved": reverse("console:pack"),
        "arrived": reverse("console:check_in"),
        "put_back": reverse("console:put_back"),
        "late": f"{reverse('console:to_ship')}?due=late",
        "overdue": f"{reverse('console:overdue')}?kind=overdue",
        "owed": f"{reverse('console:overdue')}?kind=unpaid&sort=amount",
        "damage": reverse("console:proposal_list"),
        "broken": reverse("console:broken_list"),
        "left": reverse("console:left_list"),
        "claims": reverse("console:claim_list"),
        "missed": reverse("console:missed_list"),
        "to_decide": f"{reverse('console:overdue')}?kind=to_decide",
        "to_send": f"{reverse('orders:console_list')}?state=paid",
        "looks": reverse("console:risk_queue"),
        "parcels": reverse("console:parcel_list"),
        "disputes": reverse("payments:dispute_list"),
    }
