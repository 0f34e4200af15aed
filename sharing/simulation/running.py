"""One simulated year from the first customer to the reckoning."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from djmoney.money import Money

from sharing.simulation import customers, warehouse
from sharing.simulation.copies import bring_back, forget_copy, keep_copy
from sharing.simulation.diary import Diary, PausedError, carry_out_all
from sharing.simulation.pausing import bring_out, clear, put_away
from sharing.simulation.plan import Plan
from sharing.simulation.reckoning import Reckoning, reckon
from sharing.simulation.stage import own_database, stage
from sharing.simulation.together import Meeting, play_together
from sharing.simulation.world import World
from shop.analytics.partitions import ensure_partitions
from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from shop.customers.roles import MANAGER, OPS
from shop.inventory.services import set_all_on_hand
from trials.home_trials.models import Trial
from trials.home_trials.states import OPEN
from trials.programme.models import Mode
from trials.programme.services import publish_version
from trials.returns.models.charges import TrialCharge
from trials.units.models import TrialUnit
from trials.units.services.making import create_units
from trials.units.states import UnitState

# Longer than reminders, grace, retries and the giving up of debts take together.
UNTIL_ALL_IS_SETTLED = timedelta(days=120)

Told = Callable[[float, World], None]


def simulate(
    plan: Plan,
    *,
    begin: datetime,
    told: Told,
    folder: Path,
    resume: bool = False,
    processes: int | None = None,
) -> Reckoning:
    """Play a year in a database of its own, which stays, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage; where it raises
            ``PausedError`` the year is put away, to be gone on with.
        folder: where its Stripe, its files and the diary are kept.
        resume: go on with the year that was put away there, whatever the plan says; one that
            failed since goes on from where it was put away.
        processes: how many play a year that is gone on with; nothing for as many as before.

    Raises:
        PausedError: it was put away.
        NothingKeptError: there is none to go on with.
        UndealableError: to no process at all; it stays put away.
    """
    if resume:
        if not bring_back(folder):
            keep_copy(folder)
    else:
        forget_copy(folder)
    with own_database(keep=resume):
        worlds = bring_out(folder, processes) if resume else None
        if worlds is None:
            clear(folder)
        found = play(plan, begin=begin, told=told, folder=folder, worlds=worlds)
    forget_copy(folder)
    return found


def play(
    plan: Plan,
    *,
    begin: datetime,
    told: Told,
    folder: Path,
    worlds: list[World] | None = None,
) -> Reckoning:
    """Play a year in the database there is, in which nobody lives, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage.
        folder: where its Stripe and its files are kept; empty for a year that begins.
        worlds: the stage of a year that was put away, to go on with, as each process knows it.

    Raises:
        PausedError: ``told`` stopped it; it is put away in the folder.
        PlayerFailedError: a process of the year failed, and said why.
    """
    now = worlds[0].diary.now if worlds else begin
    with stage(now, stripe=folder / "stripe", files=folder / "media") as clock:
        worlds = worlds or _open(plan, begin, clock)
        meeting = Meeting(len(worlds))
        for each in worlds:
            each.diary.go_on_by(clock, meeting)
        worlds = play_together(worlds, meeting, partial(_live, told))
        if meeting.has_ended:
            put_away(worlds, folder)
            raise PausedError
        carry_out_all()
        return reckon(_as_one(worlds))


def _open(plan: Plan, begin: datetime, clock: time_machine.Traveller) -> list[World]:
    """Set up a year: people, frames and units, and everybody's plans, a part for each process."""
    ensure_partitions()
    variants = _variants(plan.variants)
    _publish_terms(plan)
    ops, manager = _colleague("ops", OPS), _colleague("manager", MANAGER)
    barcodes = _make_units(plan, variants)
    worlds = []
    for part in range(plan.processes):
        world = World(
            plan=plan,
            begin=begin,
            end=begin + timedelta(days=plan.days) + UNTIL_ALL_IS_SETTLED,
            diary=Diary(
                begin,
                clock,
                beat=timedelta(hours=plan.beat_hours),
                part=part,
                parts=plan.processes,
            ),
            chance=Random(f"{plan.seed}/{part}"),  # noqa: S311 - plays, and guards nothing
            ops=ops,
            manager=manager,
            variants=variants,
            barcodes=barcodes,
            part=part,
            next_number=part + 1,
        )
        write_down(world)
        worlds.append(world)
    return worlds


def write_down(world: World) -> None:
    """Write down when who comes, and when work begins at the warehouse."""
    for _trial in range(world.part, world.plan.trials, world.parts):
        moment = world.begin + timedelta(days=world.chance.uniform(0, world.plan.days))
        world.diary.at(moment, customers.come, world)
    world.diary.at(world.begin + warehouse.WORK_BEGINS, warehouse.work_a_day, world)


def _live(told: Told, world: World) -> None:
    """Play one part of a year to its end, or until somebody stops it."""
    diary, show = world.diary, partial(_show, told, world)
    over = world.begin + timedelta(days=world.plan.days)
    if diary.now < over:
        diary.run(over, told=show)
    while not diary.is_closed and diary.now < world.end and not _all_is_settled(world):
        diary.run(diary.now + timedelta(days=1), told=show)


def _show(told: Told, world: World, now: datetime) -> None:
    if world.part == 0:
        told((now - world.begin) / (world.end - world.begin), world)


def _as_one(worlds: list[World]) -> World:
    """Put the parts of a year together."""
    whole = worlds[0]
    for other in worlds[1:]:
        whole.counts.update(other.counts)
        whole.handed_over.update(other.handed_over)
        whole.people += other.people
    return whole


def _all_is_settled(world: World) -> bool:
    """Tell whether tomorrow's work is all that is written down, and nothing is open or owed."""
    return (
        world.diary.are_empty_but_for(1)
        and not Trial.objects.filter(state__in=OPEN).exists()
        and not TrialCharge.objects.filter(state=TrialCharge.State.OWED).exists()
        and not TrialUnit.objects.filter(state=UnitState.REPAIR).exists()
    )


def _colleague(name: str, role: str) -> User:
    user = User(email=f"{name}@simulation.example", name=name.title(), is_staff=True)
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=role))
    return user


def _variants(count: int) -> list[Variant]:
    made = []
    for number in range(1, count + 1):
        frame = Frame.objects.create(
            handle=f"frame-{number}", name=f"Frame {number}", published=True
        )
        made.append(Variant.objects.create(frame=frame, sku=f"SKU-{number}", price=145))
    set_all_on_hand({variant.pk: 1_000_000 for variant in made})
    return made


def _publish_terms(plan: Plan) -> None:
    publish_version(
        programme_slug="simulation",
        name="Simulation",
        frames_per_box=plan.frames_a_box,
        mode=Mode.RETURN_ALL,
        extension_days=3,
        damaged_percent=40,
        late_fee=Money("2.00", settings.DEFAULT_CURRENCY),
        late_fee_cap=Money("20.00", settings.DEFAULT_CURRENCY),
        late_return_days=30,
        late_return_percent=80,
        open_trials_per_customer=1,
    )


def _make_units(plan: Plan, variants: list[Variant]) -> list[str]:
    """Make the units and return their barcodes."""
    for number, variant in enumerate(variants):
        shelf = f"{chr(ord('A') + number % 26)}{number // 26 + 1}"
        create_units(variant_id=variant.pk, count=plan.units_of(number), location=shelf)
    return list(TrialUnit.objects.order_by("pk").values_list("barcode", flat=True))
