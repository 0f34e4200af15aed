"""What the figures are told of circles."""

import uuid

from sharing.circles.models import Circle
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import Person, customer, record, staff
from shop.customers.models import User


def person_in(circle: Circle, user: User) -> Person:
    """Return who somebody is to the figures: at work in a circle of colleagues, else a customer."""
    return staff(user) if circle.is_staffs else customer(user)


def record_circle(
    name: EventName,
    *,
    circle: Circle,
    user: User,
    key: object,
    caused_by: uuid.UUID | None = None,
) -> uuid.UUID:
    """Record a fact of a circle and return its event."""
    return record(
        name,
        key=f"{name}:{key}",
        subject=("circle", circle.pk),
        person=person_in(circle, user),
        caused_by=caused_by,
    )


def event_of(name: EventName, key: object) -> uuid.UUID | None:
    """Return the event that was recorded under a key, if there is one."""
    return EventKey.objects.filter(pk=f"{name}:{key}").values_list("event_id", flat=True).first()
