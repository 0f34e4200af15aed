"""What must be true when the year is over: nothing lost, nothing owed that nobody looks after."""

from dataclasses import dataclass

from django.db.models import Count, F, Model, Q, Sum

from sharing.galleries.models import Gallery
from sharing.referrals.models import Referral
from sharing.simulation.world import World
from sharing.votes.models import Vote
from shop.analytics.models import Event
from shop.analytics.partitions import count_values_anew
from shop.analytics.recount import comparable, recount
from shop.analytics.scorecard import scorecard
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import given_up
from shop.orders.models import Order
from shop.payments.models import LedgerEntry, LedgerTransaction, Payment, Refund
from trials.at_home.models import Extension
from trials.claims.models import Claim
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import OPEN, ItemOutcome
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding, Inspection
from trials.returns.states import PAID
from trials.shipping.models import TrackingEvent
from trials.swaps.models import FrameSwap
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.states import UnitState

COUNTED: dict[str, type[Model]] = {
    "trials": Trial,
    "units": TrialUnit,
    "charges": TrialCharge,
    "damage": ChargeProposal,
    "claims": Claim,
    "waits": WaitlistEntry,
    "orders": Order,
    "payments": Payment,
    "refunds": Refund,
    "galleries": Gallery,
    "referrals": Referral,
}
# Where a unit may be when no trial is open any more.
AT_REST = frozenset({UnitState.AVAILABLE, UnitState.REPAIR, UnitState.RETIRED, UnitState.LOST})


@dataclass(frozen=True)
class Reckoning:
    """The end of a simulated year.

    Attributes:
        problems: what must not be, in words; empty where all is well.
        counts: how often what happened, in order.
        states: how many trials, units and charges are in which state.
    """

    problems: list[str]
    counts: list[tuple[str, int]]
    states: list[tuple[str, str, int]]


def reckon(world: World) -> Reckoning:
    """Look at all that is left, once everything that was out should be back.

    Args:
        world: the stage.
    """
    problems = [
        f"invariant {each.number} is broken: {each.name}: {rows[:3]}"
        for each in all_invariants()
        if (rows := breaches(each))
    ]
    problems += _open_trials() + _units(len(world.barcodes)) + _owed() + _outbox() + _figures(world)
    problems += [
        f"trial {charge.trial.number} was handed over in time and paid {charge.amount}:"
        f" {charge.get_purpose_display()}"
        for charge in _charged_in_time(world)
        if charge.state in PAID and charge.refunded < charge.amount and not charge.to_decide
    ]
    if (total := LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"] or 0) != 0:
        problems.append(f"the ledger sums to {total}")
    return Reckoning(problems, sorted(world.counts.items()), _states(world))


def _charged_in_time(world: World) -> list[TrialCharge]:
    """Return what was charged though it was handed over in time: for late days or as missing.

    By the simulation's own knowledge of who handed what over when, which the shop is never told.
    """
    ends = dict(Trial.objects.values_list("pk", "charge_at"))
    in_time = {
        trial_id: barcodes
        for trial_id, (moment, barcodes) in world.handed_over.items()
        if barcodes and ((end := ends[trial_id]) is None or moment <= end)
    }
    charges = TrialCharge.objects.filter(
        trial__in=in_time, purpose__in=(TrialCharge.Purpose.UNRETURNED, TrialCharge.Purpose.LATE)
    )
    return [
        charge
        for charge in charges.select_related("trial", "item__unit").order_by("created_at", "pk")
        if charge.item is None or charge.item.unit.barcode in in_time[charge.trial_id]
    ]


def _open_trials() -> list[str]:
    left = Trial.objects.filter(state__in=OPEN)
    owing = TrialCharge.objects.filter(state=TrialCharge.State.OWED).values("trial")
    lost_from_sight = left.exclude(pk__in=owing).order_by("number")
    return [
        f"trial {trial.number} is “{trial.get_state_display()}” and nobody looks after it"
        for trial in lost_from_sight[:20]
    ]


def _units(made: int) -> list[str]:
    there = TrialUnit.objects.count()
    problems = [] if there == made else [f"{made} units were made, {there} are there"]
    moving = TrialUnit.objects.exclude(state__in=AT_REST).exclude(
        trial_items__holds_unit=True, trial_items__trial__state__in=OPEN
    )
    problems += [
        f"unit {unit.barcode} is “{unit.get_state_display()}” in no open trial"
        for unit in moving.order_by("barcode")[:20]
    ]
    return problems


def _owed() -> list[str]:
    owed = TrialCharge.objects.filter(state=TrialCharge.State.OWED)
    closed = owed.exclude(trial__state__in=OPEN).select_related("trial")
    return [
        f"trial {charge.trial.number} is over and owes {charge.amount}" for charge in closed[:20]
    ]


def _outbox() -> list[str]:
    left = given_up()
    return [f"{left} messages of the outbox were given up"] if left else []


def _figures(world: World) -> list[str]:
    count_values_anew()
    until = world.diary.now
    period = {"since": world.begin, "until": until, "now": until}
    shown, counted = comparable(scorecard(**period)), recount(**period)
    return [
        f"the scorecard says {name}: {shown[name]}, the raw events {value}"
        for name, value in counted.items()
        if shown[name] != value
    ]


def _states(world: World) -> list[tuple[str, str, int]]:
    """Count what the shop's own rows say; nobody has to believe what the simulation intended."""
    found: list[tuple[str, str, int]] = []
    for name, model in COUNTED.items():
        rows = model._default_manager.order_by("state").values_list("state").annotate(n=Count("pk"))
        found += [(name, state, number) for state, number in rows]
    opened = Q(items__inspection__at__gt=F("due_at"))
    days = Trial.objects.values_list("pk", "due_at", "charge_at")
    ends = {pk: (due, end) for pk, due, end in days}
    handed_over = [(moment, *ends[pk]) for pk, (moment, _codes) in world.handed_over.items()]
    refused = ChargeAttempt.objects.exclude(refused_at=None)
    return [
        *found,
        (
            *("trials", "handed over after their last day at home"),
            sum(due is not None and moment > due for moment, due, _end in handed_over),
        ),
        (
            *("trials", "handed over after their days of grace"),
            sum(end is not None and moment > end for moment, _due, end in handed_over),
        ),
        ("trials", "opened at the shop after their last day at home", _distinct(Trial, opened)),
        ("charges", "made though handed over in time, and undone", len(_charged_in_time(world))),
        ("trials", "sent", Trial.objects.exclude(shipped_at=None).count()),
        ("frames", "swapped before they were packed", FrameSwap.objects.count()),
        ("frames", "tried", TrialItem.objects.exclude(packed_at=None).count()),
        ("frames", "found damaged", Inspection.objects.filter(finding=Finding.DAMAGED).count()),
        ("frames", "lost", TrialItem.objects.filter(outcome=ItemOutcome.LOST).count()),
        ("frames", "kept and charged", TrialItem.objects.filter(outcome=ItemOutcome.KEPT).count()),
        ("cards", "refusals of what was owed", refused.count()),
        ("carriers", "words noted", TrackingEvent.objects.count()),
        ("trials", "extended", Extension.objects.count()),
        ("votes", "counted", Vote.objects.filter(counted=True).count()),
        ("events", "recorded", Event.objects.count()),
        ("ledger", "transactions", LedgerTransaction.objects.count()),
    ]


def _distinct(model: type[Model], which: Q) -> int:
    return model._default_manager.filter(which).distinct().count()
