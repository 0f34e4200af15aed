"""One simulated year from the first customer to the reckoning."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.contrib.auth.models import Group

from sharing.simulation import customers, warehouse
from sharing.simulation.diary import Diary, carry_out_all
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


def simulate(plan: Plan, *, begin: datetime, told: Told) -> Reckoning:
    """Play a year in a database of its own, which stays, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage.
    """
    with own_database():
        return play(plan, begin=begin, told=told)


def play(plan: Plan, *, begin: datetime, told: Told) -> Reckoning:
    """Play a year in the database there is, in which nobody lives, and reckon up.

    Args:
        plan: how it goes.
        begin: the first midnight, UTC.
        told: called now and then with the share that is done and the stage.
    """
    with stage(begin) as clock:
        ensure_partitions()
        world = World(
            plan=plan,
            begin=begin,
            diary=Diary(begin, clock, beat=timedelta(hours=plan.beat_hours)),
            chance=Random(plan.seed),  # noqa: S311 - plays, and guards nothing
            ops=_colleague("ops", OPS),
            manager=_colleague("manager", MANAGER),
            variants=_variants(plan.variants),
        )
        _publish_terms(plan)
        units = _make_units(world)
        end = begin + timedelta(days=plan.days) + UNTIL_ALL_IS_SETTLED
        for _trial in range(plan.trials):
            moment = begin + timedelta(days=world.chance.uniform(0, plan.days))
            world.diary.at(moment, customers.come, world)
        world.diary.at(begin + WORK_BEGINS, warehouse.work_a_day, world)
        shown = partial(_show, told, begin, end, world)
        world.diary.run(begin + timedelta(days=plan.days), told=shown)
        while world.diary.now < end and not _all_is_settled(world):
            world.diary.run(world.diary.now + timedelta(days=1), told=shown)
        carry_out_all()
        return reckon(world, units_made=units)


def _show(told: Told, begin: datetime, end: datetime, world: World, now: datetime) -> None:
    told((now - begin) / (end - begin), world)


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
        late_return_days=30,
        open_trials_per_customer=1,
    )


def _make_units(world: World) -> int:
    each = world.plan.units_a_variant
    for number, variant in enumerate(world.variants):
        shelf = f"{chr(ord('A') + number % 26)}{number // 26 + 1}"
        create_units(variant_id=variant.pk, count=each, location=shelf)
    return each * len(world.variants)
