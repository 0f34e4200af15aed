"""Opening and closing panels, inviting people, and their yes or no."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from sharing.testers.errors import (
    NotStaffError,
    PanelClosedError,
    PanelEmptyError,
    PanelMissingError,
    TesterMissingError,
)
from sharing.testers.models import Panel, PanelTransition, Tester, TesterTransition
from sharing.testers.states import PANEL_MOVES, TESTER_MOVES, PanelState, TesterState
from shop.catalogue.services.early_looks import set_early_looks
from shop.customers.models import User
from shop.foundation.errors import InvalidError
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

INVITED_AT_ONCE = 100


@dataclass(frozen=True)
class Invited:
    """What became of a list of addresses.

    Attributes:
        new: invited now, and told by mail.
        before: invited before; nothing was sent.
        unknown: addresses without an account.
    """

    new: list[str]
    before: list[str]
    unknown: list[str]


def open_panel(*, panel_id: uuid.UUID, by: User) -> Panel:
    """Let testers see the panel's frames and answer; an open panel stays as it is.

    Raises:
        NotStaffError: she does not work here.
        PanelMissingError: there is no such panel.
        PanelEmptyError: it has no frame.
    """
    _check_staff(by)
    with transaction.atomic():
        panel = locked_panel(panel_id)
        if panel.state != PanelState.OPEN:
            if not panel.frames.exists():
                raise PanelEmptyError(_("Add a frame to the panel first."))
            _move_panel(panel, PanelState.OPEN, by)
        return panel


def close_panel(*, panel_id: uuid.UUID, by: User) -> Panel:
    """End a panel: its frames are seen no more, its answers stay as they are.

    Trials under way go on; a frame of theirs is returned as any other.

    Raises:
        NotStaffError: she does not work here.
        PanelMissingError: there is no such panel.
        IllegalMoveError: it was never open.
    """
    _check_staff(by)
    with transaction.atomic():
        panel = locked_panel(panel_id)
        if panel.state != PanelState.CLOSED:
            _move_panel(panel, PanelState.CLOSED, by)
        return panel


def invite(*, panel_id: uuid.UUID, by: User, emails: Iterable[str]) -> Invited:
    """Invite customers by their addresses; each is mailed once, however often she is named.

    Whoever declined, or was removed, is invited anew.

    Raises:
        NotStaffError: she does not work here.
        PanelMissingError: there is no such panel.
        PanelClosedError: it is not open: its invitation would lead nowhere.
        InvalidError: more than ``INVITED_AT_ONCE`` addresses, or none.
    """
    _check_staff(by)
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    if not 0 < len(wanted) <= INVITED_AT_ONCE:
        raise InvalidError(
            _("Enter 1 to %(limit)s addresses, one a line.") % {"limit": INVITED_AT_ONCE}
        )
    with transaction.atomic():
        panel = locked_panel(panel_id)
        if panel.state != PanelState.OPEN:
            raise PanelClosedError(_("Open the panel before you invite people."))
        found = {user.email.lower(): user for user in _users(wanted)}
        new: list[str] = []
        before: list[str] = []
        for email, user in sorted(found.items()):
            (new if _invited(panel, user, by) else before).append(email)
        return Invited(new, before, [email for email in wanted if email not in found])


def answer_invitation(*, user: User, panel_id: uuid.UUID, accept: bool) -> Tester:
    """Say yes or no to an invitation, or change one's mind while the panel is open.

    Raises:
        PanelMissingError: she was not invited.
        PanelClosedError: the panel is closed.
    """
    with transaction.atomic():
        if not Tester.objects.filter(panel_id=panel_id, user=user).exists():
            raise panel_missing()
        panel = locked_panel(panel_id)
        tester = lock_row(Tester, Tester.objects.get(panel=panel, user=user).pk)
        if tester.state == TesterState.REMOVED:
            raise panel_missing()
        if panel.state != PanelState.OPEN:
            raise PanelClosedError(_("This test is over. Thank you for being ready to help."))
        state = TesterState.ACCEPTED if accept else TesterState.DECLINED
        if tester.state != state:
            _move_tester(tester, state, user)
            refresh_looks(panel)
        return tester


def remove_tester(*, panel_id: uuid.UUID, tester_id: int, by: User) -> Tester:
    """Take somebody out of a panel: she sees its frames no more; what she said stays.

    Raises:
        NotStaffError: she does not work here.
        TesterMissingError: the panel has no such tester.
    """
    _check_staff(by)
    with transaction.atomic():
        panel = locked_panel(panel_id)
        if not Tester.objects.filter(panel=panel, pk=tester_id).exists():
            raise TesterMissingError(_("There is no such tester in this panel."))
        tester = lock_row(Tester, tester_id)
        if tester.state != TesterState.REMOVED:
            _move_tester(tester, TesterState.REMOVED, by)
            refresh_looks(panel)
        return tester


def leave_panels(*, user: User) -> int:
    """Take a customer out of every panel, as if she had declined; what she said stays.

    Returns:
        How many panels she was in or invited to.
    """
    here = (TesterState.INVITED, TesterState.ACCEPTED)
    count = 0
    for mine in Tester.objects.filter(user=user, state__in=here).order_by("panel_id"):
        with transaction.atomic():
            panel = locked_panel(mine.panel_id)
            tester = lock_row(Tester, mine.pk)
            if tester.state in here:
                _move_tester(tester, TesterState.DECLINED, user)
                refresh_looks(panel)
                count += 1
    return count


def refresh_looks(panel: Panel) -> None:
    """Let exactly the panel's testers see its frames, while it is open; called under its lock."""
    is_open = panel.state == PanelState.OPEN
    accepted = panel.testers.filter(state=TesterState.ACCEPTED).values_list("user_id", flat=True)
    set_early_looks(
        source=panel.pk,
        user_ids=accepted if is_open else [],
        frame_ids=panel.frames.values_list("frame_id", flat=True),
    )


def refresh_panel(*, panel_id: uuid.UUID) -> None:
    """Bring who sees what up to date after a panel's frames were changed by hand."""
    with transaction.atomic():
        refresh_looks(locked_panel(panel_id))


def begin_panel(*, panel: Panel, by: User) -> None:
    """Write down that a panel was made; called once, in the transaction that made it."""
    PanelTransition.objects.create(subject=panel, from_state="", to_state=panel.state, actor=by)


def locked_panel(panel_id: uuid.UUID) -> Panel:
    """Return a panel, locked.

    Raises:
        PanelMissingError: there is none.
    """
    try:
        return lock_row(Panel, panel_id)
    except Panel.DoesNotExist as error:
        raise panel_missing() from error


def panel_missing() -> PanelMissingError:
    """Return what to raise where there is no panel for somebody."""
    return PanelMissingError(_("There is no such test."))


def _check_staff(by: User) -> None:
    if not (by.is_active and by.is_staff):
        raise NotStaffError(_("Only people who work here run panels."))


def _users(emails: list[str]) -> Iterable[User]:
    by_address = User.objects.annotate(address=Lower("email"))
    return by_address.filter(address__in=emails, is_active=True)


def _invited(panel: Panel, user: User, by: User) -> bool:
    tester, is_new = Tester.objects.get_or_create(panel=panel, user=user)
    if is_new:
        TesterTransition.objects.create(
            subject=tester, from_state="", to_state=tester.state, actor=by
        )
    elif tester.state in (TesterState.DECLINED, TesterState.REMOVED):
        _move_tester(lock_row(Tester, tester.pk), TesterState.INVITED, by)
    else:
        return False
    notify(
        user=user,
        topic=Topic.TESTS,
        template="tester_invited",
        context={
            "title": panel.title,
            "words": panel.words,
            "path": reverse("sharing:test", args=[panel.pk]),
        },
        # Invited anew she is told anew.
        key=f"tester_invited:{tester.pk}:{tester.transitions.count()}",
        about=panel.pk,
    )
    return True


def _move_panel(panel: Panel, state: PanelState, by: User) -> None:
    move(panel, state, moves=PANEL_MOVES, history=PanelTransition, by=by)
    refresh_looks(panel)


def _move_tester(tester: Tester, state: TesterState, by: User) -> None:
    move(tester, state, moves=TESTER_MOVES, history=TesterTransition, by=by)
