"""Who asked to hear which pair it becomes hears that, once, however the voting ended before."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from sharing.galleries.models import Gallery
from sharing.galleries.services import close_due, close_gallery
from sharing.votes.owner_news import tell_results
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import StockRecordFactory
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db
JO = "jo@friends.example"


def told_jo() -> list[str]:
    while carry_out_due():
        pass
    return [each.subject for each in mail.outbox if JO in each.to]


@pytest.mark.parametrize("ended", ["hand", "date", "purchase"])
def test_a_friend_is_written_to_of_the_purchase_alone(ended: str) -> None:
    """Her address was asked for "that one mail and nothing else": a result is none of it."""
    shared = gallery_with_link(frames=2)
    owner, item = shared.gallery.owner, shared.items[0]
    vote_on(shared, favourite=item, wants_news=True, email=JO)
    if ended == "hand":
        close_gallery(owner=owner, gallery_id=shared.gallery.pk)
    elif ended == "date":
        ends = timezone.now() - timedelta(seconds=1)
        Gallery.objects.filter(pk=shared.gallery.pk).update(closes_at=ends)
        close_due()
    tell_results()
    assert told_jo() == []

    mark_paid(placed_order(StockRecordFactory(variant=item.variant), user=owner))

    (subject,) = told_jo()
    assert "the pair you picked" in subject
    because = Gallery.objects.values_list("closed_because", flat=True).get(pk=shared.gallery.pk)
    assert because == ended
