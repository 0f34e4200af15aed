"""Joining the line for a variant, leaving it, and what comes of a hold that nobody used."""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row, lock_rows
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from trials.units.errors import FrameFreeError, NotToWaitForError, WaitlistFullError
from trials.units.models import TrialUnit, WaitlistEntry, WaitlistTransition
from trials.units.queries import available_counts, holds_due, is_shown
from trials.units.services.promising import lock_lines, promise, record_wait
from trials.units.states import WAIT_MOVES, WaitState
from trials.units.turns import not_their_turn

# Whoever waits for everything would have units held that others could try.
MOST_WAITS = 10


def join_waitlist(*, user: User, variant_id: int) -> WaitlistEntry:
    """Put a customer at the end of the line for a variant; she who is in it keeps her place.

    Args:
        user: the customer.
        variant_id: what she would like to try.

    Raises:
        NotToWaitForError: the frame is not shown in the shop, or there is none.
        FrameFreeError: a unit of it is free; there is nothing to wait for.
        WaitlistFullError: she waits for ten already.
    """
    with transaction.atomic():
        # Two tabs of hers at once: the second counts what the first has joined.
        lock_name(f"waits-of:{user.pk}")
        variant = _variant_to_wait_for(variant_id, user)
        lock_lines([variant_id])
        open_waits = WaitlistEntry.objects.filter(user=user, ended_at=None)
        mine = open_waits.filter(variant=variant).first()
        if mine is not None:
            return mine
        if available_counts([variant_id])[variant_id]:
            raise FrameFreeError(
                _("%(frame)s is free to be tried right now. Put it into your box.")
                % {"frame": variant}
            )
        if open_waits.count() >= MOST_WAITS:
            raise WaitlistFullError(
                _("You wait for %(most)s frames already. Leave one line to join another.")
                % {"most": MOST_WAITS},
                most=MOST_WAITS,
            )
        # Of the moment at which the line is hers alone, so that places follow each other.
        entry = WaitlistEntry.objects.create(user=user, variant=variant, joined_at=timezone.now())
        WaitlistTransition.objects.create(
            subject=entry, from_state="", to_state=entry.state, actor=user, at=entry.joined_at
        )
        record_wait(EventName.WAITLIST_JOINED, entry)
        return entry


def leave_waitlist(*, user: User, variant_id: int) -> bool:
    """Take a customer out of a line; a unit held for her goes to the next.

    Returns:
        Whether she was in it.
    """
    mine = WaitlistEntry.objects.filter(user=user, variant_id=variant_id, ended_at=None)
    return any(_end(entry_id, WaitState.LEFT, by=user) for entry_id in _ids(mine))


def leave_all_lines(*, user: User) -> int:
    """Take a customer out of every line; returns how many she was in."""
    mine = WaitlistEntry.objects.filter(user=user, ended_at=None)
    return sum(_end(entry_id, WaitState.LEFT, by=user) for entry_id in _ids(mine))


def lapse_holds() -> int:
    """End every hold whose time is over; each unit goes to the next in line.

    Who could not take it, because a box of hers is out or her cool-down runs, keeps her place and
    is passed over until she can: no unit lies locked for all the days that her box is out. So does
    everybody for whom something is held of a frame that is not shown any more, at once.

    Returns:
        How many lapsed.
    """
    due = holds_due(timezone.now())
    return sum(_end(entry_id, WaitState.LAPSED) for entry_id in _ids(due))


def end_waits_by_taking(
    *, user_id: int, variant_ids: list[int], by: User | None
) -> list[uuid.UUID]:
    """Note that a customer got what she waited for: it goes into a trial of hers.

    A wait that lapsed or was left in this moment stays so.

    Args:
        user_id: the customer.
        variant_ids: of the units that were reserved for her in this transaction.
        by: who asked for the trial.

    Returns:
        The waits that ended by it.
    """
    now, ended = timezone.now(), []
    mine = WaitlistEntry.objects.filter(user_id=user_id, variant_id__in=variant_ids, ended_at=None)
    for entry in lock_rows(WaitlistEntry, _ids(mine)):
        if entry.ended_at is not None:
            continue
        fields = {"held_until": None, "ended_at": now}
        move(
            entry,
            WaitState.TAKEN,
            moves=WAIT_MOVES,
            history=WaitlistTransition,
            by=by,
            fields=fields,
        )
        record_wait(EventName.WAITLIST_TAKEN, entry)
        ended.append(entry.pk)
    return ended


ENDS = {WaitState.LEFT: EventName.WAITLIST_LEFT, WaitState.LAPSED: EventName.WAITLIST_LAPSED}


def _end(entry_id: uuid.UUID, state: WaitState, *, by: User | None = None) -> bool:
    while (ended := _try_to_end(entry_id, state, by)) is None:
        pass
    return ended


def _try_to_end(entry_id: uuid.UUID, state: WaitState, by: User | None) -> bool | None:
    """End a wait; nothing is returned where a unit was held for it since that was looked up."""
    with transaction.atomic():
        units = lock_rows(TrialUnit, [entry_id], by="held_for_id")
        lock_lines(WaitlistEntry.objects.filter(pk=entry_id).values_list("variant_id", flat=True))
        entry = lock_row(WaitlistEntry, entry_id)
        now = timezone.now()
        if entry.ended_at is not None:
            return False
        hidden = state == WaitState.LAPSED and not _is_shown(entry)
        if state == WaitState.LAPSED and (
            entry.held_until is None or (entry.held_until > now and not hidden)
        ):
            return False
        if entry.state == WaitState.HELD and not units:
            # Units are locked before lines: let go, and look again.
            return None
        if state == WaitState.LAPSED and (hidden or not_their_turn([entry.user_id])):
            _keep_place(entry, units, hidden=hidden)
            return False
        fields = {"held_until": None, "ended_at": now}
        move(entry, state, moves=WAIT_MOVES, history=WaitlistTransition, by=by, fields=fields)
        event = record_wait(ENDS[state], entry)
        if state == WaitState.LAPSED:
            _tell_lapsed(entry, event)
        _pass_on(units)
        return True


def _pass_on(units: list[TrialUnit]) -> None:
    for unit in units:
        unit.held_for = None
        unit.save(update_fields=["held_for"])
    promise(units)


def _is_shown(entry: WaitlistEntry) -> bool:
    return WaitlistEntry.objects.filter(is_shown(), pk=entry.pk).exists()


def _keep_place(entry: WaitlistEntry, units: list[TrialUnit], *, hidden: bool) -> None:
    """Let what is held for a customer go on to the next, and have her wait where she stood.

    Where the frame is not shown, there is no next, and she is not passed over: all wait for it.
    """
    now = timezone.now()
    passed_at = None if hidden else now
    fields = {"held_until": None, "passed_at": passed_at, "went_before": False}
    move(entry, WaitState.WAITING, moves=WAIT_MOVES, history=WaitlistTransition, fields=fields)
    entry = WaitlistEntry.objects.select_related("user", "variant__frame").get(pk=entry.pk)
    notify(
        user=entry.user,
        topic=Topic.TRIAL,
        template="waitlist_kept",
        context={"variant": entry.variant, "path": reverse("trials:waitlist"), "hidden": hidden},
        # The time names this very hold: another may follow.
        key=f"waitlist_kept:{entry.pk}:{now.timestamp():.0f}",
        about=entry.pk,
    )
    _pass_on(units)


def _tell_lapsed(entry: WaitlistEntry, event: uuid.UUID) -> None:
    """Tell a customer that what was held for her went on, and how she waits again."""
    entry = WaitlistEntry.objects.select_related("user", "variant__frame").get(pk=entry.pk)
    notify(
        user=entry.user,
        topic=Topic.TRIAL,
        template="waitlist_lapsed",
        context={
            "variant": entry.variant,
            "path": reverse("catalogue:frame", args=[entry.variant.frame.handle]),
        },
        key=f"{EventName.WAITLIST_LAPSED}:{entry.pk}",
        about=entry.pk,
        caused_by=event,
    )


def _ids(entries: QuerySet[WaitlistEntry]) -> list[uuid.UUID]:
    return list(entries.order_by("pk").values_list("pk", flat=True))


def _variant_to_wait_for(variant_id: int, user: User) -> Variant:
    variant = Variant.objects.select_related("frame").filter(pk=variant_id, active=True).first()
    if variant is None or not (variant.frame.published or early_frames(user, [variant.frame_id])):
        raise NotToWaitForError(_("This frame is no longer in the shop. Choose another."))
    return variant
