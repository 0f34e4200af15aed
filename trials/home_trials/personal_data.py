"""A box goes, and why she called one off; trials stay by number, for stock and figures."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.home_trials.models import Box, Trial, TrialTransition
from trials.home_trials.queries import open_trials
from trials.home_trials.states import TrialState
from trials.units.models import UnitMovement


def export_trials(user: Any) -> dict[str, Any]:
    """Return what is in her box, and her trials with what became of each frame, oldest first."""
    trials = Trial.objects.filter(user=user).order_by("requested_at")
    dates = ("requested_at", "shipped_at", "delivered_at", "due_at", "closed_at")
    boxes = Box.objects.filter(user=user, items__isnull=False)
    called_off = Prefetch("transitions", queryset=_her_words(user), to_attr="called_off")
    return {
        "box": list(boxes.values_list("items__variant__sku", flat=True)),
        "trials": [
            {
                "number": trial.number,
                "state": trial.state,
                "came_by": trial.channel,
                **{name: getattr(trial, name) for name in dates},
                "why_you_cancelled": "".join(each.reason for each in trial.called_off),
                "address": trial.address.lines,
                "frames": [
                    {"sku": item.variant.sku, "outcome": item.outcome} for item in trial.items.all()
                ],
            }
            for trial in trials.select_related("address").prefetch_related(
                "items__variant", called_off
            )
        ],
    }


def _her_words(user: Any) -> QuerySet[TrialTransition]:
    """Return the moves by which she called trials of hers off and said why.

    What staff said, and the shop itself, is another's: who moved it tells them apart.
    """
    hers = TrialTransition.objects.filter(subject__user=user, actor=user)
    return hers.filter(to_state=TrialState.CANCELLED).exclude(reason="")


def erase_words_and_box(user: Any) -> int:
    """Delete her box, and empty why she called trials off; that she did stays by number."""
    with transaction.atomic():
        emptied = 0
        for trial_id, words in _her_words(user).values_list("subject", "reason"):
            # Units that were free again by it say it, too; others say a sentence of the shop's.
            copies = UnitMovement.objects.filter(trial_id=trial_id, actor=user, reason=words)
            emptied += copies.update(reason="")
        emptied += TrialTransition.objects.filter(pk__in=_her_words(user)).update(reason="")
        return emptied + Box.objects.filter(user=user).delete()[0]


def trial_under_way(user: User) -> str:
    """Return why an account must wait: frames of the shop's are promised to her, or with her."""
    if open_trials(user).exists():
        return _("A trial of yours is under way. Cancel it, or send the frames back.")
    return ""


register_personal_data(
    "trials.home_trials",
    holds={
        "trials.Box": ["user"],
        "trials.TrialTransition": ["reason"],
        "trials.UnitMovement": ["reason"],
    },
    export=export_trials,
    erase={Scope.ACCOUNT: erase_words_and_box},
    obstacle=trial_under_way,
)
keep_personal_data(
    "trials.Trial",
    "user",
    why="Where each demo frame has been, by number; its address is emptied with the account.",
)
not_personal("trials.Trial", "number", "channel", "link", why="Made by the shop.")
