"""Two people at one thing: whoever acts on what is no longer so is told what happened meanwhile.

A page's forms carry what it showed, and its acts refuse where that is no longer so. What a service
refuses for its own reasons it refuses under its lock; this is for acts that are still allowed, but
that nobody would do who knew: charging what somebody has just extended, or retiring a unit that is
on its way to repair. A form without a mark is let through.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.foundation.history import latest_move, told
from shop.foundation.locks import lock_row
from trials.console.errors import ChangedMeanwhileError
from trials.console.queries.trials import staff_trial
from trials.console.queries.units import staff_unit
from trials.console.timeline import Entry, trial_timeline, unit_timeline
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.returns.models.charges import TrialCharge
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit


def check_seen(request: HttpRequest, trial: Trial) -> None:
    """Refuse a form whose page showed the trial in another state than it is in now.

    Args:
        request: its ``seen`` is the state the page showed; a form without it is let through.
        trial: as it is now.

    Raises:
        ChangedMeanwhileError: it was moved since, naming by whom and when.
    """
    seen = request.POST.get("seen", "")
    latest = latest_move(TrialTransition, trial) if seen not in ("", trial.state) else None
    if latest is not None:
        raise ChangedMeanwhileError(
            _(
                "Nothing was done: %(who)s made this trial “%(now)s” (%(when)s) after you opened"
                " the page. Here is where it stands."
            )
            % told(latest, trial),
            state=trial.state,
        )


def mark_of_trial(
    trial: Trial,
    *,
    away: Iterable[TrialItem] | None = None,
    owed: Iterable[TrialCharge] | None = None,
) -> str:
    """Return what a page shows of a trial in short: its state and last day, what is away and owed.

    Args:
        trial: as ``staff_trial`` returns it, unless both of these are given.
        away: its items that are not settled.
        owed: its charges that are owed.
    """
    if away is None:
        away = [item for item in trial.items.all() if item.settled_at is None]
    if owed is None:
        owed = [each for each in trial.charges.all() if each.state == TrialCharge.State.OWED]
    day = trial.due_at.isoformat() if trial.due_at else ""
    frames = [f"{each.pk}:{each.variant_id}" for each in away]
    shown = [trial.state, day, *sorted([*frames, *(str(each.pk) for each in owed)])]
    return hashlib.sha256("|".join(shown).encode()).hexdigest()[:16]


def mark_of_unit(unit: TrialUnit) -> str:
    """Return what a page shows of a unit in short: its latest movement, shelf and grade included.

    Args:
        unit: as ``staff_unit`` returns it.
    """
    return str(max((movement.pk for movement in unit.movements.all()), default=0))


@contextmanager
def trial_as_shown(request: HttpRequest, number: str) -> Iterator[Trial]:
    """Hold a trial still while something is done about it, if it is as the form's page showed it.

    Args:
        request: its ``mark`` is that of the page, its ``seen`` the state there.
        number: of the trial; what is done locks nothing further up than trials.

    Raises:
        NothingFoundError: there is none of that number.
        ChangedMeanwhileError: it is not; nothing was done.
    """
    with transaction.atomic():
        held = Trial.objects.filter(number=number.upper()).values_list("pk", flat=True).first()
        if held is not None:
            lock_row(Trial, held)
        trial = staff_trial(number)
        if request.POST.get("mark", "") not in ("", mark_of_trial(trial)):
            raise _changed(trial_timeline(trial), state=trial.state)
        check_seen(request, trial)
        yield trial


@contextmanager
def unit_as_shown(request: HttpRequest, barcode: str) -> Iterator[TrialUnit]:
    """Hold a unit still while something is done to it, if it is as the form's page showed it.

    Raises:
        UnitMissingError: there is none of that barcode.
        ChangedMeanwhileError: it was moved, put on another shelf or graded anew since.
    """
    with transaction.atomic():
        units = TrialUnit.objects.filter(barcode=normalised(barcode))
        if (held := units.values_list("pk", flat=True).first()) is not None:
            lock_row(TrialUnit, held)
        unit = staff_unit(barcode)
        if request.POST.get("mark", "") not in ("", mark_of_unit(unit)):
            raise _changed(unit_timeline(unit), state=unit.state)
        yield unit


def _changed(entries: list[Entry], **extra: Any) -> ChangedMeanwhileError:
    # Mails only tell of it.
    latest = next(each for each in entries if not each.get("mail"))
    return ChangedMeanwhileError(
        _(
            "Nothing was done: after you opened the page, this happened: “%(what)s”"
            " (%(who)s, %(when)s). Here is where it stands."
        )
        % {
            "what": latest["title"],
            "who": latest["by"],
            "when": date_format(timezone.localtime(latest["at"]), "SHORT_DATETIME_FORMAT"),
        },
        **extra,
    )
