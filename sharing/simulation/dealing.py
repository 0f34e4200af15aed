"""Dealing a year that was put away out to more processes, where a machine has room for more."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sharing.simulation.diary import Diary
from sharing.simulation.warehouse import work_a_day
from sharing.simulation.world import World


class UndealableError(Exception):
    """So many processes cannot share what others had."""


def deal_out(worlds: list[World], processes: int) -> list[World]:
    """Return a year's parts as so many processes play them: all that was written down is in one.

    Args:
        worlds: its stage as each process knew it, put away between two rounds.
        processes: how many play it now; a multiple of how many did.

    Raises:
        UndealableError: it is none.
    """
    share, rest = divmod(processes, len(worlds))
    if rest or not share:
        raise UndealableError(f"What {len(worlds)} processes played, {processes} cannot.")
    if share == 1:
        return worlds
    rang: dict[str, datetime] = {}
    for world in worlds:
        rang |= world.diary.rang
    parts = [_part(world, nth, share, rang) for nth in range(share) for world in worlds]
    return sorted(parts, key=lambda part: part.part)


def _part(world: World, nth: int, share: int, rang: dict[str, datetime]) -> World:
    """Return one of ``share`` parts of a world: the customers that are its by their numbers."""
    before, plan = world.diary, replace(world.plan, processes=world.parts * share)
    number = world.part + nth * world.parts
    diary = Diary(
        before.now,
        None,
        beat=timedelta(hours=plan.beat_hours),
        part=number,
        parts=plan.processes,
    )
    diary.go_on_from(before.next_beat, rang)
    part = replace(
        world,
        plan=plan,
        diary=diary,
        part=number,
        chance=Random(f"{plan.seed}/{number}/{before.now}"),  # noqa: S311 - plays only
        people=world.people[nth::share],
        counts=_dealt(world.counts, nth, share),
        parcels=world.parcels[nth::share],
        handed_over=world.handed_over if nth == 0 else {},
    )
    everybodys = [entry for entry in before.acts if entry[1] is work_a_day]
    others = [entry for entry in before.acts if entry[1] is not work_a_day]
    for moment, act, args in [*everybodys, *others[nth::share]]:
        diary.at(moment, act, *(part if each is world else each for each in args))
    return part


def _dealt(counts: Counter[str], nth: int, share: int) -> Counter[str]:
    return Counter({name: (count + nth) // share for name, count in counts.items()})
