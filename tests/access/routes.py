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


SIGNED = Route("signed")
# Something named in the body that is not there; a vote not cast yet.
NOTHING_NAMED, NOT_VOTED = (404,), (403,)
# A trial that is not overdue, a charge that is being asked for.
NOTHING_LATE = (409,)
# A box whose frames are swapped no more.
PACKED_ALREADY = (409,)
# A trial that no rule has declined.
NOT_DECLINED = (409,)
NOBODY_ASKED = (404,)
ASKED_TO_LOG_IN = (302,)
# A unit that was not found, which only a manager writes off.
WRITES_OFF = (403,)
# Programmes, which all who work here read and managers make.
MANAGERS_CHANGE = (403,)
# Nobody votes for an idea of her own.
OWN_IDEA = (403,)
# A version that counts is not withdrawn.
COUNTS_ALREADY = (409,)
# A browser that has cast no vote.
NO_VOTE = (404,)
# Stripe is never called in a transaction, and this test is one: who gets so far was let in.
AT_STRIPES_DOOR = (500,)
