"""What lower pages' slots need to know of sharing."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext

from sharing.galleries.models import Gallery
from sharing.photos.models import Photo
from sharing.privacy.queries import open_objections_to
from sharing.privacy.states import ObjectionState
from sharing.referrals.gifts import offer_words, own_gifts, seen_words
from sharing.referrals.pages import reward_words
from sharing.referrals.queries import may_claim, running_campaign
from sharing.stylist.pages import StylistPanel, friends_answers, panel_of
from sharing.votes.queries import counted_votes
from sharing.waiting import Waits, waiting_for
from shop.customers.models import User
from trials.home_trials.models import Trial

register = template.Library()


@register.simple_tag
def gallery_of_trial(trial: Trial) -> Gallery | None:
    """Return the gallery of a trial, if there is one."""
    return Gallery.objects.filter(trial=trial).first()


@register.inclusion_tag("sharing/privacy/parts/objected.html")
def objected_photos(gallery: Gallery | None, user: User) -> dict[str, Any]:
    """Tell the owner of a gallery, where she looks, that photos of it were objected to."""
    if gallery is None:
        return {"count": 0}
    objections = list(open_objections_to(user, gallery))
    unseen = (ObjectionState.HIDDEN, ObjectionState.EXPLAINED)
    return {
        "count": len(objections),
        "hidden": sum(each.state in unseen for each in objections),
        "first": objections[0] if objections else None,
    }


@register.simple_tag
def objections_by_photo(trial: Trial, user: User) -> dict[uuid.UUID, uuid.UUID]:
    """Return the open objection to each photo of a trial that has one."""
    objections = open_objections_to(user, Gallery.objects.filter(trial=trial).first())
    return {each.photo_id: each.pk for each in objections}


@register.filter
def of_photo(objections: dict[uuid.UUID, uuid.UUID], photo: Photo) -> uuid.UUID | None:
    """Return the objection to a photo, if one is open."""
    return objections.get(photo.pk)


@register.simple_tag
def social_queues(user: User) -> list[Waits]:
    """Return what waits for the shop because customers and friends said something."""
    return waiting_for(user)


@register.simple_tag
def votes_on(gallery: Gallery) -> int:
    """Return how many votes are counted on a gallery."""
    return counted_votes([gallery.pk]).get(gallery.pk, 0)


@register.filter
def moment_in(moment: str, zone: str) -> str:
    """Return a moment as people write it, in a zone.

    Args:
        moment: ISO 8601, as a message keeps it.
        zone: a name of the IANA database.
    """
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return f"{date_format(local, gettext('l, j F'))}, {date_format(local, 'H:i')}"


@register.simple_tag
def stylist_panel(trial: Trial | None, gallery: Gallery | None) -> StylistPanel:
    """Return the stylist's part of the page of a trial or a gallery; one of them may be none."""
    return panel_of(trial=trial or None, gallery=gallery or None)


@register.simple_tag
def stylist_answers(gallery: Gallery, token: str) -> list[dict[str, str]]:
    """Return what the stylist answered about a gallery, as far as friends may read it."""
    return friends_answers(gallery, token)


@register.simple_tag
def may_claim_code(user: User) -> bool:
    """Tell whether a customer may still say which friend sent her."""
    return may_claim(user)


@register.simple_tag
def friends_gift(owner_name: str) -> dict[str, str]:
    """Return what a friend who has voted may take to the shop, and what its sender sees of it."""
    campaign = running_campaign()
    gift = reward_words(campaign, "friend") if campaign else ""
    offer = offer_words(campaign) if campaign else ""
    return {"gift": gift, "offer": offer, "seen": seen_words(owner_name)}


@register.simple_tag
def gifts_of(user: User | AnonymousUser) -> list[str]:
    """Return what a customer has for having come by a friend, in sentences; nothing of nobody."""
    return own_gifts(user) if isinstance(user, User) else []
