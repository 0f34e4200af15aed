"""A shop in which every kind of page has something to show."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from djmoney.money import Money

from sharing.galleries.queries import open_link
from sharing.galleries.services import close_gallery, create_gallery, create_link, revoke_link
from sharing.galleries.tokens import link_token
from sharing.ideas.answering import answer_idea
from sharing.ideas.services import add_idea, report_idea, vote_for
from sharing.photos.models import Photo
from sharing.privacy.services.objecting import object_to_photo
from sharing.referrals.services.codes import code_for
from sharing.referrals.services.codes import invite as invite_friend
from sharing.stylist.services import ask
from sharing.testers.services.feedback import give_feedback
from sharing.testers.services.panels import invite
from sharing.votes.moderation import report_as_owner
from sharing.votes.states import LeftOut
from shop.analytics.names import Channel
from shop.catalogue.drawing.spectacles import Look, draw_spectacles
from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.demo import PRODUCTS
from shop.foundation.locks import lock_rows
from shop.inventory.intake import import_catalogue
from shop.messages.addresses import hashed, token_for
from shop.messages.topics import Topic
from shop.orders.models import Order
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import place_order
from shop.payments.links import payment_link
from shop.payments.queries import payment_for
from tests.factories.sharing import (
    SharedGallery,
    answered,
    frames_gallery,
    gallery_with_link,
    open_panel_of,
    ready_photo,
    vote_on,
    with_link,
)
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    approved_trial,
    delivered_trial,
    filled_box,
    packed_trial,
    requested_trial,
)
from tests.pages.fulfilment_content import Walk, fulfilment_paths, walks
from tests.pages.risk_content import declined_path
from tests.pages.saved_content import circle_paths
from tests.sharing.referrals.friends import campaign, held_referral, joined, later, ordered
from tests.shop.orders.buying import mark_paid
from tests.trials.economics.costs import rates
from tests.trials.returns.boxes_back import item_of, proposal_for_damage, scanned
from tests.trials.returns.trials_with_charges import overdue_trial, refused
from trials.evidence.models import EvidenceSource
from trials.evidence.services import add_evidence, render_evidence
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.programme.services import publish_version
from trials.reports.services import report_broken
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_surplus
from trials.risk.services.assessing import assess_trial
from trials.shipping.models import Leg
from trials.shipping.services.labels import create_labels
from trials.units.models import TrialUnit
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.making import create_units
from trials.units.services.moving import move_units
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState

TEN = Money(10, "EUR")
HANDLES = ("ada", "clara", "iris", "klee", "greta", "hugo")
# Of the first few variants, which many trials have at once; one each of the others.
UNITS = 24


@dataclass(frozen=True)
class Content:
    """What the pages show.

    Attributes:
        sessions: cookies of people who are logged in, by name: ``mia``, ``nora`` (who has nothing
            yet), ``ola`` of ops, ``max`` the manager, ``lea`` (whose box is not picked yet).
        paths: addresses with a number or a token in them, by the page's name.
        tokens: share links, one for each test that votes.
        packing: the number of a trial to be packed, and the barcodes of its units.
        returning: the same of one whose box has come back.
        walks: boxes in one pick batch, one for each test that goes all the way.
    """

    sessions: dict[str, str]
    paths: dict[str, str]
    tokens: list[str]
    packing: tuple[str, list[str]]
    returning: tuple[str, list[str]]
    walks: list[Walk]


def make_content(folder: Path) -> Content:
    """Fill the database; pictures are made under ``folder``."""
    variants = _catalogue(folder)
    ProgrammeVersionFactory()
    rates()
    next_week = timezone.now() + timedelta(days=7)
    publish_version(programme_slug="home", days_at_home=7, deposit=TEN, valid_from=next_week)
    mia = UserFactory(name="Mia Brandt", email="mia@lorgnette.example")
    nora = UserFactory(name="Nora Feldmann", email="nora@lorgnette.example")
    ola, manager = StaffFactory(name="Ola Nowak"), ManagerFactory(name="Max Lindqvist")
    at_home = delivered_trial(user=mia, variants=variants[:5], by=ola)
    paths = _gallery(mia, at_home)
    tokens = [gallery_with_link(variants=variants[:3], by=ola).token for _each in range(5)]
    paths |= _trials(variants, ola) | _orders(mia, variants) | _friends(mia, nora)
    filled_box(user=mia, variants=variants[5:8])
    paths |= circle_paths(mia, nora, [ola, manager], variants, at_home)
    packing, returning = _to_pack(variants[:3], ola), _come_back(variants[:3], ola)
    paths |= {
        "trial": f"/trials/{at_home.number}/",
        "photos": f"/trials/{at_home.number}/photos/",
        "pack trial": f"/console/pack/{packing[0]}/",
        "check in trial": f"/console/check-in/{returning[0]}/",
        "unit": f"/console/units/{packing[1][0]}/",
    }
    paths |= fulfilment_paths(variants[:1], ola, at_home)
    paths["frame all out"] = _waits(mia, variants[8:10])
    paths |= _counted(variants[10], ola)
    lea = UserFactory(name="Lea Vogt", email="lea@lorgnette.example")
    paths |= _swappable(lea, variants[:2])
    paths["unsubscribe"] = f"/m/u/{token_for(hashed(mia.email), [Topic.VOTES])}/"
    paths |= _ideas(mia, nora, ola) | _panel(mia, nora, variants[-1], ola)
    people = {"mia": mia, "nora": nora, "ola": ola, "max": manager, "lea": lea}
    sessions = {name: _session(user) for name, user in people.items()}
    return Content(sessions, paths, tokens, packing, returning, walks(variants[:2], ola))


def _counted(variant: Variant, ola: User) -> dict[str, str]:
    """Count two shelves: one goes on, the other's report shows every kind of finding."""
    create_units(variant_id=variant.pk, count=4, location="W4")
    going_on = start_count(location="W4", by=ola)
    there, elsewhere = create_units(variant_id=variant.pk, count=2, location="W5")
    scan_unit(count_id=going_on.pk, barcode=elsewhere.barcode, by=ola)
    mended, *_rest = create_units(variant_id=variant.pk, count=1, location="W6")
    with transaction.atomic():
        move_units(units=lock_rows(TrialUnit, [mended.pk]), to_state=UnitState.REPAIR)
    done = start_count(location="W5", by=ola)
    for unit in (mended, TrialUnit.objects.filter(location="W4").first(), there):
        assert unit is not None
        scan_unit(count_id=done.pk, barcode=unit.barcode, by=ola)
    report = f"/console/units/counts/{finish_count(count_id=done.pk, by=ola).pk}/"
    return {
        "count": f"/console/units/counts/{going_on.pk}/",
        "count report": report,
        "count accept": f"{report}accept/",
        "unit to mend": f"/console/units/{mended.barcode}/",
    }


def _swappable(lea: User, variants: list[Variant]) -> dict[str, str]:
    """Let lea ask for a box of which frames may still be swapped."""
    declined, trial = declined_path(lea, variants), requested_trial(user=lea, variants=variants)
    item = trial.items.first()
    assert item is not None
    page = f"/trials/{trial.number}/"
    return {
        "trial requested": page,
        "trial declined": declined,
        "swap": f"{page}items/{item.pk}/swap/",
        "console swap": f"/console{page}items/{item.pk}/swap/",
    }


def _waits(mia: User, variants: list[Variant]) -> str:
    """Let mia wait for two variants, of which one has come back; return where the other is."""
    for variant in variants:
        units = TrialUnit.objects.filter(variant=variant).values_list("pk", flat=True)
        with transaction.atomic():
            locked = lock_rows(TrialUnit, units)
            move_units(units=locked, to_state=UnitState.REPAIR)
        join_waitlist(user=mia, variant_id=variant.pk)
    with transaction.atomic():
        move_units(units=locked[:1], to_state=UnitState.AVAILABLE)
    out = variants[0]
    words = {"colour": slugify(out.colour), **({"size": out.size} if out.size else {})}
    return f"/frames/{out.frame.handle}/?{urlencode(words)}"


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _catalogue(folder: Path) -> list[Variant]:
    """Import a few of the demo's frames; one picture serves for all of them."""
    text = io.StringIO()
    rows = list(csv.DictReader(io.StringIO(PRODUCTS.read_text("utf-8-sig"))))
    kept = [row for row in rows if row["Handle"] in HANDLES]
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(kept)
    look = Look(shape="round", material="acetate", finish="solid", colour="#5c2030")
    picture = draw_spectacles(look)
    for name in {row["Image Src"] for row in kept} | {row["Variant Image"] for row in kept}:
        if name:
            picture.save(folder / name, "WEBP", method=0)
    import_catalogue(text=text.getvalue(), pictures=folder)
    variants = list(Variant.objects.order_by("pk"))
    for number, variant in enumerate(variants):
        create_units(variant_id=variant.pk, count=UNITS if number < 3 else 2, location="A1")
    return variants


def _gallery(mia: User, at_home: Trial) -> dict[str, str]:
    photos = [ready_photo(item) for item in at_home.items.all()[:3]]
    gallery = create_gallery(owner=mia, trial_id=at_home.pk)
    link = create_link(owner=mia, gallery_id=gallery.pk, channel=Channel.WHATSAPP)
    gone = create_link(owner=mia, gallery_id=gallery.pk, channel=Channel.MAIL)
    revoke_link(owner=mia, gallery_id=gallery.pk, link_id=gone.pk)
    by_mail = create_link(owner=mia, gallery_id=gallery.pk, channel=Channel.MAIL)
    before, ended = (frames_gallery(owner=mia, frames=each) for each in (2, 3))
    close_gallery(owner=mia, gallery_id=ended.gallery.pk)
    for_one = with_link(before.gallery, channel=Channel.PERSON, admits=1)
    token = link_token(link.pk)
    shared = SharedGallery(gallery, open_link(token), token, list(gallery.items.all()))
    vote_on(shared, comment="Those, no question.", name="Jonas")
    vote_on(shared, favourite=shared.items[1])
    photos = Photo.objects.filter(user=mia).order_by("pk")
    objection = object_to_photo(
        link=shared.link,
        photo_id=photos[0].pk,
        person_id=uuid4(),
        address="",
        reason="That is my sister in the mirror.",
    )
    thread = ask(user=mia, gallery=gallery, text="What do you think?").thread
    answered(thread, text="The round pair: it is as wide as your face.")
    ask(user=mia, gallery=gallery, text="And the colour?")
    odd = vote_on(shared, comment="Buy at http://cheap.example!", left_out=LeftOut.SCRIPTED)
    report_as_owner(owner=mia, gallery_id=gallery.pk, vote_id=odd.vote_id)
    return {
        "stylist thread": f"/console/stylist/{thread.pk}/",
        "gallery": f"/galleries/{gallery.pk}/",
        "crop": f"/photos/{photos[2].pk}/crop/",
        "gallery settings": f"/galleries/{gallery.pk}/settings/",
        "gallery by mail": f"/galleries/{gallery.pk}/?link={by_mail.pk}",
        "gallery of frames": f"/galleries/{before.gallery.pk}/",
        "gallery ended": f"/galleries/{ended.gallery.pk}/",
        "friend for one": f"/g/{for_one.token}/",
        "friend": f"/g/{token}/",
        "friend ended": f"/g/{ended.token}/",
        "photos to be hidden": f"/g/{token}/object/",
        "put away": f"/galleries/{ended.gallery.pk}/archive/",
        "withdraw link": f"/galleries/{gallery.pk}/links/{link.pk}/revoke/",
        "report vote": f"/galleries/{gallery.pk}/votes/{odd.vote_id}/report/",
        "photo to be hidden": f"/g/{token}/photos/{photos[1].pk}/object/",
        "objection": f"/account/objections/{objection.pk}/",
        "gone link": f"/g/{link_token(gone.pk)}/",
    }


def _trials(variants: list[Variant], ola: User) -> dict[str, str]:
    late = overdue_trial(variants=variants[:2], by=ola)
    first, _second = charge_unreturned(trial_id=late.pk, by=ola)
    refused(first, "insufficient_funds")
    overdue_trial(by=ola)
    packed = packed_trial(variants=variants[:2], by=ola)
    create_labels(trial_id=packed.pk, by=ola)
    requested = requested_trial(variants=variants[:4])
    assess_trial(trial_id=requested.pk)
    claim = _returned(variants[:3], ola)
    return {
        "claim": f"/console/claims/{claim}/",
        "console trial": f"/console/trials/{late.number}/",
        "console trial requested": f"/console/trials/{requested.number}/",
        "packed": f"/console/pack/{packed.number}/",
    }


def _returned(variants: list[Variant], ola: User) -> str:
    """Damage with a photo, something left in a box, a broken frame, a lost parcel; its claim."""
    proposal = proposal_for_damage(variants=variants, by=ola)
    item = proposal.inspection.item
    trial, look = item.trial, Look(shape="round", material="metal", finish="solid", colour="#446")
    picture = io.BytesIO()
    draw_spectacles(look).convert("RGB").save(picture, "JPEG")
    photo = add_evidence(
        trial_id=trial.pk,
        item_id=item.pk,
        file=SimpleUploadedFile("temple.jpg", picture.getvalue()),
        by=ola,
        source=EvidenceSource.STATION,
    )
    render_evidence(photo.pk)
    report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial, 1).pk, words="A hinge is off"
    )
    note_surplus(trial_id=trial.pk, by=ola, words="Her own reading glasses")
    lost = delivered_trial(variants=variants[:1], by=ola)
    number = scanned(lost, Leg.RETURN).tracking_number
    return str(lose_parcel(tracking_number=number, by=ola, early=True))


def _orders(mia: User, variants: list[Variant]) -> dict[str, str]:
    paid, packed, pending = (_order(mia, variants[each]) for each in (0, 0, 1))
    for order in (paid, packed):
        mark_paid(order)
    waiting = payment_for(purpose="order", reference=pending.number)
    assert waiting is not None
    add_to_cart(cart_id=cart_for(user=mia).pk, variant_id=variants[2].pk)
    return {
        "order": f"/orders/{paid.number}/",
        "order pending": f"/orders/{pending.number}/",
        "console order": f"/console/orders/{paid.number}/",
        "pack order": f"/console/pack/orders/{paid.number}/",
        "scan order": f"/console/pack/orders/{packed.number}/",
        "payment": f"/payments/{waiting.pk}/",
        "payment by link": payment_link(waiting),
    }


def _friends(mia: User, nora: User) -> dict[str, str]:
    """Friends of Mia's in every state, and credit of hers; Nora was brought by her."""
    campaign(advocate_amount=15, friend_amount=10)
    invite_friend(advocate=mia, name="Jonas")
    for friend in (UserFactory(), UserFactory()):
        joined(mia, friend)
        ordered(friend, price=95)
    later()
    waiting = UserFactory()
    joined(mia, waiting)
    ordered(waiting, price=95)
    joined(mia, nora)
    held_referral()
    code = code_for(user=mia)
    return {"friend's code": f"/r/{code}/"}


def _order(mia: User, variant: Variant) -> Order:
    address = mia.addresses.get()
    cart = cart_for(user=mia)
    add_to_cart(cart_id=cart.pk, variant_id=variant.pk)
    return place_order(user=mia, cart_id=cart.pk, address_id=address.pk)


def _ideas(mia: User, nora: User, ola: User) -> dict[str, str]:
    text = "So that I need no second pair in summer."
    idea = add_idea(user=nora, title="Clip-on sunglasses for every frame", text=text)
    own = add_idea(user=mia, title="Show me narrow bridges first")
    report_idea(user=mia, idea_id=idea.pk, reason="There was one like it")
    words = "We try two makers. Spring, if they are good."
    answer_idea(idea_id=idea.pk, by=ola, state="planned", seen="proposed", text=words)
    vote_for(user=nora, idea_id=own.pk)
    return {"idea": f"/ideas/{idea.pk}/", "console idea": f"/console/ideas/{idea.pk}/"}


def _panel(mia: User, nora: User, variant: Variant, ola: User) -> dict[str, str]:
    panel = open_panel_of(mia, variants=[variant], by=ola)
    invite(panel_id=panel.pk, by=ola, emails=[nora.email])
    rated, chosen, worded = panel.questions.order_by("position")
    answers: dict[int, object] = {rated.pk: 4, chosen.pk: "Too wide", worded.pk: "Light as air."}
    handle = variant.frame.handle
    give_feedback(user=mia, panel_id=panel.pk, handle=handle, answers=answers)
    return {
        "test": f"/tests/{panel.pk}/",
        "test feedback": f"/tests/{panel.pk}/frames/{handle}/",
        "test invitation": f"/tests/{panel.pk}/",
        "panel": f"/console/panels/{panel.pk}/",
        "panel results": f"/console/panels/{panel.pk}/results/",
    }


def _to_pack(variants: list[Variant], ola: User) -> tuple[str, list[str]]:
    trial = approved_trial(variants=variants, by=ola)
    return trial.number, list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))


def _come_back(variants: list[Variant], ola: User) -> tuple[str, list[str]]:
    trial = delivered_trial(variants=variants, by=ola)
    mark_returning(trial_id=trial.pk, at=timezone.now())
    return trial.number, list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))
