"""One customer with everything, and all who might look at it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sharing.galleries.queries import open_link
from sharing.ideas.services import add_idea
from sharing.photos.services import CONSENT_VERSION
from sharing.photos.services.uploads import begin_upload
from sharing.privacy.models import PhotoObjection
from sharing.privacy.services.exporting import build_export, request_export
from sharing.privacy.services.objecting import object_to_photo
from sharing.referrals.services.codes import code_for
from sharing.stylist.pictures import keep_picture, render_picture
from sharing.stylist.services import answer, ask, show_to_friends
from sharing.votes.moderation import report_as_owner
from shop.customers.models import User
from shop.messages.addresses import hashed, token_for
from shop.messages.topics import Topic
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import PURPOSE, place_order
from shop.payments.links import payment_token
from shop.payments.queries import payment_for
from tests.access.circles import CIRCLE, CIRCLE_NOTE, circle_forms, circle_things
from tests.access.returns import returns_forms, returns_things
from tests.factories.sharing import (
    SharedGallery,
    gallery_with_link,
    open_panel_of,
    ready_photo,
    vote_on,
)
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    PushSubscriptionFactory,
    SavedCardFactory,
    StaffFactory,
    StockRecordFactory,
    UserFactory,
)
from tests.factories.trials import TrialUnitFactory, batch_of_one
from tests.sharing.photos.pictures import jpeg
from tests.sharing.referrals.friends import held_referral
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.trials_with_charges import owed_charge
from tests.trials.risk.assessed import assessed_trial
from trials.console.models import ListName
from trials.console.services import save_filter
from trials.fulfilment.services.manifests import open_manifest
from trials.shipping.services.labels import create_labels
from trials.units.services.counting import finish_count, start_count

STREET = "Geheimweg 77"


@dataclass(frozen=True)
class World:
    """What the table is asked about.

    Attributes:
        people: by role; nobody is ``anonymous``.
        sessions: by role, of those who are logged in.
        things: the owner's, by the names the table has for them.
        forms: what is sent to routes that read their input before they look for the thing.
        secrets: words of hers that nobody but her and staff may read.
    """

    people: dict[str, User | None]
    sessions: dict[str, str]
    things: dict[str, Any]
    forms: dict[str, dict[str, Any]]
    secrets: list[str]

    def client(self, role: str) -> Client:
        """Return a browser of somebody's, who is logged in, if at all, since the world was made."""
        client = Client(raise_request_exception=False)
        if session := self.sessions.get(role):
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client


def _logged_in(user: User) -> str:
    """Log somebody in and return the key of the session."""
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _counts(ops: User) -> dict[str, Any]:
    """Return a count that goes on, and a finding of one that is finished."""
    unit = TrialUnitFactory(location="Z9")
    finished = finish_count(count_id=start_count(location="Z9", by=ops).pk, by=ops)
    return {
        "count": start_count(location="Z8", by=ops).pk,
        "finished_count": finished.pk,
        "line": finished.units.get(unit=unit).pk,
    }


def _objection(shared: SharedGallery) -> PhotoObjection:
    """Return an objection to a photo of its own: it is hidden from then on."""
    photo = ready_photo(shared.items[1].trial_item)
    link = open_link(shared.token)
    return object_to_photo(
        link=link, photo_id=photo.pk, person_id=uuid4(), address="", reason="That is me"
    )


def build() -> World:
    """Make the world; whatever the other customer has of her own is not the owner's."""
    owner, ops = UserFactory(email="owner@secret.example", name="Erna Geheim"), StaffFactory()
    people = {
        "anonymous": None,
        "owner": owner,
        "other": UserFactory(),
        "ops": ops,
        "manager": ManagerFactory(),
    }
    shared = gallery_with_link(user=owner)
    trial, item = shared.gallery.trial, shared.items[0]
    photo = ready_photo(item.trial_item)
    vote = vote_on(shared, comment="Those!").vote_id
    report = report_as_owner(owner=owner, gallery_id=shared.gallery.pk, vote_id=vote)
    upload = begin_upload(
        user=owner, trial_item_id=item.trial_item_id, length=9, consent_version=CONSENT_VERSION
    )
    objection = _objection(shared)
    export = request_export(user=owner, by=owner)
    build_export(export.pk)
    address = AddressFactory(user=owner, line1=STREET)
    outbound = create_labels(trial_id=trial.pk, by=ops)[0]
    variant = StockRecordFactory().variant
    cart = cart_for(user=owner)
    add_to_cart(cart_id=cart.pk, variant_id=variant.pk)
    order = place_order(user=owner, cart_id=cart.pk, address_id=address.pk)
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    assert payment is not None
    things = {
        "trial": trial.number,
        "order": order.number,
        "payment": payment.pk,
        "payment_token": payment_token(payment.pk),
        "address": address.pk,
        "card": SavedCardFactory(user=owner).pk,
        "setup": "seti_of_somebody",
        "charge": owed_charge().pk,
        "code": code_for(user=owner),
        "held": held_referral().pk,
        "refundable": mark_paid(placed_order()).number,
        "gallery": shared.gallery.pk,
        "link": shared.link.pk,
        "pictures": "frames",
        "token": shared.token,
        "vote": vote,
        "report": report.pk,
        "photo": photo.pk,
        "upload": upload.pk,
        "objection": objection.pk,
        "export": export.pk,
        "size": 800,
        "extension": "jpg",
        "browser": PushSubscriptionFactory(user=owner).pk,
        "unsubscribing": token_for(hashed(owner.email), [Topic.VOTES]),
        "parcel": outbound.tracking_number,
        "batch": batch_of_one(ops).pk,
        "manifest": open_manifest(carrier="built-in", by=ops).pk,
        "barcode": item.trial_item.unit.barcode,
        "variant": variant.pk,
        "frame": variant.frame.handle,
        "picture": default_storage.save("access/picture.txt", ContentFile(b"picture")),
        "act": "send",
        "unit_act": "place",
        "carrier": "built-in",
        "programme": "home",
        "version": 1,
    }
    things["filter"] = save_filter(
        by=ops, which=ListName.TRIALS, name="Approved", query="state=approved", shared=False
    ).pk
    things |= returns_things(trial, item.trial_item, people["manager"])
    things["assessed"] = assessed_trial().number
    things |= _counts(ops)
    things |= circle_things(owner, people["manager"], ops, variant.pk)
    asked = "How do my geheime Ohren look?"
    thread = ask(user=owner, gallery=shared.gallery, text=asked).thread
    ask(user=owner, trial=trial, text=asked)
    original = keep_picture(SimpleUploadedFile("me.jpg", jpeg()))
    seen = thread.messages.get().pk
    answered = answer(thread_id=thread.pk, by=ops, seen=seen, text="Well.", original=original)
    render_picture(answered.pk)
    show_to_friends(owner=owner, gallery=shared.gallery, shown=True)
    proposed = add_idea(user=owner, title="Clip-on sunglasses")
    other_idea = add_idea(user=people["other"], title="Sun clips")
    panel = open_panel_of(owner, by=ops)
    asked_of = {f"q{each.pk}": "4" for each in panel.questions.filter(kind="rating")}
    asked_of |= {f"q{each.pk}": each.choices[0] for each in panel.questions.filter(kind="choice")}
    things |= {
        "idea": proposed.pk,
        "panel": panel.pk,
        "tester": panel.testers.get().pk,
        "tested": panel.frames.get().frame.handle,
    }
    things |= {"thread": thread.pk, "answer": answered.pk}
    secrets = [owner.email, STREET, asked, trial.number, order.number, outbound.tracking_number]
    secrets += [CIRCLE, CIRCLE_NOTE]
    reason = {"reason": "Goodwill"}
    forms: dict[str, dict[str, Any]] = {
        "api-staff-waive": reason,
        "api-staff-filters": {"list": "trials", "name": "Packed", "query": "state=packed"},
        "console:filter_save": {"list": "trials", "name": "Packed", "query": "state=packed"},
        "console:filter_remove": {"list": "trials"},
        "api-staff-lost": reason,
        "console:overdue_lost": reason,
        "api-staff-refund-charge": {"amount": "1", **reason},
        "console:charge_refund": {"amount": "1", **reason},
        "api-staff-unit-retire": reason,
        "api-staff-unit-write-off": reason,
        "api-staff-version-preview": {"after": 1},
        "api-staff-version-publish": {"after": 1, "seen": "forged"},
        "api-staff-write-off": reason,
        "api-trial-hold": {"card_id": things["card"]},
        "api-staff-trial-look": {"answer": "approved"},
        "console:look_decide": {"answer": "approved"},
        "api-frame-swap": {"variant_id": 1},
        "api-staff-frame-swap": {"variant_id": 1},
        "trials:frame_swap": {"variant": "1", "instead_of": "1"},
        "console:trial_swap": {"variant": "1", "instead_of": "1"},
        "sharing:objection_decide": {"way": "keep", "objection": things["objection"], **reason},
        "sharing:objection": {"way": "erase"},
        "api-staff-erasures": {"email": owner.email, "scopes": ["photos"]},
        "console:charge_let_go": {"way": "waive", **reason},
        "orders:console_refund": {"amount": "1", "given_back": "0", **reason},
        "api-staff-order-cancel": reason,
        "api-staff-order-refund": {
            "amount": "1",
            "given_back": "0",
            "currency": "EUR",
            **reason,
        },
        "sharing:referral_decide": {"way": "refuse", "note": "No friend"},
        "api-staff-release": {"note": "A couple"},
        "api-staff-refuse": {"note": "No friend"},
        "api-referral-clicks": {"code": things["code"]},
        "api-referral-claims": {"code": things["code"]},
        "api-invitations": {"name": "Jonas"},
        "api-gallery-buy": {"item_id": item.pk},
        "sharing:gallery_buy": {"item": item.pk},
        "sharing:gallery_vote": {"act": "hide"},
        "sharing:gallery_vouch": {"because": "burst"},
        "api-vouch": {"because": "burst"},
        "api-staff-report-decide": {"decision": "hidden"},
        "sharing:link_create": {"channel": "mail"},
        **circle_forms(things),
        **returns_forms(),
        "api-photo-crop": {"left": 0, "top": 0, "width": 0.5, "height": 0.5},
        **{
            name: {"text": "And now?", "shown": False}
            for name in (
                "sharing:stylist_ask_trial",
                "sharing:stylist_ask_gallery",
                "api-trial-thread",
                "api-gallery-thread",
            )
        },
        "sharing:idea_add": {"title": "Mirrors"},
        "api-ideas": {"title": "Mirrors"},
        **{
            name: {"state": "planned", "seen": "proposed", "text": "Soon."}
            for name in ("sharing:console_idea_answer", "api-staff-idea-answer")
        },
        **{
            name: {"into": str(other_idea.pk)}
            for name in ("sharing:console_idea_merge", "api-staff-idea-merge")
        },
        "sharing:test_answer": {"answer": "yes"},
        "sharing:test_feedback": asked_of,
        "api-test": {"accept": True},
        "api-test-feedback": {"answers": {name[1:]: value for name, value in asked_of.items()}},
        "sharing:panel_invite": {"emails": owner.email},
        "api-staff-panel-invite": {"emails": [owner.email]},
        "api-staff-thread-answer": {"seen": answered.pk, "text": "Well, then."},
        "api-staff-thread-close": {"seen": answered.pk},
        "sharing:stylist_thread": {"seen": answered.pk, "text": "Well, then."},
        "sharing:stylist_close": {"seen": answered.pk},
        "sharing:stylist_friends": {"shown": "no"},
        "sharing:link_mail": {"address": "friend@friends.example", "knows_me": "on"},
        "api-link": {"label": "Cousins"},
        "api-link-mail": {"address": "friend@friends.example", "knows_me": True},
        "api-trial-photos": {
            "trial_item_id": str(item.trial_item_id),
            "consent_version": CONSENT_VERSION,
            "file": SimpleUploadedFile("me.jpg", jpeg()),
        },
    }
    sessions = {role: _logged_in(user) for role, user in people.items() if user}
    return World(people, sessions, things, forms, secrets)
