"""A shop in the middle of a story: people, faces in their frames, words worth reading."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone

from sharing.bookmarks.services.feed_tokens import new_feed_token
from sharing.bookmarks.services.following import follow_tag
from sharing.bookmarks.services.saving import save_frame, save_note
from sharing.circles.services.membership import show_trials
from sharing.circles.states import CircleKind
from sharing.galleries.models import Gallery
from sharing.galleries.queries import open_link
from sharing.galleries.services import change_settings, create_gallery, create_link
from sharing.galleries.tokens import link_token
from sharing.ideas.answering import answer_idea
from sharing.ideas.services import add_idea, vote_for
from sharing.referrals.services.codes import code_for
from sharing.referrals.services.codes import invite as invite_friend
from sharing.stylist.services import ask, show_to_friends
from sharing.testers.models import Panel, PanelFrame, Question
from sharing.testers.services.panels import begin_panel, invite, open_panel
from sharing.votes.moderation import report_as_owner
from sharing.votes.states import LeftOut
from shop.analytics.names import Channel
from shop.catalogue.drawing.catalogue import draw_missing
from shop.catalogue.models import Frame, Variant
from shop.catalogue.shopify.parsing import parse_products
from shop.customers.models import User
from shop.demo import PRODUCTS
from shop.inventory.intake import import_catalogue
from shop.messages.addresses import hashed, token_for
from shop.messages.topics import Topic
from shop.orders.services.carts import add_to_cart, cart_for
from tests.factories.circles import circle_of
from tests.factories.sharing import SharedGallery, answered, ready_photo, vote_on
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial
from tests.sharing.referrals.friends import campaign, held_referral, joined, later, ordered
from tests.story.portraits import TRIED, encoded, photo
from trials.home_trials.models import Trial
from trials.units.services.making import create_units

HANDLES = [handle for handle, _colour in TRIED] + ["hugo", "greta", "olive", "bruno", "nils"]
# Who, her favourite, her order, why she is not counted, and what she says; numbers are places.
Said = tuple[str, int, tuple[int, ...], LeftOut | None, str]
SAID: tuple[Said, ...] = (
    ("Jule", 0, (0, 1, 2), None, "Ada makes you look like the film director you are."),
    ("Emil", 0, (0, 3, 1), None, "Die runde steht dir am besten."),
    ("Carla", 1, (1, 0, 2), None, "Clara! Red suits you."),
    ("Tom", 0, (0, 2, 1), None, ""),
    ("Ines", 2, (2, 0, 1), None, "Gold for every day, Ada for the opera."),
    ("", 4, (), LeftOut.SCRIPTED, ""),
    ("", 4, (), LeftOut.SAME_DEVICE, ""),
)


@dataclass(frozen=True)
class Tour:
    """What the pictures are taken of.

    Attributes:
        sessions: cookies of people who are logged in, by name.
        paths: addresses by the name of the page.
        galleries: by name.
    """

    sessions: dict[str, str]
    paths: dict[str, str]
    galleries: dict[str, Gallery]


def make_tour(folder: Path) -> Tour:
    """Fill the database; pictures are drawn under ``folder``."""
    tried, others = _catalogue(folder)
    ProgrammeVersionFactory()
    nora = UserFactory(name="Nora Feldt", email="nora@example.com")
    jule = UserFactory(name="Jule Sander", email="jule@example.com")
    carla = UserFactory(name="Carla Conti", email="carla@example.com")
    ola, max_ = StaffFactory(name="Ola Nowak"), ManagerFactory(name="Max Lindqvist")
    paths, galleries = _galleries(nora, ola, tried, others)
    paths |= _circles(nora, [jule, carla], [ola, max_], tried + others)
    paths |= _stylist(galleries["trial"], nora, ola)
    paths |= _panel(nora, ola, others[-1]) | _ideas(nora, [jule, carla], ola)
    paths |= _friends(nora, jule, others[0])
    paths["unsubscribe"] = f"/m/u/{token_for(hashed(nora.email), [Topic.VOTES])}/"
    people = {"nora": nora, "jule": jule, "ola": ola, "max": max_}
    return Tour({name: _session(user) for name, user in people.items()}, paths, galleries)


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _catalogue(folder: Path) -> tuple[list[Variant], list[Variant]]:
    """Draw and import some of the demo's frames; return those she tries, and the others."""
    rows = list(csv.DictReader(io.StringIO(PRODUCTS.read_text("utf-8-sig"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(row for row in rows if row["Handle"] in HANDLES)
    draw_missing(parse_products(text.getvalue()).products, folder)
    import_catalogue(text=text.getvalue(), pictures=folder)
    tried = [
        Variant.objects.filter(frame__handle=handle, colour=colour).order_by("pk")[0]
        for handle, colour in TRIED
    ]
    others = [
        frame.variants.order_by("pk")[0]
        for frame in Frame.objects.exclude(pk__in=[each.frame_id for each in tried])
    ]
    for variant in tried + others:
        create_units(variant_id=variant.pk, count=3, location="A1")
    return tried, others


def _galleries(
    nora: User, ola: User, tried: list[Variant], others: list[Variant]
) -> tuple[dict[str, str], dict[str, Gallery]]:
    """Make two trials' galleries, the later one half voted on, and links to it."""
    month_ago = timezone.now() - timedelta(days=40)
    first = delivered_trial(user=nora, variants=[tried[0], *others[:2]], by=ola, at=month_ago)
    before = create_gallery(owner=nora, trial_id=first.pk, question="Which one for the office?")
    _vote(before, [("Jule", 0, (0, 1), None, "Ada."), ("Tom", 1, (1, 0), None, "")])
    Trial.objects.filter(pk=first.pk).update(state="closed", closed_at=timezone.now())
    trial = delivered_trial(user=nora, variants=tried, by=ola)
    for item in trial.items.select_related("variant__frame"):
        face = encoded(photo(item.variant.frame.handle), "JPEG")
        shown = ready_photo(item, data=face)
    gallery = create_gallery(owner=nora, trial_id=trial.pk)
    change_settings(
        owner=nora,
        gallery_id=gallery.pk,
        is_blind=True,
        names_shown="friends",
        closes_at=timezone.now() + timedelta(days=3),
    )
    fresh = create_link(owner=nora, gallery_id=gallery.pk, channel=Channel.LINK, label="Family")
    shared = _vote(gallery, SAID)
    vote = gallery.votes.get(voter__name="Tom")
    vote.comment = "Buy followers at glasses-of-fame dot example!"
    vote.save(update_fields=["comment"])
    report_as_owner(owner=nora, gallery_id=gallery.pk, vote_id=vote.pk, reason="An advertisement")
    return {
        "trial": f"/trials/{trial.number}/",
        "photos": f"/trials/{trial.number}/photos/",
        "crop": f"/photos/{shown.pk}/crop/",
        "gallery": f"/galleries/{gallery.pk}/",
        "friend": f"/g/{shared.token}/",
        "fresh friend": f"/g/{link_token(fresh.pk)}/",
        "story": f"/galleries/{gallery.pk}/links/{fresh.pk}/story-photos.jpg",
        "object": f"/g/{shared.token}/photos/{shown.pk}/object/",
        "save": f"/saved/new/?variant={others[2].pk}",
    }, {"trial": gallery, "before": before}


def _vote(gallery: Gallery, said: Iterable[Said]) -> SharedGallery:
    link = create_link(owner=gallery.owner, gallery_id=gallery.pk, channel=Channel.WHATSAPP)
    token = link_token(link.pk)
    items = list(gallery.items.order_by("position"))
    shared = SharedGallery(gallery, open_link(token), token, items)
    for number, (name, favourite, ranked, left_out, words) in enumerate(said):
        vote_on(
            shared,
            address=f"198.51.100.{number}",
            device=f"telephone {number}",
            favourite=items[favourite],
            places={items[at].pk: place for place, at in enumerate(ranked, start=1)},
            name=name,
            comment=words,
            left_out=left_out,
        )
    return shared


def _circles(
    nora: User, sisters: list[User], colleagues: list[User], variants: list[Variant]
) -> dict[str, str]:
    circle = circle_of(nora, *sisters, name="Opera friends")
    words = (
        (["narrow bridge", "for work"], "Sits where my old pair slips."),
        (["round", "light"], "Light as nothing."),
        (["gold"], ""),
    )
    for owner, variant, (tags, note) in zip(
        (nora, *sisters), (variants[0], variants[4], variants[5]), words, strict=True
    ):
        said = {"tags": tags, "note": note, "audience": "circle", "circle_id": circle.pk}
        save_frame(owner=owner, variant_id=variant.pk, **said)
    save_frame(
        owner=nora,
        variant_id=variants[6].pk,
        tags=["round", "bold"],
        note="For evenings.",
        audience="circle",
        circle_id=circle.pk,
    )
    follow_tag(follower=nora, tag="round")
    new_feed_token(user=nora)
    show_trials(user=nora, circle_id=circle.pk, shown=True)
    work = circle_of(*colleagues, name="Workshop", kind=CircleKind.STAFF)
    note = {"tags": ["hinge"], "note": "The left hinge wants oil before the next box goes out."}
    save_note(by=colleagues[0], circle_id=work.pk, kind="frame", key=variants[0].frame_id, **note)
    words_of_her = "Asks twice before she buys: answer with a picture."
    save_note(by=colleagues[1], circle_id=work.pk, kind="customer", key=nora.pk, note=words_of_her)
    here = f"/circles/{circle.pk}/"
    return {
        "circle": here,
        "circle people": f"{here}people/",
        "who": f"{here}who/?shape=round",
        "staff circle": f"/console/circles/{work.pk}/",
    }


def _stylist(gallery: Gallery, nora: User, ola: User) -> dict[str, str]:
    asked = ask(user=nora, gallery=gallery, text="Is Ada too wide for me, or is it the photo?")
    answered(asked.thread, by=ola, text="It is the photo. Ada is 2 mm wider than Clara, no more.")
    show_to_friends(owner=nora, gallery=gallery, shown=True)
    ask(user=nora, gallery=gallery, text="And with highlights in my hair?")
    return {"thread": f"/console/stylist/{asked.thread.pk}/"}


def _panel(nora: User, ola: User, variant: Variant) -> dict[str, str]:
    frame = variant.frame
    panel = Panel.objects.create(
        title="Spring, before anybody else", words="One frame, three questions."
    )
    begin_panel(panel=panel, by=ola)
    frame.published = False
    frame.save(update_fields=["published"])
    PanelFrame.objects.create(panel=panel, frame=frame)
    asked = (
        ("rating", "How does it sit?", []),
        ("choice", "And the bridge?", ["Too wide", "Just right", "Too narrow"]),
        ("text", "What would you change?", []),
    )
    for position, (kind, words, choices) in enumerate(asked, start=1):
        Question.objects.create(
            panel=panel, words=words, kind=kind, choices=choices, position=position
        )
    open_panel(panel_id=panel.pk, by=ola)
    invite(panel_id=panel.pk, by=ola, emails=[nora.email])
    here = f"/tests/{panel.pk}/"
    return {"test": here, "feedback": f"{here}frames/{frame.handle}/"}


def _ideas(nora: User, friends: list[User], ola: User) -> dict[str, str]:
    said = "So that I need no second pair in summer."
    clips = add_idea(user=nora, title="Clip-on sunglasses for every frame", text=said)
    bridges = add_idea(user=friends[0], title="Show me narrow bridges first")
    for each in friends:
        vote_for(user=each, idea_id=clips.pk)
    vote_for(user=nora, idea_id=bridges.pk)
    words = "We try two makers. In spring, if they are good."
    answer_idea(idea_id=clips.pk, by=ola, state="planned", seen="proposed", text=words)
    return {"idea": f"/ideas/{clips.pk}/"}


def _friends(nora: User, jule: User, variant: Variant) -> dict[str, str]:
    campaign(advocate_amount=15, friend_amount=10)
    joined(nora, jule)
    ordered(jule, price=145)
    later()
    at_home, office = nora.addresses.order_by("pk")
    nora.addresses.filter(pk=at_home.pk).update(line1="Gartenstraße 12", postal_code="10115")
    nora.addresses.filter(pk=office.pk).update(name="Nora Feldt, Studio Nord")
    invite_friend(advocate=nora, name="Emil")
    waiting = UserFactory(name="Emil Brandt", email="emil@example.com")
    joined(nora, waiting)
    held_referral()
    add_to_cart(cart_id=cart_for(user=nora).pk, variant_id=variant.pk)
    return {"code": f"/r/{code_for(user=nora)}/"}
