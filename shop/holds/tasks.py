"""Jobs of holds: what the outbox brings, and the sweep over what is due or was never told."""

import uuid
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from shop.foundation.outbox import handles
from shop.holds.models import Hold
from shop.holds.services.asking import place_hold
from shop.holds.services.ending import carry_out_capture, carry_out_release, look_up_lapsed
from shop.holds.services.renewing import (
    holds_to_renew,
    holds_to_tell,
    renew_hold,
    tell_of_renewal,
)

State = Hold.State
UNDECIDED = {
    State.CREATED: place_hold,
    State.RELEASING: carry_out_release,
    State.CAPTURING: carry_out_capture,
}
# Younger ones are left to the worker that is at them.
LEFT_ALONE = timedelta(minutes=2)


@handles("holds.place", name="holds.place")
def on_place(payload: dict[str, Any]) -> None:
    """Hold an amount."""
    place_hold(hold_id=uuid.UUID(payload["hold_id"]))


@handles("holds.release", name="holds.release")
def on_release(payload: dict[str, Any]) -> None:
    """Free what was held."""
    carry_out_release(hold_id=uuid.UUID(payload["hold_id"]))


@handles("holds.capture", name="holds.capture")
def on_capture(payload: dict[str, Any]) -> None:
    """Take what was held."""
    carry_out_capture(hold_id=uuid.UUID(payload["hold_id"]))


@shared_task(name="shop.holds.sweep")
def sweep_holds() -> None:
    """Find the holds to tell of, to renew and to look up; each is a job of its own."""
    now = timezone.now()
    for hold_id in holds_to_tell(now):
        tend_hold.delay(str(hold_id), "tell")
    for hold_id in holds_to_renew(now):
        tend_hold.delay(str(hold_id), "renew")
    old = Hold.objects.filter(state__in=UNDECIDED, created_at__lt=now - LEFT_ALONE)
    for hold_id in old.order_by("created_at").values_list("pk", flat=True)[:100]:
        tend_hold.delay(str(hold_id), "settle")
    over = Hold.objects.filter(state=State.AUTHORISED, capture_before__lte=now)
    for hold_id in over.order_by("capture_before").values_list("pk", flat=True)[:100]:
        tend_hold.delay(str(hold_id), "look_up")


@shared_task(name="shop.holds.tend")
def tend_hold(hold_id: str, act: str) -> None:
    """Do for one hold what the sweep found due; does nothing where it was done meanwhile."""
    key = uuid.UUID(hold_id)
    if act == "tell":
        tell_of_renewal(hold_id=key)
    elif act == "renew":
        renew_hold(hold_id=key)
    elif act == "look_up":
        look_up_lapsed(hold_id=key)
    else:
        UNDECIDED[State(Hold.objects.get(pk=key).state)](hold_id=key)
