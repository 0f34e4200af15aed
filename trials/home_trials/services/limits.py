"""What a programme sets as limits on a trial, for the placing and for the pages before it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.money import total
from shop.foundation.postgres import prepared_cursor
from trials.home_trials.errors import (
    BoxFullError,
    BoxTooDearError,
    CoolDownError,
    TrialLimitError,
)
from trials.home_trials.states import OPEN, TrialState
from trials.programme.errors import NoProgrammeError
from trials.programme.models import ProgrammeVersion
from trials.programme.queries import likely_version

# A box that the carrier lost on its way to her counts for nothing.
TRIALS_BEFORE = """
SELECT count(*), count(*) FILTER (WHERE state = ANY(%(open)s::varchar[])),
    max(closed_at) FILTER (WHERE state = %(closed)s AND NOT never_arrived)
FROM trials_trial WHERE user_id = %(user)s
"""
# Of several customers at once, those who have a box under way or had one lately.
TRIALS_OF_EACH = """
SELECT user_id, count(*) FILTER (WHERE state = ANY(%(open)s::varchar[])),
    max(closed_at) FILTER (WHERE state = %(closed)s AND NOT never_arrived)
FROM trials_trial WHERE user_id = ANY(%(users)s::bigint[])
GROUP BY user_id
HAVING bool_or(state = ANY(%(open)s::varchar[]))
    OR max(closed_at) FILTER (WHERE NOT never_arrived) > %(now)s::timestamptz - make_interval(
        days => 1 + (SELECT max(cool_down_days) FROM trials_programmeversion)
    )
"""


def check_customer(user: User, version: ProgrammeVersion) -> int:
    """Make sure that a customer may have another trial now: one query.

    Args:
        user: who asks. To be held against her asking twice at once, her name is locked.
        version: the rules.

    Returns:
        How many trials she has placed so far.

    Raises:
        TrialLimitError: she has as many trials open as the programme allows.
        CoolDownError: her last one was closed too few of her own calendar days ago.
    """
    with prepared_cursor() as cursor:
        values: dict[str, Any] = {"user": user.pk, "open": sorted(OPEN)}
        cursor.execute(TRIALS_BEFORE, {**values, "closed": TrialState.CLOSED})
        placed, under_way, closed_at = cursor.fetchone()
    _check_trials(user, version, under_way, closed_at)
    return int(placed)


def _check_trials(
    user: User, version: ProgrammeVersion, under_way: int, closed_at: datetime | None
) -> None:
    if under_way >= version.open_trials_per_customer:
        raise TrialLimitError(
            _("You have a trial under way. Send it back before you ask for the next one."),
            limit=version.open_trials_per_customer,
        )
    if closed_at and version.cool_down_days:
        closed_on = closed_at.astimezone(user.zone).date()
        again = closed_on + timedelta(days=version.cool_down_days)
        if timezone.now().astimezone(user.zone).date() < again:
            raise CoolDownError(
                _("Your last trial has just ended. You can ask for the next one from %(day)s on.")
                % {"day": date_format(again, "DATE_FORMAT")},
                possible_from=again.isoformat(),
            )


def cannot_place(user_ids: Sequence[int]) -> set[int]:
    """Return which of these customers may not have another trial now: those it would be told.

    The rules are those that count now where her boxes go. One query, and where somebody has a box
    out or had one lately another, and two for each of them.

    Args:
        user_ids: the customers.
    """
    values: dict[str, Any] = {
        "users": list(user_ids),
        "open": sorted(OPEN),
        "closed": TrialState.CLOSED,
        "now": timezone.now(),
    }
    with prepared_cursor() as cursor:
        cursor.execute(TRIALS_OF_EACH, values)
        found = {user: (under_way, closed_at) for user, under_way, closed_at in cursor.fetchall()}
    return {
        user.pk
        for user in (User.objects.filter(pk__in=found) if found else ())
        if _is_refused(user, *found[user.pk])
    }


def _is_refused(user: User, under_way: int, closed_at: datetime | None) -> bool:
    try:
        _check_trials(user, likely_version(user), under_way, closed_at)
    except (TrialLimitError, CoolDownError, NoProgrammeError):
        return True
    return False


def check_box(prices: list[Money], version: ProgrammeVersion) -> None:
    """Make sure that a box holds, and is worth, no more than its programme sends at once.

    Args:
        prices: of the frames in it.
        version: the rules.

    Raises:
        BoxFullError: it holds too many frames.
        BoxTooDearError: they are worth too much.
    """
    if len(prices) > version.frames_per_box:
        raise BoxFullError(
            _("A box holds %(limit)s frames. Take some out.") % {"limit": version.frames_per_box},
            limit=version.frames_per_box,
        )
    most, worth = version.most_value, total(prices)
    if most.amount and worth > most:
        raise BoxTooDearError(
            _(
                "Frames worth up to %(most)s go into one box; yours are worth %(worth)s. "
                "Take one out."
            )
            % {"most": most, "worth": worth},
            most=str(most.amount),
            currency=str(most.currency),
        )


def why_not(user: User | None, version: ProgrammeVersion, prices: list[Money]) -> str:
    """Return what keeps a person from a trial of such a box, in words; empty if nothing does.

    That a frame is too many is not said: the page of the box says it already.

    Args:
        user: nobody where it is not known who looks.
        version: the rules.
        prices: of the frames in the box.
    """
    try:
        if user is not None:
            check_customer(user, version)
        check_box(prices[: version.frames_per_box], version)
    except (TrialLimitError, CoolDownError, BoxTooDearError) as error:
        return str(error)
    return ""
