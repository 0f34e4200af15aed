"""What can be done with a trial now, and what is the one thing to do next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from trials.console.queries.trials import may_be_charged
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.states import ProposalState
from trials.shipping.models import Leg
from trials.shipping.queries import is_delivery_assumed
from trials.units.states import UnitState

# Damage that waits for staff, not for the customer.
TO_DECIDE = frozenset({ProposalState.PROPOSED, ProposalState.OBJECTED})


@dataclass(frozen=True)
class Action:
    """A button: a link where ``post`` is false, else a form.

    Attributes:
        label: what it does.
        url: where it leads or posts to.
        post: whether it changes something.
        fields: sent along.
        variant: ``primary`` for the one thing to do next.
        icon: a name in the sprite.
        key: a letter of the keyboard.
    """

    label: str
    url: str
    post: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    variant: str = "primary"
    icon: str = ""
    key: str = ""


def actions_of(trial: Trial, now: datetime) -> list[Action]:
    """Return the buttons of a trial's page, the next thing to do first.

    Args:
        trial: as ``staff_trial`` returns it.
        now: an aware time; judges whether a missing frame may be charged.
    """
    number = trial.number
    labelled = bool(list(trial.shipments.all()))
    check_in = Action(_("Check in"), _url("check_in_trial", number), icon="return", key="i")
    charge = Action(
        _("Charge what is missing"), _url("trial_charge", number), post=True, icon="card"
    )
    came_back = _told(number, "sent_back", _("It comes back undelivered"), "", "secondary")
    reprint = Action(_("Labels"), _url("labels", number), variant="secondary", icon="printer")
    actions = {
        TrialState.REQUESTED: []
        if trial.pay_by
        else [
            Action(_("Approve"), _url("trial_approve", number), post=True, icon="check", key="a")
        ],
        TrialState.APPROVED: [
            Action(_("Pack this box"), _url("pack_trial", number), icon="barcode", key="p")
        ],
        TrialState.PACKED: _packed(number, labelled),
        TrialState.SHIPPED: [
            _told(number, "delivered", _("The carrier delivered it"), "d"),
            _told(number, "undelivered", _("It could not be delivered"), "", "secondary"),
            came_back,
        ],
        TrialState.DELIVERED: [
            check_in,
            _told(number, "returning", _("The parcel is on its way back"), "r", "secondary"),
            *([came_back] if _may_not_have_come(trial) else []),
        ],
        TrialState.RETURNING: [check_in],
        TrialState.RECEIVED: _received(trial, check_in),
        TrialState.CANCELLED: _cancelled(trial),
    }.get(TrialState(trial.state), [])
    if may_be_charged(trial, now):
        actions = [charge, *(_secondary(each) for each in actions)]
    if labelled and trial.state in (TrialState.SHIPPED, TrialState.DELIVERED):
        actions = [*actions, reprint]
    return actions


def _may_not_have_come(trial: Trial) -> bool:
    """Tell whether a box at home was only taken for delivered, or is missed."""
    out = [each for each in trial.shipments.all() if each.leg == Leg.OUTBOUND]
    return trial.is_missed or any(is_delivery_assumed(each) for each in out)


def _packed(number: str, labelled: bool) -> list[Action]:
    make = Action(
        _("Print the labels"), _url("labels_make", number), post=True, icon="printer", key="l"
    )
    if not labelled:
        return [make]
    ship = Action(_("Mark as shipped"), _url("trial_ship", number), True, icon="truck", key="s")
    again = Action(_("Labels"), _url("labels", number), variant="secondary", icon="printer")
    return [ship, again]


def _cancelled(trial: Trial) -> list[Action]:
    """Lead to where its units are put back that were taken from their shelves for it."""
    off = any(
        item.unit.state == UnitState.INSPECTION and (item.picked_at or item.packed_at)
        for item in trial.items.all()
    )
    return [Action(_("To put back"), reverse("console:put_back"), icon="tag")] if off else []


def _received(trial: Trial, check_in: Action) -> list[Action]:
    """Offer to check in what is still away, else to decide the damage that keeps it open."""
    items = list(trial.items.all())
    if any(item.settled_at is None for item in items):
        return [check_in]
    inspections = [getattr(item, "inspection", None) for item in items]
    proposals = [getattr(each, "proposal", None) for each in inspections]
    if not any(each and each.state in TO_DECIDE for each in proposals):
        return []
    return [Action(_("Decide the damage"), reverse("console:proposal_list"), icon="alert")]


def _told(number: str, step: str, label: str, key: str, variant: str = "primary") -> Action:
    return Action(
        label,
        _url("trial_tracking", number),
        post=True,
        fields=(("step", step),),
        variant=variant,
        icon="truck",
        key=key,
    )


def _secondary(action: Action) -> Action:
    values: dict[str, Any] = {**vars(action), "variant": "secondary"}
    return Action(**values)


def _url(name: str, number: str) -> str:
    return reverse(f"console:{name}", args=[number])
