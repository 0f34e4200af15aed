"""Counting what friends loved, for all customers at once."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from sharing.loved.models import FEWEST, LovedFrame
from sharing.loved.queries import ALIKE, WORN

# What friends said longer ago counts for nothing: frames go, and so does the taste of people.
LOOKS_BACK = timedelta(days=365)
# Votes that are counted, and no others: what is left out of a gallery's count is left out here.
# Of one customer's friends those who love a frame must be more than those to whom it is not her.
# Of a circle only those tell who let what they tried be found there.
COUNT = f"""
WITH said AS (
    SELECT gallery.owner_id AS person, variant.frame_id,
        count(*) FILTER (WHERE vote.favourite_id = item.id OR word.value = 'love')
            > count(*) FILTER (WHERE word.value = 'not_you') AS loved
    FROM sharing_vote vote
    JOIN sharing_gallery gallery ON gallery.id = vote.gallery_id
    JOIN shop_user owner ON owner.id = gallery.owner_id AND owner.is_active
    JOIN sharing_galleryitem item ON item.gallery_id = gallery.id
    JOIN shop_variant variant ON variant.id = item.variant_id
    LEFT JOIN sharing_reaction word ON word.vote_id = vote.id AND word.item_id = item.id
    WHERE vote.counted AND vote.cast_at > %(since)s
    GROUP BY gallery.owner_id, variant.frame_id
), people AS (
    SELECT DISTINCT person FROM said
), worn AS (
    {WORN.format(people="IN (SELECT person FROM people)")}
), alike AS (
    {ALIKE}
    UNION ALL
    SELECT member.user_id, 'circle', circle.id::text
    FROM sharing_membership member
    JOIN sharing_circle circle ON circle.id = member.circle_id
    WHERE member.state <> 'left' AND member.shows_trials
        AND circle.kind = 'customers' AND circle.state = 'open'
        AND member.user_id IN (SELECT person FROM people)
)
INSERT INTO sharing_lovedframe (kind, value, frame_id, customers, counted_at)
SELECT kind, value, frame_id, count(*) FILTER (WHERE loved), %(now)s
FROM said JOIN alike USING (person)
GROUP BY kind, value, frame_id
HAVING count(*) FILTER (WHERE loved) >= %(fewest)s AND count(*) FILTER (WHERE loved) * 2 > count(*)
ORDER BY kind, value, frame_id
ON CONFLICT (kind, value, frame_id)
DO UPDATE SET customers = excluded.customers, counted_at = excluded.counted_at
"""  # noqa: S608 - of constants


def count_loved(*, now: datetime | None = None) -> int:
    """Count what friends loved on galleries of customers alike, and keep that alone.

    Two at once end as one: rows are written in one order, and what neither counted goes.

    Args:
        now: the moment it counts up to; this one if not given.

    Returns:
        How many frames are kept, once for each likeness.
    """
    until = now or timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"since": until - LOOKS_BACK, "now": until, "fewest": FEWEST})
            kept: int = cursor.rowcount
        LovedFrame.objects.filter(counted_at__lt=until).delete()
    return kept
