"""A row of the table (``tests.access.table``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One row.

    Attributes:
        who: see above.
        things: names of ``World.things`` that the address takes, in its order.
        also: statuses besides success that are right here for who may use it.
    """

    who: str
    things: tuple[str, ...] = ()
    also: tuple[int, ...] = ()


def everybody(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("everybody", things, also)


def customers(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("customers", things, also)


def owner(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("owner", things, also)


def staff(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("staff", things, also)


def managers(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("managers", things, also)
