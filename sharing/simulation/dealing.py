"""Dealing a year that was put away out to more processes or fewer, as a machine has room for."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sharing.simulation.diary import Diary
from sharing.simulation.warehouse import work_a_day
from sharing.simulation.world import World


class UndealableError(Exception):
    """There is nobody to deal a year out to."""


def deal_out(worlds: list[World], processes: int) -> list[World]:
    """Return a year's parts as so many processes play them: all that was written down is in one.

    Args:
        worlds: its stage as each process knew it, put away between two rounds.
        processes: how many play it now.

    Raises:
        UndealableError: none.
    """
    if processes < 1:
        raise UndealableError(f"A year is played by one process or more, not by {processes}.")
    if processes == len(worlds):
        return worlds
    return [_part(worlds, nth, processes) for nth in range(processes)]


def _part(worlds: list[World], nth: int, processes: int) -> World:
    """Return one of so many parts of a year: every so manieth of each thing, from the nth."""
    first = worlds[0]
    plan, now = replace(first.plan, processes=processes), first.diary.now
    rang: dict[str, datetime] = {}
    for world in worlds:
        rang |= world.diary.rang
    beat = timedelta(hours=plan.beat_hours)
    diary = Diary(now, None, beat=beat, part=nth, parts=processes)
    diary.go_on_from(first.diary.next_beat, rang)
    handed_over = [each for world in worlds for each in world.handed_over.items()]
    part = replace(
        first,
        plan=plan,
        diary=diary,
        part=nth,
        chance=Random(f"{plan.seed}/{nth}/{now}"),  # noqa: S311 - plays only
        # Beyond everybody's, as each had its own.
        next_number=max(world.next_number for world in worlds) + nth,
        people=[each for world in worlds for each in world.people][nth::processes],
        counts=_dealt(sum((world.counts for world in worlds), Counter()), nth, processes),
        parcels=[each for world in worlds for each in world.parcels][nth::processes],
        handed_over=dict(handed_over[nth::processes]),
        seen=None,
    )
    # All at work begin their day together; of what else is written down, each act is one's.
    days = [entry for entry in first.diary.acts if entry[1] is work_a_day]
    others = sorted(
        (entry for world in worlds for entry in world.diary.acts if entry[1] is not work_a_day),
        key=lambda entry: entry[0],
    )
    for moment, act, args in [*days, *others[nth::processes]]:
        diary.at(moment, act, *(part if isinstance(each, World) else each for each in args))
    return part


def _dealt(counts: Counter[str], nth: int, share: int) -> Counter[str]:
    return Counter({name: (count + nth) // share for name, count in counts.items()})
