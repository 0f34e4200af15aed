"""The demo shop's top floor: what Mia and her friends have done so far, so that no room is bare.

All of it is made by the services that make it in the shop, dated today. The card is Stripe's own
test card, which its sandbox knows under this name.
"""

import csv
import io
import secrets
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from sharing.bookmarks.models import Audience, Bookmark
from sharing.bookmarks.services.following import follow_tag
from sharing.bookmarks.services.saving import save_frame
from sharing.circles.models import Circle
from sharing.circles.services.inviting import invite as invite_into_circle
from sharing.circles.services.keeping import create_circle
from sharing.circles.services.membership import join_circle
from sharing.circles.tokens import invitation_token
from sharing.galleries.models import Gallery, GalleryItem, ShareLink
from sharing.galleries.queries import open_link
from sharing.galleries.services import change_settings, create_gallery, create_link
from sharing.galleries.states import NamesShown
from sharing.galleries.tokens import link_token
from sharing.ideas.answering import answer_idea
from sharing.ideas.models import Idea
from sharing.ideas.services import add_idea, vote_for
from sharing.ideas.states import IdeaState
from sharing.photos.services import CONSENT_VERSION, add_photo, render_photo
from sharing.referrals.models import Campaign
from sharing.testers.models import Kind, Panel, PanelFrame, Question
from sharing.testers.services.panels import answer_invitation, begin_panel, invite, open_panel
from sharing.votes.services import cast_vote
from shop.analytics.names import Channel
from shop.catalogue.drawing.catalogue import draw_missing
from shop.catalogue.models import Frame, Variant
from shop.catalogue.shopify.parsing import parse_products
from shop.customers.models import User
from shop.demo import PRODUCTS
from shop.demo_logins import LOGINS
from shop.foundation.models import Milestone
from shop.inventory.intake import import_catalogue
from shop.payments.models import SavedCard
from trials.home_trials.models import Trial
from trials.home_trials.services.boxes import add_to_box, box_for
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, place_trial
from trials.home_trials.states import TrialState
from trials.shipping.services.labels import create_labels
from trials.units.services.making import create_units

PHOTOS = Path(__file__).parent / "photos" / "demo"
# The frames of which there are photos.
TRIED = ("ada", "clara", "iris", "klee", "thea")
PHOTOGRAPHED = TRIED[:3]
# Who voted: a name, the place of the pick among the frames, words.
VOTES = (
    ("Jonas", 1, "The second one, no question. It looks like you."),
    ("Lea", 1, ""),
    ("Samira", 0, "Ada is braver!"),
    ("Ben", 1, "Friendly, and light."),
    ("", 2, ""),
)
SAVED = (
    ("greta", ("narrow bridge", "for work"), "Sits where my old pair slips."),
    ("juno", ("round", "light"), ""),
    ("otis", ("bold",), "For evenings."),
)
# What Mia pays with has no other's fingerprint, so that her trial is known again.
ITS_CARD = "demo"
# Noted when all of it is there.
LOADED = "demo.friends"
UNRELEASED, ITS_NAME = "nocturne", "Nocturne"


def ensure_friends() -> bool:
    """Let Mia have frames at home, a gallery with votes, a circle, a test and an idea.

    Each part is made where it is missing, and that all are there is noted last: a load that broke
    off is made whole by the next. Afterwards nothing is touched again, whatever became of it; and
    somebody who has begun a trial or a gallery as Mia before keeps what she has.

    Returns:
        Whether something was still missing.
    """
    if Milestone.objects.filter(name=LOADED).exists():
        return False
    mia, ola = _person("customer"), _person("ops")
    trial = Trial.objects.filter(user=mia, card__fingerprint=ITS_CARD).first()
    if _went_her_own_way(mia, trial):
        return False
    nora = User.objects.filter(email="nora@lorgnette.example").first()
    nora = nora or User.objects.create_user(email="nora@lorgnette.example", name="Nora Weiss")
    _ask_friends(mia, _at_home(mia, ola, trial))
    _campaign()
    _circle(mia, nora)
    _panel(mia, ola, _unreleased())
    _ideas(mia, nora, ola)
    Milestone.objects.get_or_create(name=LOADED)
    return True


def _went_her_own_way(mia: User, trial: Trial | None) -> bool:
    """Tell whether somebody acted as Mia before all of it was there."""
    trials, galleries = Trial.objects.filter(user=mia), Gallery.objects.filter(owner=mia)
    if trial is None:
        return trials.exists() or galleries.exists()
    called_off = trial.state in (TrialState.CANCELLED, TrialState.DECLINED)
    others = trials.exclude(pk=trial.pk).exists() or galleries.exclude(trial=trial).exists()
    return called_off or others


def _person(role: str) -> User:
    address = next(email for who, email, _password in LOGINS if who == role)
    return User.objects.get(email=address)


def _at_home(mia: User, ola: User, begun: Trial | None) -> Trial:
    """Send Mia five frames; they have arrived."""
    trial = begun or _placed(mia)
    if trial.state == TrialState.REQUESTED:
        approve_trial(trial_id=trial.pk, by=ola)
        trial.refresh_from_db()
    if trial.state == TrialState.APPROVED:
        unpacked = trial.items.filter(packed_at=None).order_by("pk")
        for barcode in list(unpacked.values_list("unit__barcode", flat=True)):
            pack_unit(trial_id=trial.pk, barcode=barcode, by=ola)
        finish_packing(trial_id=trial.pk, by=ola)
    if trial.closed_at is None and not trial.shipments.exists():
        create_labels(trial_id=trial.pk, by=ola)
    # A trial that was shipped before, or has arrived, stays as it is.
    mark_shipped(trial_id=trial.pk, by=ola)
    return mark_delivered(trial_id=trial.pk, at=timezone.now())


def _placed(mia: User) -> Trial:
    card, _made = SavedCard.objects.get_or_create(
        user=mia,
        fingerprint=ITS_CARD,
        defaults={
            "stripe_payment_method_id": "pm_card_visa",
            "brand": "visa",
            "last4": "4242",
            "exp_month": 12,
            "exp_year": timezone.now().year + 5,
        },
    )
    box = box_for(user=mia)
    for variant in first_colours(TRIED):
        add_to_box(box_id=box.pk, variant_id=variant.pk)
    address = mia.addresses.order_by("pk")[0]
    return place_trial(user=mia, box_id=box.pk, address_id=address.pk, card_id=card.pk)


def first_colours(handles: tuple[str, ...]) -> list[Variant]:
    """Return the first colour of each frame, in the order of their handles given."""
    found = Variant.objects.filter(frame__handle__in=handles, active=True).order_by("pk")
    first: dict[str, Variant] = {}
    for variant in found.select_related("frame"):
        first.setdefault(variant.frame.handle, variant)
    return [first[handle] for handle in handles]


def _ask_friends(mia: User, trial: Trial) -> None:
    for handle in PHOTOGRAPHED:
        item = trial.items.get(variant__frame__handle=handle)
        photo = item.photos.first() or add_photo(
            user=mia,
            trial_item_id=item.pk,
            file=SimpleUploadedFile(f"{handle}.webp", (PHOTOS / f"{handle}.webp").read_bytes()),
            consent_version=CONSENT_VERSION,
        )
        render_photo(photo.pk)
    gallery = create_gallery(owner=mia, trial_id=trial.pk, question="Which pair for the new job?")
    change_settings(owner=mia, gallery_id=gallery.pk, names_shown=NamesShown.FRIENDS)
    told = "The flat share"
    made = ShareLink.objects.filter(gallery=gallery, label=told).first() or create_link(
        owner=mia, gallery_id=gallery.pk, channel=Channel.WHATSAPP, label=told
    )
    if not gallery.takes_votes:
        return
    link = open_link(link_token(made.pk))
    items = list(GalleryItem.objects.filter(gallery=gallery).order_by("position"))
    # Votes are cast in their order, so that those which are there are the first of them.
    for name, place, comment in VOTES[gallery.votes.count() :]:
        picked = items[place].pk
        cast_vote(
            link=link,
            voter_token=secrets.token_urlsafe(24),
            reactions={picked: "love", items[-1].pk: "not_you"},
            favourite=picked,
            comment=comment,
            name=name,
        )


def _campaign() -> None:
    """Ten euros for both, thirty days after a friend's order, unless a campaign runs already."""
    if Campaign.objects.exists():
        return
    Campaign.objects.create(
        name="Friends of friends",
        starts_at=timezone.now() - timedelta(minutes=1),
        advocate_kind="amount",
        advocate_amount=Decimal(10),
        friend_kind="amount",
        friend_amount=Decimal(10),
        minimum=Decimal(50),
        qualification_days=30,
    )


def _circle(mia: User, nora: User) -> None:
    name = "Sisters"
    circle = Circle.objects.filter(name=name, memberships__user=mia).first()
    circle = circle or create_circle(owner=mia, name=name)
    if not circle.memberships.present().filter(user=nora).exists():
        invited = invite_into_circle(by=mia, circle_id=circle.pk)
        join_circle(user=nora, token=invitation_token(invited.pk))
    variants = first_colours(tuple(handle for handle, _tags, _note in SAVED))
    for (_handle, tags, note), variant in zip(SAVED, variants, strict=True):
        _save(mia, variant, tags=tags, note=note, circle=circle)
    _save(nora, variants[1], tags=("round",), note="Light as nothing.")
    follow_tag(follower=mia, tag="round")


def _save(
    owner: User, variant: Variant, *, tags: tuple[str, ...], note: str, circle: Circle | None = None
) -> None:
    if Bookmark.objects.filter(owner=owner, frame=variant.frame, circle=circle).exists():
        return
    save_frame(
        owner=owner,
        variant_id=variant.pk,
        tags=list(tags),
        note=note,
        audience=Audience.CIRCLE if circle else Audience.PUBLIC,
        circle_id=circle.pk if circle else None,
    )


@transaction.atomic
def _panel(mia: User, ola: User, frame: Frame) -> None:
    """Let Mia test a frame that is in no shop yet."""
    if PanelFrame.objects.filter(frame=frame).exists():
        return
    panel = Panel.objects.create(
        title="The frame after next", words="One pair, not in the shop yet. Tell us what is wrong."
    )
    begin_panel(panel=panel, by=ola)
    PanelFrame.objects.create(panel=panel, frame=frame)
    questions: tuple[tuple[str, Kind, list[str]], ...] = (
        ("How does it sit?", Kind.RATING, []),
        ("How wide is it?", Kind.CHOICE, ["Too narrow", "Just right", "Too wide"]),
        ("What would you change?", Kind.TEXT, []),
    )
    for position, (words, kind, choices) in enumerate(questions, start=1):
        Question.objects.create(
            panel=panel, words=words, kind=kind, choices=choices, position=position
        )
    open_panel(panel_id=panel.pk, by=ola)
    invite(panel_id=panel.pk, by=ola, emails=[mia.email])
    answer_invitation(user=mia, panel_id=panel.pk, accept=True)


def _unreleased() -> Frame:
    """Import one frame that is not published, drawn as the others are."""
    frame = Frame.objects.filter(handle=UNRELEASED).first() or _imported()
    variant = frame.variants.get()
    if not variant.trial_units.exists():
        create_units(variant_id=variant.pk, count=2, location="Z1")
    return frame


def _imported() -> Frame:
    rows = list(csv.DictReader(io.StringIO(PRODUCTS.read_text("utf-8-sig"))))
    row = next(row for row in rows if row["Handle"] == "ada") | {
        "Handle": UNRELEASED,
        "Title": ITS_NAME,
        "Published": "false",
        "Variant SKU": "NOC99-TORTOISE",
        "Variant Barcode": "4000073999999",
        "Image Src": f"{UNRELEASED}.webp",
        "Variant Image": f"{UNRELEASED}.webp",
        "Image Alt Text": f"{ITS_NAME}, from the front",
        "SEO Title": ITS_NAME,
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row)
    with TemporaryDirectory(prefix="lorgnette-demo-") as folder:
        draw_missing(parse_products(text.getvalue()).products, Path(folder))
        import_catalogue(text=text.getvalue(), pictures=Path(folder))
    return Frame.objects.get(handle=UNRELEASED)


def _ideas(mia: User, nora: User, ola: User) -> None:
    title = "Clip-on sunglasses for every frame"
    idea = Idea.objects.filter(author=nora, title=title).first() or add_idea(
        user=nora, title=title, text="So that I need no second pair in summer."
    )
    if idea.state == IdeaState.PROPOSED:
        vote_for(user=mia, idea_id=idea.pk)
        answer_idea(
            idea_id=idea.pk,
            by=ola,
            state="planned",
            seen="proposed",
            text="We try two makers. Spring, if they are good.",
        )
    own = "Show me narrow bridges first"
    if not Idea.objects.filter(author=mia, title=own).exists():
        add_idea(user=mia, title=own)
