"""What the pages of a trial show, worked out in Python so that templates only lay it out."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState

# The five steps a customer sees, each with the states in which it is the one under way.
REQUESTED, PACKED, ON_ITS_WAY, AT_HOME, BACK = range(5)
STEP_OF = {
    TrialState.REQUESTED: REQUESTED,
    TrialState.APPROVED: PACKED,
    TrialState.PACKED: PACKED,
    TrialState.SHIPPED: ON_ITS_WAY,
    TrialState.DELIVERED: AT_HOME,
    TrialState.RETURNING: BACK,
    TrialState.RECEIVED: BACK,
    TrialState.CLOSED: BACK + 1,
}
# While the customer may need to know how to send the box back.
RETURNABLE = frozenset({TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING})


def shows_return(trial: Trial, items: list[TrialItem]) -> bool:
    """Tell whether a trial's page says how to send back: the box, or what was not in it.

    What the carrier brings back undelivered, with no days at home, was never hers to send; nor is
    what she misses, while she does.
    """
    if trial.is_missed:
        return False
    if trial.due_at is None and trial.state in (TrialState.RETURNING, TrialState.RECEIVED):
        return False
    missing = trial.state == TrialState.RECEIVED and any(each.settled_at is None for each in items)
    return trial.state in RETURNABLE or missing


def is_overdue(trial: Trial) -> bool:
    """Tell whether the days at home are over and nothing is on its way back."""
    late = trial.due_at is not None and trial.due_at < timezone.now()
    return late and trial.state == TrialState.DELIVERED


def steps(trial: Trial) -> list[dict[str, str]]:
    """Return the stepper of a trial; empty where it ended before it began."""
    if trial.state not in STEP_OF:
        return []
    now = STEP_OF[TrialState(trial.state)]
    labels = [_("Requested"), _("Packed"), _("On its way"), _("At home"), _("Back")]
    states = ["done" if at < now else "current" if at == now else "todo" for at in range(5)]
    found = [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
    if trial.never_arrived:
        del found[AT_HOME]
    return found


def timeline(trial: Trial) -> list[dict[str, Any]]:
    """Return a trial's moves, latest first, without the names of staff."""
    words = {
        TrialState.REQUESTED: _("Requested"),
        TrialState.APPROVED: _("Approved: your frames are being packed"),
        TrialState.PACKED: _("Packed"),
        TrialState.SHIPPED: _("Handed to the carrier"),
        TrialState.DELIVERED: _("Delivered: your days at home begin"),
        TrialState.RETURNING: _("On its way back"),
        TrialState.RECEIVED: _("Received by us"),
        TrialState.CLOSED: _("Complete"),
        TrialState.CANCELLED: _("Cancelled"),
        TrialState.DECLINED: _("Declined"),
    }
    moves = sorted(trial.transitions.all(), key=lambda each: (each.at, each.pk), reverse=True)
    entries: list[dict[str, Any]] = []
    for each in moves:
        title, note = words[TrialState(each.to_state)], each.note
        if each.from_state == TrialState.PACKED and each.to_state == TrialState.APPROVED:
            # Why is the warehouse's affair.
            title, note = _("Opened again: another pair of a frame goes in"), ""
        entries.append({"title": title, "at": each.at, "note": note})
    return entries
