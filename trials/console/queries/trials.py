"""Trials as lists and as one page show them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shop.foundation.keyset import KeysetPage, keyset_page
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.console.errors import NothingFoundError
from trials.console.queries.finding import trials_meant
from trials.console.queries.whole_trial import whole_trial
from trials.fulfilment.queries.batches import tote_by_code
from trials.home_trials.lost_units import taken_for_lost
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.holding import unheld_trials
from trials.home_trials.states import ItemOutcome, TrialState
from trials.returns.queries.charges import (
    AFTER_REMINDER,
    arrived_parcels,
    charged_after,
    has_arrived,
    is_coming_back,
    uncharged_items,
)
from trials.shipping.models import Leg, Shipment
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit
from trials.units.states import UnitState


def _in_state(state: TrialState) -> Callable[[datetime | Slot], Q]:
    return lambda _now: Q(state=state)


# What staff call a queue: a state, except that a late box is no longer "at home", and that a box
# which is back whole lacks nothing, however long its damage or its charges are still to be settled.
FILTERS: dict[str, Callable[[datetime | Slot], Q]] = {
    "requested": lambda _now: Q(state=TrialState.REQUESTED, pay_by=None),
    # Of these alone, the database makes sure; said so that an index of states finds them.
    "unpaid": lambda _now: Q(state=TrialState.REQUESTED, pay_by__isnull=False),
    "approved": _in_state(TrialState.APPROVED),
    "packed": _in_state(TrialState.PACKED),
    "shipped": _in_state(TrialState.SHIPPED),
    "delivered": lambda now: Q(state=TrialState.DELIVERED, due_at__gte=now),
    "overdue": lambda now: Q(state=TrialState.DELIVERED, due_at__lt=now),
    "returning": _in_state(TrialState.RETURNING),
    "received": lambda _now: Q(state=TrialState.RECEIVED, away_value__gt=0),
    "settling": lambda _now: Q(state=TrialState.RECEIVED, away_value=0),
}
# Queues of what waits for a day.
BY_DUE_DAY = frozenset({"delivered", "overdue"})
# What lists show of a trial.
LISTED = (
    *("number", "state", "requested_at", "ship_by", "shipped_at", "delivered_at", "due_at"),
    *("charge_at", "closed_at", "user__name", "user__email", "address__country"),
    "programme_version__programme__name",
)
ENDED = frozenset({TrialState.CLOSED, TrialState.CANCELLED, TrialState.DECLINED})


def trials_matching(
    *, queue: str, words: str, now: datetime, programme: str = "", keys_alone: bool = False
) -> QuerySet[Trial]:
    """Return trials as a list shows them, the oldest wish first in a queue, else the latest.

    What is at home comes in the order in which it is due.

    Args:
        queue: a name of ``FILTERS``, ``ended``, ``unheld``, or empty for all.
        words: as ``trials.console.queries.finding`` takes them; empty for all.
        now: an aware time.
        programme: the slug of one; empty for all.
        keys_alone: which trials they are is asked, not what a list shows of them.
    """
    trials = Trial.objects.all() if keys_alone else _listed()
    if queue in FILTERS:
        trials = trials.filter(FILTERS[queue](now))
    elif queue == "ended":
        trials = trials.filter(state__in=ENDED)
    elif queue == "unheld":
        trials = trials.filter(unheld_trials())
    if programme:
        trials = trials.filter(programme_version__programme__slug=programme)
    if words:
        trials = trials.filter(trials_meant(words))
    if queue in BY_DUE_DAY:
        return trials.order_by("due_at", "pk")
    order = ("requested_at", "pk") if queue in FILTERS else ("-requested_at", "-pk")
    return trials.order_by(*order)


def page_of_trials(rows: QuerySet[Trial], *, asked: Mapping[str, str], size: int) -> KeysetPage:
    """Return a page of trials with what a list shows of them, in four statements.

    Args:
        rows: as ``trials_matching`` returns their keys alone.
        asked: the page, as its links say it.
        size: how many at most.
    """
    page = keyset_page(rows, asked=asked, size=size, whole=_LISTED)
    keys = [each.pk for each in page]
    frames, carriers = dict(_FRAMES.rows(keys=keys)), dict(_CARRIERS.rows(keys=keys))
    for each in page:
        each.frames, each.carrier = frames.get(each.pk, 0), carriers.get(each.pk)
    return page


def _frames() -> QuerySet[TrialItem, Any]:
    items = TrialItem.objects.filter(AnyOf(F("trial_id"), Slot("keys"))).order_by()
    return items.values_list("trial_id").annotate(n=Count("pk"))


def _carriers() -> QuerySet[Shipment, Any]:
    out = Shipment.objects.filter(AnyOf(F("trial_id"), Slot("keys")), leg=Leg.OUTBOUND)
    return out.order_by("nth").values_list("trial_id", "carrier")


_LISTED = PreparedQuery(
    lambda: (
        Trial.objects.filter(AnyOf(F("pk"), Slot("keys")))
        .select_related("user", "address", "programme_version__programme")
        .only(*LISTED)
        .order_by()
    )
)
_FRAMES, _CARRIERS = PreparedValues(_frames), PreparedValues(_carriers)


def _listed() -> QuerySet[Trial]:
    items = TrialItem.objects.filter(trial=OuterRef("pk")).order_by().values("trial")
    # Counted row by row of the page: a join would count the frames of every trial there was.
    frames = Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0)
    out = Shipment.objects.filter(trial=OuterRef("pk"), leg=Leg.OUTBOUND).order_by("-nth")
    carrier = Subquery(out.values("carrier")[:1])
    related = ("user", "address", "programme_version__programme")
    # All of fifty trials and what hangs on them is five thousand values, of which a list shows 600.
    trials = Trial.objects.select_related(*related).only(*LISTED)
    return trials.annotate(frames=frames, carrier=carrier)


def trials_at_the_door(most: int) -> list[Trial]:
    """Return trials of which the carrier brought a parcel that nobody has opened, as lists do.

    Each with ``arrived_at``, since when its first one stands there.

    Args:
        most: how many; those whose parcels came first.
    """
    arrived = arrived_parcels().order_by("delivered_at", "pk")
    # Parcel by parcel from its index, then their trials: one statement would look through all
    # trials. Of a trial that has two at the door, one more may be left out; nobody counts these.
    since: dict[Any, Any] = {}
    for trial_id, at in arrived.values_list("trial_id", "delivered_at")[:most]:
        since.setdefault(trial_id, at)
    found = _listed().in_bulk(list(since))
    for trial_id, at in since.items():
        found[trial_id].arrived_at = at  # type: ignore[attr-defined]
    return [found[trial_id] for trial_id in since]


def parcels_at_the_door() -> QuerySet[Shipment]:
    """Return the parcels that nobody has opened, who came first at their head, with ``frames``."""
    items = TrialItem.objects.filter(trial=OuterRef("trial")).order_by().values("trial")
    frames = Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0)
    parcels = arrived_parcels().select_related("trial__user").annotate(frames=frames)
    return parcels.order_by("delivered_at", "pk")


def staff_trial(number: str) -> Trial:
    """Return one trial with all its page shows; its items know what is ``charged`` and ``told``.

    What is ``charged`` for no frame of it, such as that its box came late, the trial itself knows.

    Raises:
        NothingFoundError: there is none of that number.
    """
    trial = whole_trial(number.upper())
    if trial is None:
        raise NothingFoundError(_("There is no trial %(number)s.") % {"number": number[:20]})
    told = [each for each in trial.reports.all() if each.withdrawn_at is None]
    whole = [each for each in trial.charges.all() if each.item_id is None]
    trial.charged = whole  # type: ignore[attr-defined]
    for item in trial.items.all():
        charged = [each for each in trial.charges.all() if each.item_id == item.pk]
        item.charged = charged  # type: ignore[attr-defined]
        item.told = [each for each in told if each.item_id == item.pk]  # type: ignore[attr-defined]
    return trial


def trial_scanned(scanned: str) -> Trial:
    """Return the trial that a scanned code leads to.

    Args:
        scanned: a trial's number, a tote's or a parcel's from its label, or a unit's barcode.

    Raises:
        NothingFoundError: it leads to no trial.
        UnitLostError: it is a unit that was taken for lost, and not with a trial's parcel.
    """
    code = normalised(scanned)
    trial = Trial.objects.filter(number=code).first()
    if trial is None and (tote := tote_by_code(code)):
        trial = tote.trial
    if trial is None:
        trial = Trial.objects.filter(shipments__tracking_number=code).first()
    if trial is None:
        items = TrialItem.objects.filter(unit__barcode=code).select_related("trial")
        lost = TrialUnit.objects.filter(barcode=code, state=UnitState.LOST)
        if (unit := lost.select_related("variant__frame").first()) is not None:
            items = items.filter(outcome=ItemOutcome.LOST)
            if not items.exists():
                raise taken_for_lost(unit)
        # A unit that is with nobody now was with whom it was last.
        item = items.order_by("-holds_unit", "-trial__requested_at").first()
        trial = item.trial if item else None
    if trial is None:
        raise NothingFoundError(
            _("%(code)s is no trial, no label and no unit of ours. Scan it again.")
            % {"code": code[:40] or "?"}
        )
    return trial


def may_be_charged(trial: Trial, now: datetime) -> bool:
    """Tell whether something of a trial is missing and may be charged by now, as staff may.

    Args:
        trial: as ``staff_trial`` returns it.
        now: an aware time.
    """
    parcels = [each for each in trial.shipments.all() if each.leg == Leg.RETURN]
    trial.parcels_back = parcels  # type: ignore[attr-defined]
    after = charged_after(trial)
    if is_coming_back(trial) and (has_arrived(trial) or after is None or after > now):
        return False
    reminded = trial.reminded_at is not None and trial.reminded_at + AFTER_REMINDER <= now
    late = trial.charge_at is not None and trial.charge_at < now and reminded
    out = trial.state in (TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED)
    return late and out and uncharged_items().filter(trial=trial).exists()
