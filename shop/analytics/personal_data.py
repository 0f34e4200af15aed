"""Events name people by number only; their own they are given."""

from typing import Any

from shop.analytics.models import Event
from shop.analytics.services import customer
from shop.foundation.privacy import keep_personal_data, not_personal, register_personal_data


def export_events(user: Any) -> list[dict[str, Any]]:
    """Return what the figures know that she did, oldest first."""
    person = customer(user)
    events = Event.objects.filter(person_type=person.type, person_id=person.id)
    columns = ("name", "occurred_at", "subject_type", "subject_id", "channel")
    return list(events.order_by("occurred_at", "pk").values(*columns))


register_personal_data("shop.analytics", holds={}, export=export_events)
keep_personal_data(
    "shop.Event",
    why="Facts for the figures by number: no name, no address. The number's name is erased.",
)
not_personal("shop.KeptFigures", why="Sums and counts of the whole shop.")
not_personal("shop.EventKey", why="Keys of events, made of ids.")
