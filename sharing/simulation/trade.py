"""Weeks of trade in the demo shop that end now, so that queues, pages and figures say something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sharing.simulation import customers
from sharing.simulation.diary import Diary, carry_out_all
from sharing.simulation.plan import Plan
from sharing.simulation.running import UNTIL_ALL_IS_SETTLED, write_down
from sharing.simulation.stage import stage
from sharing.simulation.world import World
from shop.catalogue.models import Variant
from shop.customers.models import User
from trials.units.models import TrialUnit

# More goes wrong than in a year of the simulation, so that no queue is bare after six weeks.
TRADE = Plan(
    customers=120,
    trials=200,
    days=42,
    shares=0.5,
    late=0.15,
    says_sent_back=0.5,
    never_returns=0.04,
    keeps_one=0.08,
    empty_box=0.01,
    damaged=0.07,
    damage_thought_over=0.85,
    to_repair=0.06,
    card_fails=0.15,
    lost_on_its_way=0.02,
    word_missing=0.02,
)
# After the last day's work, so that there is something to approve, pick, pack and ship.
ASK_ON_THE_LAST_DAY = 24


@contextmanager
def trading(plan: Plan, *, until: datetime, stripe: Path) -> Iterator[Callable[..., World]]:
    """Set the clock back to where weeks of trade begin; what happens there happens to the shop.

    Its mail is sent to nobody: it would be of weeks ago.

    Args:
        plan: how the trade goes, and for how many days.
        until: when it ends, an aware time; usually now.
        stripe: where the shop's Stripe sandbox keeps its state; it must not run.

    Yields:
        ``play(ops=, manager=, variants=, told=)``, which plays the trade once there is a shop to
        trade in: people, programme and units made on that first day.
    """
    begin = until - timedelta(days=plan.days)
    with stage(begin, stripe=stripe, files=None) as clock:
        diary = Diary(begin, clock, beat=timedelta(hours=plan.beat_hours))
        yield partial(_play, plan, diary, begin, until)


def _play(
    plan: Plan,
    diary: Diary,
    begin: datetime,
    until: datetime,
    *,
    ops: User,
    manager: User,
    variants: list[Variant],
    told: Callable[[float], None],
) -> World:
    """Play the trade and leave the last seventeen hours' work undone."""
    units = TrialUnit.objects.filter(variant__in=variants).order_by("pk")
    world = World(
        plan=plan,
        begin=begin,
        # Nobody refrains from asking because the end is near: after the play the shop goes on.
        end=until + UNTIL_ALL_IS_SETTLED,
        diary=diary,
        chance=Random(plan.seed),  # noqa: S311 - plays, and guards nothing
        ops=ops,
        manager=manager,
        variants=variants,
        barcodes=list(units.values_list("barcode", flat=True)),
    )
    write_down(world)
    for _customer in range(ASK_ON_THE_LAST_DAY):
        moment = until - timedelta(hours=world.chance.uniform(0, 16))
        diary.at(moment, customers.come, world)
    diary.run(until, told=lambda now: told((now - begin) / (until - begin)))
    carry_out_all()
    return world
