"""Who asked to hear which pair it becomes hears that, once, however the voting ended before."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from sharing.galleries.models import Gallery
from sharing.galleries.services import close_due, close_gallery, create_gallery
from sharing.votes.comparing import bought_of
from sharing.votes.owner_news import tell_results
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link, new_browser, vote_on, with_link
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.boxes_back import terms
from tests.trials.returns.trials_with_charges import overdue_trial, payment_of, told
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.services.keeping import charge_kept

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


def test_a_frame_kept_of_the_trial_and_paid_is_bought_as_well(client: Client) -> None:
    """She keeps it at home and her card is charged: to her and to her friends that is buying it."""
    terms(mode=Mode.KEEP_AND_PAY)
    trial = overdue_trial(frames=2)
    shared = with_link(create_gallery(owner=trial.user, trial_id=trial.pk))
    item, voter = shared.items[0], new_browser()
    vote_on(shared, favourite=item, browser=voter, wants_news=True, email=JO)
    keep_frame(user=trial.user, number=trial.number, item_id=item.trial_item_id)
    (charge,) = charge_kept(trial_id=trial.pk)
    assert told_jo() == []

    told(payment_of(charge), "succeeded")

    (subject,) = told_jo()
    assert "the pair you picked" in subject
    assert told_jo() == [subject]
    gallery = Gallery.objects.get(pk=shared.gallery.pk)
    assert (gallery.state, gallery.closed_because) == ("closed", "purchase")
    closed = Event.objects.get(name="gallery_closed", subject_id=str(gallery.pk))
    assert closed.caused_by == Event.objects.get(name="fee_charged").pk
    assert bought_of(gallery) == {item.variant_id}
    opened = reverse("api-shared", args=[shared.token])
    assert client.get(opened, headers={"X-Voter-Token": voter}).json()["bought"] == [item.pk]
    page = reverse("sharing:friend_gallery", args=[shared.token])
    client.cookies["lorgnette_friend"] = voter
    assert f"It became {item.variant}." in client.get(page).content.decode()


def test_the_mail_reads_as_one_german_letter() -> None:
    """After the greeting goes on a sentence, and a question keeps its own mark alone."""
    shared = gallery_with_link(user=UserFactory(name="Mia Brandt"))
    Gallery.objects.filter(pk=shared.gallery.pk).update(question="Sag ehrlich.")
    item = shared.items[0]
    with translation.override("de"):
        vote_on(shared, favourite=item, wants_news=True, email=JO)
    mark_paid(placed_order(StockRecordFactory(variant=item.variant), user=shared.gallery.owner))
    told_jo()

    (sent,) = [each for each in mail.outbox if JO in each.to]
    assert sent.subject == "Mia hat sich für deinen Favoriten entschieden"
    wanted = f"Hallo,\n\ndu wurdest gefragt:\n\n„Sag ehrlich.“\n\nEs ist {item.variant}. Genau"
    assert wanted in sent.body
    assert '"' not in sent.body
    assert ".“." not in str(sent.alternatives[0][0])
