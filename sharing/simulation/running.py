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
from sharing.simulation.diary import Diary, carry_out_all
from sharing.simulation.pausing import PausedError, bring_out, clear, put_away
from sharing.simulation.plan import Plan
from sharing.simulation.reckoning import Reckoning, reckon
from sharing.simulation.stage import own_database, stage
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
from trials.returns.models import TrialCharge
from trials.units.models import TrialUnit
from trials.units.services.making import create_units
from trials.units.states import UnitState

# Longer than reminders, grace, retries and the giving up of debts take together.
UNTIL_ALL_IS_SETTLED = timedelta(days=120)
WORK_BEGINS = timedelta(hours=7)

Told = Callable[[float, World], None]


def simulate(
    plan: Plan, *, begin: datetime, told: Told, folder: Path, resume: bool = False
) -> Reckoning:
    """Play a year in a database of its own, which stays, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage; where it raises
            ``PausedError`` the year is put away, to be gone on with.
        folder: where its Stripe, its files and the diary are kept.
        resume: go on with the year that was put away there, whatever the plan says.

    Raises:
        PausedError: it was put away.
        NothingKeptError: there is none to go on with.
    """
    with own_database(keep=resume):
        world = bring_out(folder) if resume else None
        if world is None:
            clear(folder)
        return play(plan, begin=begin, told=told, folder=folder, world=world)


def play(
    plan: Plan, *, begin: datetime, told: Told, folder: Path, world: World | None = None
) -> Reckoning:
    """Play a year in the database there is, in which nobody lives, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage.
        folder: where its Stripe and its files are kept; empty for a year that begins.
        world: the stage of a year that was put away, to go on with.

    Raises:
        PausedError: ``told`` stopped it; it is put away in the folder.
    """
    now = world.diary.now if world else begin
    with stage(now, stripe=folder / "stripe", files=folder / "media") as clock:
        if world is None:
            world = _open(plan, begin, clock)
        else:
            world.diary.go_on_by(clock)
        try:
            _live(world, partial(_show, told, world))
        except PausedError:
            put_away(world, folder)
            raise
        carry_out_all()
        return reckon(world)


def _open(plan: Plan, begin: datetime, clock: time_machine.Traveller) -> World:
    """Set up a year: people, frames and units, and everybody's plans."""
    ensure_partitions()
    variants = _variants(plan.variants)
    _publish_terms(plan)
    world = World(
        plan=plan,
        begin=begin,
        end=begin + timedelta(days=plan.days) + UNTIL_ALL_IS_SETTLED,
        diary=Diary(begin, clock, beat=timedelta(hours=plan.beat_hours)),
        chance=Random(plan.seed),  # noqa: S311 - plays, and guards nothing
        ops=_colleague("ops", OPS),
        manager=_colleague("manager", MANAGER),
        variants=variants,
        barcodes=_make_units(plan, variants),
    )
    write_down(world)
    return world


def write_down(world: World) -> None:
    """Write down when who comes, and when work begins at the warehouse."""
    for _trial in range(world.plan.trials):
        moment = world.begin + timedelta(days=world.chance.uniform(0, world.plan.days))
        world.diary.at(moment, customers.come, world)
    world.diary.at(world.begin + WORK_BEGINS, warehouse.work_a_day, world)


def _live(world: World, told: Callable[[datetime], None]) -> None:
    over = world.begin + timedelta(days=world.plan.days)
    if world.diary.now < over:
        world.diary.run(over, told=told)
    while world.diary.now < world.end and not _all_is_settled(world):
        world.diary.run(world.diary.now + timedelta(days=1), told=told)


def _show(told: Told, world: World, now: datetime) -> None:
    told((now - world.begin) / (world.end - world.begin), world)


def _all_is_settled(world: World) -> bool:
    """Tell whether tomorrow's work is all that is written down, and nothing is open or owed."""
    return (
        world.diary.is_empty_but_for(1)
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
        create_units(variant_id=variant.pk, count=plan.units_a_variant, location=shelf)
    return list(TrialUnit.objects.order_by("pk").values_list("barcode", flat=True))
