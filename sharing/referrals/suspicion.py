"""What makes the shop look twice at a referral (docs/referrals.md). Nothing here decides."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from sharing.referrals.models import Referral, ReferralBrowser
from sharing.referrals.states import HoldReason
from shop.customers.models import Address, User
from shop.payments.models import SavedCard

# More friends than these in a day are more than anybody sits down with.
VELOCITY = 10
VELOCITY_WINDOW = timedelta(hours=24)
# Mailboxes that ignore dots before the @.
DOTLESS = frozenset({"gmail.com"})
SAME_MAILBOX = {"googlemail.com": "gmail.com"}
# Shorter names before the @ are shared by too many: "info", "anna".
TELLING_LENGTH = 6

# Whoever brought the advocate, and whoever brought her, and so on; each was brought once.
ABOVE = """
WITH RECURSIVE above (person, depth) AS (
    SELECT advocate_id, 1 FROM sharing_referral WHERE friend_id = %(advocate)s
    UNION
    SELECT r.advocate_id, above.depth + 1
    FROM sharing_referral r JOIN above ON r.friend_id = above.person
    WHERE above.depth < 100
)
SELECT EXISTS (SELECT 1 FROM above WHERE person = %(friend)s)
"""


def reasons_to_hold(referral: Referral) -> list[str]:
    """Return why a joined referral should be looked at first; empty where nothing speaks for it.

    What staff have let pass before is left out.
    """
    assert referral.friend is not None
    found = [reason for reason, holds in _CHECKS.items() if holds(referral, referral.friend)]
    return [reason for reason in found if reason not in referral.cleared]


def same_mailbox(address: str) -> str:
    """Return an e-mail address without what its mailbox ignores: case, plus-tags, Gmail's dots."""
    local, _at, domain = address.lower().rpartition("@")
    domain = SAME_MAILBOX.get(domain, domain)
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in DOTLESS else local}@{domain}"


def _siblings(referral: Referral) -> Q:
    """The advocate and her other friends."""
    others = Referral.objects.filter(advocate_id=referral.advocate_id, friend__isnull=False)
    return Q(user_id=referral.advocate_id) | Q(
        user_id__in=others.exclude(pk=referral.pk).values("friend_id")
    )


def _same_card(referral: Referral, friend: User) -> bool:
    hers = SavedCard.objects.filter(user=friend).values("fingerprint")
    return SavedCard.objects.filter(_siblings(referral), fingerprint__in=hers).exists()


def _door(address: Address) -> str:
    words = f"{address.line1} {address.postal_code} {address.country}".lower()
    return re.sub(r"[\W_]", "", words.replace("straße", "str").replace("strasse", "str"))


def _same_address(referral: Referral, friend: User) -> bool:
    doors = {
        user_id: {_door(each) for each in Address.objects.filter(user_id=user_id)}
        for user_id in (referral.advocate_id, friend.pk)
    }
    return bool(doors[referral.advocate_id] & doors[friend.pk])


def _similar_email(referral: Referral, friend: User) -> bool:
    mine = same_mailbox(friend.email)
    others = Referral.objects.filter(advocate_id=referral.advocate_id, friend__isnull=False)
    siblings = others.exclude(pk=referral.pk).values_list("friend__email", flat=True)
    if mine in {same_mailbox(each) for each in siblings.iterator()}:
        return True
    advocates = same_mailbox(referral.advocate.email)
    local = mine.partition("@")[0]
    nearly = local == advocates.partition("@")[0] and len(local) >= TELLING_LENGTH
    return mine == advocates or nearly


def _same_browser(referral: Referral, friend: User) -> bool:
    hers = set(
        ReferralBrowser.objects.filter(user=friend).values_list("browser_hash", flat=True)
    ) | {referral.browser_hash}
    hers.discard("")
    return ReferralBrowser.objects.filter(_siblings(referral), browser_hash__in=hers).exists()


def _ring(referral: Referral, friend: User) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"advocate": referral.advocate_id, "friend": friend.pk})
        return bool(cursor.fetchone()[0])


def _velocity(referral: Referral, friend: User) -> bool:
    since = timezone.now() - VELOCITY_WINDOW
    joined = Referral.objects.filter(advocate_id=referral.advocate_id, joined_at__gt=since)
    return joined.exclude(pk=referral.pk).count() >= VELOCITY


_CHECKS: dict[str, Callable[[Referral, User], bool]] = {
    HoldReason.SAME_CARD: _same_card,
    HoldReason.SAME_ADDRESS: _same_address,
    HoldReason.SIMILAR_EMAIL: _similar_email,
    HoldReason.SAME_BROWSER: _same_browser,
    HoldReason.RING: _ring,
    HoldReason.VELOCITY: _velocity,
}
