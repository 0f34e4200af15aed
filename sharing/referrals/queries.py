"""Reading codes, campaigns and referrals."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.referrals.codes import read_code
from sharing.referrals.errors import CodeUnknownError
from sharing.referrals.models import Campaign, Referral, ReferralCode, ReferralTerms
from sharing.referrals.states import ReferralState
from shop.customers.models import User
from shop.orders.models import Order
from shop.orders.queries import kept_orders, orders_given_back, orders_refunded
from shop.orders.states import OrderState

DAY = ExpressionWrapper(Value(timedelta(days=1)), output_field=DurationField())


def owner_of(typed: str) -> int:
    """Return the id of whoever has a code.

    Raises:
        CodeUnknownError: nobody has it.
    """
    code = read_code(typed)
    found = ReferralCode.objects.filter(code=code).values_list("user_id", flat=True).first()
    if found is None:
        raise CodeUnknownError(_("Nobody has this code. Look at it once more."))
    return found


def running_campaign(now: datetime | None = None) -> Campaign | None:
    """Return the campaign of the shop's currency that runs, if one does."""
    now = now or timezone.now()
    running = Campaign.objects.filter(currency=settings.DEFAULT_CURRENCY, starts_at__lte=now)
    return running.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).first()


def due_referrals() -> QuerySet[Referral]:
    """Return joined referrals whose friend's order is past its return period, the oldest first."""
    orders = kept_orders(at_least=OuterRef("terms__minimum")).filter(
        user=OuterRef("friend"),
        paid_at__gte=OuterRef("joined_at"),
        placed_at__lte=OuterRef("terms__order_until"),
        paid_at__lte=ExpressionWrapper(
            Value(timezone.now()) - OuterRef("terms__qualification_days") * DAY,
            output_field=DateTimeField(),
        ),
    )
    return Referral.objects.filter(
        Exists(orders), state=ReferralState.JOINED, terms__lapsed_at__isnull=True
    ).order_by("joined_at")


def qualifying_order(referral: Referral, terms: ReferralTerms) -> Order | None:
    """Return the friend's first order that she kept and that is past its return period.

    Returns:
        The order with what she ``kept`` of it; nothing where there is none yet.
    """
    return (
        kept_orders(at_least=terms.minimum)
        .filter(
            user=referral.friend,
            paid_at__gte=referral.joined_at,
            placed_at__lte=terms.order_until,
            paid_at__lte=timezone.now() - timedelta(days=terms.qualification_days),
        )
        .order_by("paid_at", "pk")
        .first()
    )


def undone() -> QuerySet[Referral]:
    """Return referrals that count by an order which was given back, wholly or below the minimum.

    Whoever looks for all of them begins with what went back (``given_back``), and not with all that
    was ever rewarded.
    """
    kept = kept_orders(at_least=OuterRef("terms__minimum")).filter(pk=OuterRef("order"))
    return Referral.objects.filter(
        ~Exists(kept),
        state__in=(ReferralState.QUALIFIED, ReferralState.REWARDED),
        terms__isnull=False,
    )


def undone_among(since: datetime | None = None) -> QuerySet[Referral]:
    """Return those of ``undone`` whose orders were given back.

    Args:
        since: money asked back from a payment since then; whatever was given back if not given.
    """
    orders = orders_refunded(since=since) if since else orders_given_back()
    return undone().filter(order__in=orders)


def lapsed_referrals() -> QuerySet[Referral]:
    """Return joined referrals whose friend ordered nothing in time that may still count."""
    in_time = Order.objects.filter(
        user=OuterRef("friend"), placed_at__lte=OuterRef("terms__order_until")
    )
    counting = kept_orders(at_least=OuterRef("terms__minimum")).filter(
        user=OuterRef("friend"),
        paid_at__gte=OuterRef("joined_at"),
        placed_at__lte=OuterRef("terms__order_until"),
    )
    return Referral.objects.filter(
        ~Exists(counting),
        ~Exists(in_time.filter(state=OrderState.PENDING_PAYMENT)),
        state=ReferralState.JOINED,
        terms__lapsed_at__isnull=True,
        terms__order_until__lt=timezone.now(),
    )


def waits(referral_id: uuid.UUID | None) -> bool:
    """Tell whether a claim still waits for its friend to join."""
    if referral_id is None:
        return False
    return Referral.objects.filter(pk=referral_id, state=ReferralState.CLICKED).exists()


def held_referrals() -> QuerySet[Referral]:
    """Return what waits for somebody to decide, the longest waiting first."""
    return (
        Referral.objects.filter(state=ReferralState.HELD)
        .select_related("advocate", "friend", "terms")
        .order_by("joined_at", "pk")
    )


def may_claim(user: User) -> bool:
    """Tell whether a customer may still say which friend sent her: none did, and she is new."""
    paid = Order.objects.filter(user=user, paid_at__isnull=False)
    known = Referral.objects.filter(friend=user).exists()
    return not known and not paid.exclude(state=OrderState.CANCELLED).exists()


# Friends, their friends, and so on; a ring is walked once.
BELOW = """
WITH RECURSIVE below (person, generation) AS (
    SELECT friend_id, 1 FROM sharing_referral
    WHERE advocate_id = %(advocate)s AND friend_id IS NOT NULL
    UNION
    SELECT r.friend_id, below.generation + 1
    FROM sharing_referral r JOIN below ON r.advocate_id = below.person
    WHERE r.friend_id IS NOT NULL AND below.generation < 50
)
SELECT generation, count(*) FROM (
    SELECT person, min(generation) AS generation FROM below
    WHERE person <> %(advocate)s GROUP BY person
) once GROUP BY generation ORDER BY generation
"""

# From everybody who was brought by nobody, downwards.
ALL_GENERATIONS = """
WITH RECURSIVE tree (person, generation) AS (
    SELECT DISTINCT advocate_id, 0 FROM sharing_referral r
    WHERE NOT EXISTS (SELECT 1 FROM sharing_referral up WHERE up.friend_id = r.advocate_id)
    UNION
    SELECT r.friend_id, tree.generation + 1
    FROM sharing_referral r JOIN tree ON r.advocate_id = tree.person
    WHERE r.friend_id IS NOT NULL AND tree.generation < 50
)
SELECT generation, count(DISTINCT person) FROM tree
WHERE generation > 0 GROUP BY generation ORDER BY generation
"""


def generations(*, advocate_id: int | None = None) -> list[tuple[int, int]]:
    """Return how many people came in each generation: friends, friends' friends, and so on.

    Args:
        advocate_id: below one advocate; the whole shop's if not given.

    Returns:
        Pairs of generation, from 1, and people.
    """
    with connection.cursor() as cursor:
        if advocate_id is None:
            cursor.execute(ALL_GENERATIONS)
        else:
            cursor.execute(BELOW, {"advocate": advocate_id})
        return [(int(generation), int(people)) for generation, people in cursor.fetchall()]
