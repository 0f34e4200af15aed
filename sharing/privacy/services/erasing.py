"""Erasing a person: asked for in one transaction, carried out by a worker, room after room."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.privacy.errors import AccountBusyError, NothingChosenError, VoteMissingError
from sharing.privacy.models import Erasure, ErasureTransition
from sharing.privacy.states import ERASURE_MOVES, ErasureState
from sharing.votes.models import Vote
from sharing.votes.states import LeftOut
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import Person, customer, record, staff, voter
from shop.customers.closing import is_erased, keeps_addresses, shut_account
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row
from shop.foundation.outbox import publish
from shop.foundation.privacy import Scope, erase_by, forget, obstacles
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic


def request_erasure(*, user: User, scopes: Iterable[str], by: User) -> Erasure:
    """Have photos, votes, comments or the whole account of a customer erased, everywhere.

    An account is shut at once; what it holds goes within a minute, by a worker. Asked for again
    while it is under way, nothing is added.

    Args:
        user: whose.
        scopes: of ``Scope``; ``ACCOUNT`` is all of them.
        by: herself, or staff who got her letter.

    Raises:
        NothingChosenError: no scope, or an unknown one.
        AccountBusyError: the account has a trial, an order or money under way.
    """
    wanted = [scope.value for scope in Scope if scope in set(scopes)]
    if not wanted or not set(scopes) <= set(Scope.values):
        raise NothingChosenError(_("Choose what to erase."))
    with transaction.atomic():
        closing = Scope.ACCOUNT in wanted
        if closing:
            # A trial placed meanwhile waits, then finds no address to go to.
            lock_name(f"customer-trials:{user.pk}")
        locked = lock_row(User, user.pk)
        under_way = Erasure.objects.filter(user=locked, scopes=wanted)
        before = under_way.filter(state=ErasureState.REQUESTED).first()
        if before is not None:
            return before
        if closing:
            _check_obstacles(locked)
            shut_account(locked)
        erasure = Erasure.objects.create(user=locked, scopes=wanted)
        ErasureTransition.objects.create(
            subject=erasure, from_state="", to_state=erasure.state, actor=by
        )
        publish("privacy.erase", {"erasure": str(erasure.pk)})
        return erasure


def carry_out_erasure(erasure_id: uuid.UUID) -> None:
    """Erase what was asked for, floor after floor from the top; killed half-way it begins anew."""
    erasure = Erasure.objects.select_related("user").get(pk=erasure_id)
    if erasure.state == ErasureState.DONE:
        return
    closing = Scope.ACCOUNT in erasure.scopes
    erased = erase_by([Scope(scope) for scope in erasure.scopes], erasure.user)
    with transaction.atomic():
        erasure = lock_row(Erasure, erasure_id, related=("user",))
        if erasure.state == ErasureState.DONE:
            return
        again_at = _next_try() if closing and keeps_addresses(erasure.user) else None
        move(
            erasure,
            ErasureState.DONE,
            moves=ERASURE_MOVES,
            history=ErasureTransition,
            fields={"done_at": timezone.now(), "again_at": again_at},
        )
        asked = erasure.transitions.order_by("at", "pk").values_list("actor", flat=True).first()
        by_letter = asked is not None and asked != erasure.user_id
        _record_erased(
            key=str(erasure.pk),
            subject=("customer", erasure.user_id),
            person=staff(User(pk=asked)) if by_letter else customer(erasure.user),
            details={"scopes": erasure.scopes, "erased": erased},
        )
        if not is_erased(erasure.user):
            words = [Scope(scope).label for scope in erasure.scopes]
            notify(
                user=erasure.user,
                topic=Topic.SECURITY,
                template="erased",
                context={"scopes": words, "path": reverse("sharing:privacy")},
                key=f"erased:{erasure.pk}",
                about=erasure.pk,
            )


def erase_again(*, limit: int = 100) -> int:
    """Empty the addresses of erased accounts whose invoices need be kept no longer.

    Returns:
        How many accounts were looked at.
    """
    due = Erasure.objects.filter(again_at__lte=timezone.now()).select_related("user")
    erasures = list(due.order_by("again_at")[:limit])
    for erasure in erasures:
        erase_by([Scope.ACCOUNT], erasure.user)
        again_at = _next_try() if keeps_addresses(erasure.user) else None
        Erasure.objects.filter(pk=erasure.pk).update(again_at=again_at)
    return len(erasures)


def erase_vote(*, voter_id: uuid.UUID) -> None:
    """Erase a friend's vote, comment and name by the browser she cast it from; closed or not.

    Raises:
        VoteMissingError: that browser has no vote there.
    """
    vote = Vote.objects.filter(voter=voter_id).exclude(excluded_because=LeftOut.ERASED).first()
    if vote is None:
        raise VoteMissingError(_("There is no vote from this browser here."))
    forget("voter", voter_id)
    with transaction.atomic():
        times = EventKey.objects.filter(
            pk__startswith=f"{EventName.PERSON_ERASED}:{voter_id}:"
        ).count()
        _record_erased(
            key=f"{voter_id}:{times}",
            subject=("voter", voter_id),
            person=voter(voter_id),
            details={"vote": str(vote.pk), "gallery": str(vote.gallery_id)},
            caused_by=EventKey.objects.filter(pk=f"{EventName.VOTE_CAST}:{vote.pk}")
            .values_list("event_id", flat=True)
            .first(),
        )


def _check_obstacles(user: User) -> None:
    why = obstacles(user)
    if user.is_staff:
        why = [_("You work in the console. Ask a manager to end that first."), *why]
    if why:
        raise AccountBusyError(
            _("Your account cannot be deleted yet. %(why)s") % {"why": " ".join(why)}, why=why
        )


def _next_try() -> datetime:
    now = timezone.now()
    return datetime(now.year + 1, 1, 1, tzinfo=now.tzinfo)


def _record_erased(
    *,
    key: str,
    subject: tuple[str, object],
    person: Person,
    details: dict[str, object],
    caused_by: uuid.UUID | None = None,
) -> None:
    record(
        EventName.PERSON_ERASED,
        key=f"{EventName.PERSON_ERASED}:{key}",
        subject=subject,
        person=person,
        caused_by=caused_by,
        details=details,
    )
