"""How every step of a trial is written into the events, in one place."""

import uuid
from datetime import datetime

from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import Person, record
from shop.foundation.outbox import News, news, publish_together
from trials.home_trials.models import Trial, TrialItem

# A trial was asked for, or what it waited for was paid: a floor or room above may decide on it.
TO_DECIDE = "trials.to_decide"
news(TO_DECIDE)
# A trial was asked for of which nothing is to be paid first: its customer is to be told.
REQUESTED = "trials.requested"
news(REQUESTED)


def record_trial(
    name: EventName,
    trial: Trial,
    *,
    person: Person,
    at: datetime | None = None,
    caused_by: uuid.UUID | None = None,
    amount: Money | None = None,
) -> uuid.UUID:
    """Record a step every trial takes at most once, by the way its customer came.

    Args:
        name: the step.
        trial: whose.
        person: who made it.
        at: when; now if not given.
        caused_by: the event that led to it.
        amount: what moved with it, if money did.
    """
    return record(
        name,
        key=f"{name}:{trial.pk}",
        subject=("trial", trial.pk),
        person=person,
        occurred_at=at,
        channel=trial.channel,
        link=trial.link,
        caused_by=caused_by,
        amount=amount,
        details={"customer": str(trial.user_id), "version": trial.programme_version_id},
    )


def tell_to_decide(trial: Trial) -> None:
    """Publish that a requested trial may be decided on, in the caller's transaction."""
    publish_together([to_decide(trial)])


def to_decide(trial: Trial) -> News:
    """Return what is to be published of a trial that may be decided on."""
    return News(TO_DECIDE, {"trial": str(trial.pk)})


def to_confirm(trial: Trial, *, caused_by: uuid.UUID) -> News:
    """Return what is to be published of one that its customer is to be told has come.

    Args:
        trial: of which nothing is to be paid first.
        caused_by: the event of its placing.
    """
    return News(REQUESTED, {"trial": str(trial.pk), "caused_by": str(caused_by)})


def record_item(name: EventName, item: TrialItem, *, person: Person, at: datetime) -> uuid.UUID:
    """Record what became of one item; each outcome once."""
    return record(
        name,
        key=f"{name}:{item.pk}",
        subject=("trial_item", item.pk),
        person=person,
        occurred_at=at,
        amount=item.price,
        details={"trial": str(item.trial_id), "variant": item.variant_id},
    )
