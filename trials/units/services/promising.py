"""Who waits for a variant is served by her place in the line, before anybody else.

A unit that comes onto the shelf is held for the first in line in the very transaction that puts it
there, so that there is no moment in which somebody else could take it. The row of the variant is
the line's lock: joining, leaving and serving pass through it one after another, placing does not.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, record
from shop.foundation.history import move
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import publish
from shop.foundation.postgres import prepared_cursor
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from trials.units.models import TrialUnit, WaitlistEntry, WaitlistTransition
from trials.units.queries import variants_to_promise
from trials.units.states import WAIT_MOVES, UnitState, WaitState
from trials.units.turns import not_their_turn

LINES = """
SELECT "id" FROM "shop_variant" WHERE "id" = ANY(%s::bigint[])
ORDER BY "id" FOR NO KEY UPDATE OF "shop_variant"
"""
# So many of each line, the first of all first, and whether each may try the frame: it is shown in
# the shop, or she has an early look at it.
FIRST_IN_LINE = """
SELECT wanted.variant_id, first.id, first.user_id, variant.active AND (frame.published OR EXISTS (
    SELECT FROM shop_earlylook look
    WHERE look.frame_id = frame.id AND look.user_id = first.user_id
))
FROM unnest(%s::bigint[], %s::bigint[]) AS wanted(variant_id, most)
JOIN shop_variant variant ON variant.id = wanted.variant_id
JOIN shop_frame frame ON frame.id = variant.frame_id
CROSS JOIN LATERAL (
    SELECT entry.id, entry.user_id, entry.joined_at
    FROM trials_waitlistentry entry
    WHERE entry.variant_id = wanted.variant_id AND entry.state = 'waiting'
    ORDER BY entry.joined_at, entry.id
    LIMIT wanted.most
) first
ORDER BY first.joined_at, first.id
"""


def lock_lines(variant_ids: Iterable[int]) -> None:
    """Hold the lines of some variants to the end of the transaction, by rising variant.

    A line has no row of its own; the variant's is locked so that orders and trials of it pass.
    """
    with prepared_cursor() as cursor:
        cursor.execute(LINES, [list(set(variant_ids))])


def promise(units: Sequence[TrialUnit]) -> int:
    """Hold units that are on the shelf for those who wait for them, and tell each.

    Who could not place a box with it now keeps her place and is passed over: what is held for two
    days while she has another box at home would be missing for everybody. While a frame is not
    shown in the shop, its line stands still: nobody could ask for it.

    Args:
        units: available rows, locked by the caller in this transaction or made in it.

    Returns:
        How many are held now.
    """
    counts = Counter(unit.variant_id for unit in units)
    if not counts:
        return 0
    lock_lines(counts)
    ids = _whose_turn(counts)
    if not ids:
        return 0
    entries = WaitlistEntry.objects.select_related("user", "variant__frame").filter(pk__in=ids)
    shelf: dict[int, list[TrialUnit]] = defaultdict(list)
    for unit in sorted(units, key=lambda each: (each.uses, each.pk), reverse=True):
        shelf[unit.variant_id].append(unit)
    for entry in entries.order_by("joined_at", "pk"):
        _hold(shelf[entry.variant_id].pop(), entry)
    return len(ids)


def _whose_turn(counts: Mapping[int, int]) -> list[uuid.UUID]:
    """Return the entries to be served, locked, by how many units there are of each variant.

    Who stands before one of them and could not take the unit is noted as passed over.
    """
    deeper = 0
    while True:
        most = {variant: units + deeper for variant, units in counts.items()}
        lines = _first_in(most)
        if not lines:
            return []
        users = {each.user for line in lines.values() for each in line if each.shown}
        later = not_their_turn(sorted(users))
        turns = {each: _turn(line, later, counts[each]) for each, line in lines.items()}
        served = [entry for turn in turns.values() for entry in turn.served]
        if any(
            len(turns[each].served) < counts[each] and len(line) == most[each]
            for each, line in lines.items()
        ):
            # As many more again as might be passed over: a long line is not asked one by one.
            deeper = 10 * (deeper or 1)
            continue
        locked = lock_rows(WaitlistEntry, served)
        if all(entry.state == WaitState.WAITING for entry in locked):
            over = [entry for turn in turns.values() for entry in turn.over]
            before = [entry for turn in turns.values() for entry in turn.before_others]
            passed = WaitlistEntry.objects.filter(state=WaitState.WAITING, passed_at=None)
            passed.filter(pk__in=over).update(passed_at=timezone.now())
            WaitlistEntry.objects.filter(pk__in=before).update(went_before=True)
            return served
        # Somebody placed what she waited for meanwhile: look again.


@dataclass(frozen=True)
class _Waits:
    """One in a line, and whether she may see and try what she waits for."""

    entry: uuid.UUID
    user: int
    shown: bool


@dataclass(frozen=True)
class _Turn:
    """Who of a line is served, who is passed over, and who is served before one who is not."""

    served: list[uuid.UUID]
    over: list[uuid.UUID]
    before_others: list[uuid.UUID]


def _turn(line: Sequence[_Waits], later: set[int], units: int) -> _Turn:
    served: list[uuid.UUID] = []
    over: list[uuid.UUID] = []
    before_others: list[uuid.UUID] = []
    stand_still = False
    for each in line:
        if len(served) == units:
            break
        if not each.shown:
            stand_still = True
        elif each.user in later:
            over.append(each.entry)
        else:
            served.append(each.entry)
            if over or stand_still:
                before_others.append(each.entry)
    return _Turn(served, over, before_others)


def _first_in(most: Mapping[int, int]) -> dict[int, list[_Waits]]:
    wanted = sorted(most)
    lines: dict[int, list[_Waits]] = {}
    with prepared_cursor() as cursor:
        cursor.execute(FIRST_IN_LINE, [wanted, [most[each] for each in wanted]])
        for variant, entry, user, shown in cursor.fetchall():
            lines.setdefault(variant, []).append(_Waits(entry, user, shown))
    return lines


def serve_again() -> int:
    """Let those be served again who were passed over and can ask for a box by now.

    Returns:
        In how many lines.
    """
    waiting = WaitlistEntry.objects.filter(state=WaitState.WAITING)
    over = waiting.filter(passed_at__isnull=False)
    users = set(over.order_by().values_list("user_id", flat=True))
    if not users:
        return 0
    back = users - not_their_turn(sorted(users))
    return over.filter(user_id__in=back).update(passed_at=None)


def promise_free_units(*, variant_id: int) -> int:
    """Hold whatever is free of a variant for those who wait for it; returns how many units.

    Repairs what no move of a unit could serve: a hold that was withdrawn, a placement undone.
    """
    with transaction.atomic():
        waiting = WaitlistEntry.objects.filter(variant_id=variant_id, state=WaitState.WAITING)
        free = TrialUnit.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            variant_id=variant_id, state=UnitState.AVAILABLE, held_for=None
        )
        return promise(list(free.order_by("uses", "pk")[: waiting.count()]))


def promise_all() -> int:
    """Do so for every variant that somebody waits for while a unit is free; returns how many."""
    return sum(promise_free_units(variant_id=each) for each in variants_to_promise())


def free_what_ended_waits_hold() -> int:
    """Give what is held for a wait that is over to the next in line; returns how many units.

    Repairs what was left so before a placement waited for what is held for its customer: such a
    unit could be neither given out nor repaired, and its customer not erased.
    """
    with transaction.atomic():
        over = TrialUnit.objects.filter(held_for__ended_at__isnull=False)
        # A wait that is over does not begin again, but by now the unit may be held for another.
        units = lock_rows(TrialUnit, list(over.values_list("pk", flat=True)))
        still = set(over.filter(pk__in=[each.pk for each in units]).values_list("pk", flat=True))
        freed = [unit for unit in units if unit.pk in still]
        for unit in freed:
            unit.held_for = None
            unit.save(update_fields=["held_for"])
        promise(freed)
        return len(freed)


def withdraw(units: Iterable[TrialUnit]) -> None:
    """Take back what is held of units that leave the shelf; who waited is first in line again.

    Args:
        units: rows locked by the caller, who moves them on and empties ``held_for``.
    """
    held = {unit.held_for_id: unit for unit in units if unit.held_for_id is not None}
    for entry in lock_rows(WaitlistEntry, held):
        move(
            entry,
            WaitState.WAITING,
            moves=WAIT_MOVES,
            history=WaitlistTransition,
            fields={"held_until": None, "went_before": False},
        )
        publish("units.promise", {"variant_id": entry.variant_id})


def _hold(unit: TrialUnit, entry: WaitlistEntry) -> None:
    now = timezone.now()
    until = now + timedelta(hours=settings.WAITLIST_HOLD_HOURS)
    fields = {"held_until": until, "passed_at": None}
    move(entry, WaitState.HELD, moves=WAIT_MOVES, history=WaitlistTransition, fields=fields)
    unit.held_for = entry
    unit.save(update_fields=["held_for"])
    # The time names this very hold: one that was withdrawn may be followed by another.
    key = f"{EventName.WAITLIST_RESERVED}:{entry.pk}:{now.timestamp():.0f}"
    event = record_wait(EventName.WAITLIST_RESERVED, entry, key=key)
    notify(
        user=entry.user,
        topic=Topic.TRIAL,
        template="waitlist_held",
        context={
            "variant": entry.variant,
            "until": until,
            "path": reverse("trials:waitlist"),
            "zone": entry.user.time_zone,
        },
        key=key,
        about=entry.pk,
        caused_by=event,
    )


def record_wait(name: EventName, entry: WaitlistEntry, *, key: str = "") -> uuid.UUID:
    """Record a step of somebody's wait.

    Args:
        name: the step.
        entry: her place in the line.
        key: of the event; the step and the entry name it where it happens once.
    """
    return record(
        name,
        key=key or f"{name}:{entry.pk}",
        subject=("variant", entry.variant_id),
        person=SHOP,
        details={"customer": str(entry.user_id), "entry": str(entry.pk)},
    )
