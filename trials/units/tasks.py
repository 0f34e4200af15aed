"""Jobs of the room."""

from typing import Any

from celery import shared_task

from shop.foundation.outbox import handles
from trials.units.services.measuring import measure_turnaround
from trials.units.services.promising import (
    free_what_ended_waits_hold,
    promise_all,
    promise_free_units,
    serve_again,
)
from trials.units.services.waiting import lapse_holds


@shared_task(name="trials.units.keep_promises")
def keep_promises() -> None:
    """End the holds that are over, and hold what is free for those who wait and can take it."""
    lapse_holds()
    free_what_ended_waits_hold()
    serve_again()
    promise_all()


@shared_task(name="trials.units.measure_turnaround")
def measure() -> None:
    """Measure how long units take to be on the shelf again."""
    measure_turnaround()


@handles("units.promise", name="units.promise_free_units")
def promise_again(payload: dict[str, Any]) -> None:
    """Hold what is free of a variant for those who wait; again it finds nothing to do."""
    promise_free_units(variant_id=payload["variant_id"])
