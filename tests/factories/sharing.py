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
from sharing.galleries.services import create_gallery, create_link
from sharing.galleries.tokens import link_token
from sharing.photos.models import Photo
from sharing.photos.services import CONSENT_VERSION, add_photo, render_photo
from sharing.votes.ballot import CastVote
from sharing.votes.services import cast_vote
from shop.analytics.names import Channel
from tests.factories.trials import delivered_trial
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
    link = create_link(owner=gallery.owner, gallery_id=gallery.pk, channel=channel)
    token = link_token(link.pk)
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
