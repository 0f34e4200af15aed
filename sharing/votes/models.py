"""Voters and their votes: reactions, one favourite, a comment."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.models import Gallery, GalleryItem, ShareLink


class ReactionValue(models.TextChoices):
    """What a friend makes of a frame."""

    LOVE = "love", _("Love it")
    LIKE = "like", _("Like it")
    NOT_YOU = "not_you", _("Not you")


class Voter(models.Model):
    """A person behind a link, known by a cookie; without an account.

    The key is made of gallery and cookie (``tokens.browser_person``), so it is what allows one
    voter a browser and gallery.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="voters")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="voters")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("your name"), max_length=40, blank=True)
    # The order in which she sees the frames: drawn once, then kept.
    item_order = ArrayField(models.BigIntegerField(), default=list)
    address_hash = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["gallery", "address_hash"], name="voter_by_network"),
        ]


class Vote(models.Model):
    """A voter's word on a gallery. One for each voter; changed until the gallery closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="votes")
    voter = models.OneToOneField(Voter, on_delete=models.CASCADE, related_name="vote")
    favourite = models.ForeignKey(
        GalleryItem, null=True, blank=True, on_delete=models.CASCADE, related_name="favourite_of"
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    cast_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=True)
    excluded_because = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["gallery", "cast_at"], name="vote_by_gallery")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(counted=True, excluded_because="")
                | (models.Q(counted=False) & ~models.Q(excluded_because="")),
                name="excluded_votes_say_why",
            ),
        ]


class Reaction(models.Model):
    """What a vote says of one frame."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="reactions")
    item = models.ForeignKey(GalleryItem, on_delete=models.CASCADE, related_name="reactions")
    value = models.CharField(max_length=8, choices=ReactionValue.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "item"], name="one_reaction_a_frame"),
        ]
