"""A customer of whom every room holds something, each thing by a word of its own."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.queries import open_link
from sharing.galleries.services import create_link
from sharing.ideas.services import add_idea
from sharing.privacy.services.objecting import object_to_photo
from sharing.referrals.services.codes import code_for, invite
from sharing.stylist.services import ask
from shop.customers.models import User
from shop.foundation.mail import queue_text
from shop.foundation.models import IdempotencyRecord, OutboxMessage
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from shop.orders.services.checkout import place_order
from shop.orders.services.fulfilment import fulfil_order
from tests.factories.circles import circle_of, saved
from tests.factories.sharing import (
    SharedGallery,
    gallery_with_link,
    ready_photo,
    vote_on,
)
from tests.factories.shop import (
    PASSWORD,
    AddressFactory,
    ManagerFactory,
    SavedCardFactory,
    StaffFactory,
    StockRecordFactory,
    UserFactory,
)
from tests.factories.trials import requested_trial
from tests.shop.orders.buying import filled_cart, mark_paid
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.units.models import Grade

EMAIL = "anna.xylander@marker.example"
NAME = "Xylander"
# Where her invoice went: kept by law, and told of in docs/privacy.md.
INVOICE_STREET = "Invoicegasse 12"
WORDS = {
    "email": EMAIL,
    "name": NAME,
    "trial street": "Qwertzweg 9",
    "city": "Zwiebelhausen",
    "phone": "030 77 66 55",
    "question": "Xenia or Yvette",
    "label": "Ohana crew",
    "her vote's name": "Annikins",
    "her comment": "Splendid beyond words",
    "friend's comment": "Marvellous on that nose",
    "friend's name": "Jotham",
    "objection": "Third from the left",
    "invited": "Ottilia",
    "note": "Pinch at the temples",
    "circle": "Cousins of Wuppertal",
    "asked the stylist": "Brow line like my aunt",
    "idea": "Mirrors for left-handers",
    "idea in full": "Since I broke my wrist",
    # No digits of a hexadecimal number: a random id could hold those.
    "card": "6Z7X",
    "waiting message": "Quokka digest",
    "why she cancelled": "Aunt Wilhelmina gave me hers",
}


@dataclass(frozen=True)
class Anna:
    """Her account, her gallery, a gallery of somebody else's that she voted on.

    Attributes:
        user: herself.
        shared: her gallery.
        other: of somebody else.
        browser: where she is logged in.
    """

    user: User
    shared: SharedGallery
    other: SharedGallery
    browser: Client


def anna() -> Anna:
    """Return her, with something in every room; her trial is over, her order is sent."""
    user = UserFactory(email=EMAIL, name=f"Anna {NAME}")
    staff = StaffFactory()
    shared = _gallery(user, staff)
    other = gallery_with_link(by=staff)
    vote_on(other, comment=WORDS["her comment"], name=WORDS["her vote's name"], user=user)
    vote_on(shared, comment=WORDS["friend's comment"], name=WORDS["friend's name"])
    _order(user, staff)
    _over(shared.gallery.trial, staff)
    called_off = requested_trial(user=user)
    cancel_trial(trial_id=called_off.pk, by=user, reason=WORDS["why she cancelled"])
    _talk(user, shared)
    _leftovers(user)
    browser = Client()
    entered = {"login": EMAIL, "password": PASSWORD}
    assert browser.post(reverse("account_login"), entered).status_code == 302
    return Anna(user, shared, other, browser)


def _gallery(user: User, staff: User) -> SharedGallery:
    shared = gallery_with_link(user=user, by=staff, frames=2)
    address = shared.gallery.trial.address
    address.line1, address.city = WORDS["trial street"], WORDS["city"]
    address.name, address.phone = user.name, WORDS["phone"]
    address.save()
    shared.gallery.question = WORDS["question"]
    shared.gallery.save()
    create_link(owner=user, gallery_id=shared.gallery.pk, label=WORDS["label"])
    photos = [ready_photo(item.trial_item) for item in shared.items]
    object_to_photo(
        link=open_link(shared.token),
        photo_id=photos[0].pk,
        person_id=uuid4(),
        address=str(uuid4()),
        reason=WORDS["objection"],
    )
    return shared


def _order(user: User, staff: User) -> None:
    wish = filled_cart(user, StockRecordFactory())
    wish["address_id"] = AddressFactory(user=user, line1=INVOICE_STREET, name="A. X.").pk
    order = mark_paid(place_order(**wish))
    fulfil_order(order_id=order.pk, by=staff)


def _over(trial: Trial, staff: User) -> None:
    for barcode in list(trial.items.values_list("unit__barcode", flat=True)):
        check_in_unit(
            trial_id=trial.pk, barcode=barcode, finding=Finding.GOOD, grade=Grade.A, by=staff
        )
    finish_check_in(trial_id=trial.pk, by=staff)


def _talk(user: User, shared: SharedGallery) -> None:
    ask(user=user, gallery=shared.gallery, text=WORDS["asked the stylist"])
    add_idea(user=user, title=WORDS["idea"], text=WORDS["idea in full"])
    circle = circle_of(user, name=WORDS["circle"])
    saved(user, circle, note=WORDS["note"])
    code_for(user=user)
    invite(advocate=user, name=WORDS["invited"])


def _leftovers(user: User) -> None:
    """Leave what the machinery keeps: mail on its way, an answer, the admin's log, a message."""
    SavedCardFactory(user=user, last4=WORDS["card"])
    with transaction.atomic():
        queue_text(to=EMAIL.upper(), subject="Hello", text=f"Dear {NAME}")
        # Given up: what is sent is emptied by itself, this is not.
        OutboxMessage.objects.filter(payload__subject="Hello").update(
            gave_up_at=timezone.now(), last_error=f"SMTPRecipientsRefused: {EMAIL}"
        )
        notify(
            user=user,
            topic=Topic.VOTES,
            template="first_vote",
            context={"question": WORDS["waiting message"], "path": "/galleries/"},
            key="votes:anna",
        )
    IdempotencyRecord.objects.create(
        scope=f"user:{user.pk} POST /api/v1/orders/", key="k", body={"to": WORDS["trial street"]}
    )
    LogEntry.objects.create(
        user=ManagerFactory(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
    )
