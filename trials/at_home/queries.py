"""Who is to be reminded, and what a customer may add to her days."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from shop.foundation.postgres.queries import PreparedValues, Slot
from trials.at_home.models import Extension, ExtensionGift, ExtensionKind
from trials.at_home.sent_back import is_said_sent
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState
from trials.units.models import WaitlistEntry
from trials.units.states import WaitState


@dataclass(frozen=True)
class ExtensionOffer:
    """What a customer may add to the days of a trial.

    Attributes:
        days: how many days; 0 where she may add none.
        kind: the ``ExtensionKind`` it would rest on.
        gift_id: the present it would use up.
        waited_for: whether others wait for one of the frames, which is why there is none.
        sent_back: whether she said that her box is on its way back, which is why there is none.
        missed: whether she says that her box never came, which is why there is none.
    """

    days: int = 0
    kind: str = ""
    gift_id: uuid.UUID | None = None
    waited_for: bool = False
    sent_back: bool = False
    missed: bool = False


def trials_to_write_to(now: datetime) -> QuerySet[Trial]:
    """Return the trials at home whose customer is to be written to by now.

    Nobody is who says that her box never came.

    Args:
        now: an aware time.
    """
    return Trial.objects.filter(
        state=TrialState.DELIVERED, next_reminder_at__lte=now, missed_at=None
    )


def unused_gifts(user_id: int) -> QuerySet[ExtensionGift]:
    """Return the days a customer was given and has not used, oldest first."""
    unused = ExtensionGift.objects.filter(user=user_id, extension=None, withdrawn_at=None)
    return unused.order_by("given_at", "pk")


def extension_offer(trial: Trial) -> ExtensionOffer:
    """Return what a customer may add to a trial's days: what the programme offers, then a present.

    Args:
        trial: with its programme's version.
    """
    if not is_extendable(trial):
        return ExtensionOffer()
    if trial.missed_at is not None:
        return ExtensionOffer(missed=True)
    if is_said_sent(trial):
        return ExtensionOffer(sent_back=True)
    used = {kind for (kind,) in _USED.rows(trial=trial.pk)}
    days, kind, gift_id = trial.programme_version.extension_days, ExtensionKind.TERMS, None
    if not days or kind in used:
        gift = None if ExtensionKind.GIFT in used else unused_gifts(trial.user_id).first()
        if gift is None:
            return ExtensionOffer()
        days, kind, gift_id = gift.days, ExtensionKind.GIFT, gift.pk
    if others_wait(trial):
        return ExtensionOffer(waited_for=True)
    return ExtensionOffer(days, kind, gift_id)


def is_extendable(trial: Trial) -> bool:
    """Tell whether the box is at home and the days of grace are not over."""
    at_home = trial.state == TrialState.DELIVERED and trial.due_at is not None
    return at_home and trial.charge_at is not None and trial.charge_at > timezone.now()


def others_wait(trial: Trial) -> bool:
    """Tell whether other customers wait for a frame that is out with this trial."""
    return bool(_WAITED_FOR.rows(trial=trial.pk))


# Asked before each mail of the days at home, of which a trial gets three.
def _used() -> QuerySet[Extension, Any]:
    return Extension.objects.filter(trial_id=Slot("trial")).order_by().values_list("kind")


def _waited_for() -> QuerySet[WaitlistEntry, Any]:
    away = TrialItem.objects.filter(trial_id=Slot("trial"), holds_unit=True, settled_at=None)
    waiting = WaitlistEntry.objects.filter(state=WaitState.WAITING)
    waiting = waiting.filter(variant__in=away.order_by().values("variant"))
    return waiting.order_by().values_list("pk")[:1]


_USED = PreparedValues(_used)
_WAITED_FOR = PreparedValues(_waited_for)
