"""Friends: they are sent a link, look, and vote."""

import secrets
import uuid
from datetime import timedelta

from sharing.galleries.models import Gallery, GalleryItem, ShareLink
from sharing.galleries.services.galleries import create_gallery
from sharing.galleries.services.links import create_link, note_view
from sharing.simulation.world import World
from sharing.votes.models import Vote
from sharing.votes.services import cast_vote
from shop.analytics.names import Channel
from trials.home_trials.models import Trial
from trials.home_trials.states import OPEN

CHANNELS = (Channel.WHATSAPP, Channel.LINK, Channel.MAIL)
FRIENDS_AT_MOST = 6


def share(world: World, trial_id: uuid.UUID) -> None:
    """A customer makes a gallery of her trial and sends friends a link.

    Where the carrier has not told yet that her box is here, she tries again the day after.
    """
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    gallery = world.attempt(lambda: create_gallery(owner=trial.user, trial_id=trial_id))
    if gallery is None:
        if trial.state in OPEN:
            world.diary.after(timedelta(days=1), share, world, trial_id)
        return
    channel = world.chance.choice(CHANNELS)
    link = create_link(owner=trial.user, gallery_id=gallery.pk, channel=channel)
    world.counts["galleries"] += 1
    for _friend in range(world.chance.randint(0, FRIENDS_AT_MOST)):
        wait = timedelta(hours=world.chance.expovariate(1 / 8))
        world.diary.after(wait, look, world, link.pk)


def look(world: World, link_id: uuid.UUID) -> None:
    """A friend opens a link, and votes or does not."""
    link = ShareLink.objects.get(pk=link_id)
    browser = secrets.token_urlsafe(16)
    note_view(link=link, browser_token=browser)
    world.counts["friends who looked"] += 1
    if not world.happens(world.plan.friends_vote):
        return
    items = list(GalleryItem.objects.filter(gallery=link.gallery_id).order_by("pk"))
    picked = world.chance.choices(items, weights=range(len(items), 0, -1))[0]
    cast = world.attempt(
        lambda: cast_vote(
            link=link,
            voter_token=browser,
            reactions={picked.pk: "love"},
            favourite=picked.pk,
        )
    )
    world.counts["votes"] += cast is not None


def favourite_of(trial: Trial) -> int | None:
    """Return the variant that most friends picked; nothing where nobody voted."""
    gallery = Gallery.objects.filter(trial=trial).first()
    if gallery is None:
        return None
    votes = Vote.objects.filter(gallery=gallery, counted=True).exclude(favourite=None)
    picks = list(votes.values_list("favourite__variant_id", flat=True))
    return max(set(picks), key=lambda each: (picks.count(each), -each), default=None)
