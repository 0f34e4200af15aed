"""Things of the sharing floor, made by the services that make them in the shop."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sharing.galleries.models import Gallery, GalleryItem, ShareLink
from sharing.galleries.queries import open_link
from sharing.galleries.services import create_frames_gallery, create_gallery, create_link
from sharing.galleries.tokens import link_token
from sharing.photos.models import Photo
from sharing.photos.services import CONSENT_VERSION, add_photo, render_photo
from sharing.stylist.models import Message, Thread
from sharing.stylist.services import answer, ask
from sharing.testers.models import Panel, PanelFrame, Question
from sharing.testers.services.panels import answer_invitation, begin_panel, invite, open_panel
from sharing.votes.ballot import CastVote
from sharing.votes.services import cast_vote
from shop.analytics.names import Channel
from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.shop import StaffFactory, StockRecordFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial
from tests.sharing.photos.pictures import jpeg
from trials.home_trials.models import TrialItem

PAPER = re.compile(r'name="paper" value="([^"]+)"')


@dataclass(frozen=True)
class SharedGallery:
    """A gallery, one link to it and that link's token."""

    gallery: Gallery
    link: ShareLink
    token: str
    items: list[GalleryItem]


def gallery_with_link(*, channel: str = Channel.WHATSAPP, **trial: Any) -> SharedGallery:
    """Return a gallery of a delivered trial (``user``, ``frames`` …) with a link."""
    delivered = delivered_trial(**trial)
    gallery = create_gallery(owner=delivered.user, trial_id=delivered.pk)
    return with_link(gallery, channel=channel)


def frames_gallery(*, frames: int = 3, owner: User | None = None) -> SharedGallery:
    """Return a gallery of chosen frames before a trial, with a link."""
    variants = [StockRecordFactory().variant for _each in range(frames)]
    gallery = create_frames_gallery(
        owner=owner or UserFactory(), variant_ids=[each.pk for each in variants]
    )
    return with_link(gallery)


def with_link(gallery: Gallery, **link: Any) -> SharedGallery:
    """Return a gallery with a new link to it (``channel``, ``admits``, ``life`` …)."""
    made = create_link(owner=gallery.owner, gallery_id=gallery.pk, **link)
    token = link_token(made.pk)
    return SharedGallery(gallery, open_link(token), token, list(gallery.items.all()))


def ready_photo(item: TrialItem, *, data: bytes | None = None) -> Photo:
    """Return a photo of a trial's frame that may be shown."""
    photo = add_photo(
        user=item.trial.user,
        trial_item_id=item.pk,
        file=SimpleUploadedFile("me.jpg", data or jpeg()),
        consent_version=CONSENT_VERSION,
    )
    render_photo(photo.pk)
    photo.refresh_from_db()
    return photo


def new_browser() -> str:
    """Return the token of a friend's browser."""
    return secrets.token_urlsafe(24)


def vote_on(
    shared: SharedGallery,
    *,
    favourite: GalleryItem | None = None,
    browser: str = "",
    **ballot: Any,
) -> CastVote:
    """Cast a vote on a gallery: by default a new friend loves and picks the first frame."""
    picked = favourite or shared.items[0]
    given: dict[str, Any] = {"reactions": {picked.pk: "love"}, "favourite": picked.pk, **ballot}
    return cast_vote(link=shared.link, voter_token=browser or new_browser(), **given)


def ballot_paper(shared: SharedGallery, browser: Client, address: str = "") -> str:
    """Return the ballot paper of a gallery's page as a browser is shown it."""
    page = browser.get(address or reverse("sharing:friend_gallery", args=[shared.token]))
    found = PAPER.search(page.content.decode())
    assert found is not None, page.status_code
    return found[1]


def vote_by_api(api: Any, token: str, ballot: dict[str, Any], *, voter: str = "") -> Any:
    """Look at a gallery by API and vote; return the answer. ``voter`` is the device's token."""
    seen = api.get(
        reverse("api-shared", args=[token]), headers={"X-Voter-Token": voter} if voter else None
    )
    told = (
        seen.data if seen.status_code == 200 else {"voter_token": voter, "ballot_paper": "spoilt"}
    )
    return api.put(
        reverse("api-shared-vote", args=[token]),
        {"ballot_paper": told["ballot_paper"], **ballot},
        headers={"X-Voter-Token": told["voter_token"]},
    )


def asked_thread(*, text: str = "What do you think?", **trial: Any) -> Thread:
    """Return a thread about a delivered trial (``user``, ``frames`` …) that waits for an answer."""
    delivered = delivered_trial(**trial)
    return ask(user=delivered.user, trial=delivered, text=text).thread


def answered(thread: Thread, *, by: User | None = None, text: str = "The round pair.") -> Message:
    """Return the answer of somebody at work to the last message of a thread."""
    last = thread.messages.order_by("pk").last()
    assert last is not None
    return answer(thread_id=thread.pk, by=by or StaffFactory(), seen=last.pk, text=text)


def open_panel_of(
    *testers: User, variants: list[Variant] | None = None, by: User | None = None
) -> Panel:
    """Return an open panel with a question of each kind, and these customers testing in it.

    Args:
        testers: who was invited and said yes.
        variants: of the frames it tests; one of a frame of its own that is not released, if none.
        by: who runs it.
    """
    by = by or StaffFactory()
    panel = Panel.objects.create(title="Spring", words="Six new frames")
    begin_panel(panel=panel, by=by)
    for variant in variants or [TrialUnitFactory(variant__frame__published=False).variant]:
        PanelFrame.objects.create(panel=panel, frame=variant.frame)
    kinds = [("rating", []), ("choice", ["Too wide", "Just right"]), ("text", [])]
    for position, (kind, choices) in enumerate(kinds, start=1):
        Question.objects.create(
            panel=panel, words=f"By {kind}?", kind=kind, choices=choices, position=position
        )
    open_panel(panel_id=panel.pk, by=by)
    if testers:
        invite(panel_id=panel.pk, by=by, emails=[user.email for user in testers])
    for user in testers:
        answer_invitation(user=user, panel_id=panel.pk, accept=True)
    panel.refresh_from_db()
    return panel
