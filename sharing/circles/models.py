"""Circles, who is in them, and how one comes in."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.circles.states import CircleKind, CircleState, Role
from shop.customers.models import User
from shop.foundation.history import Transition
from shop.foundation.postgres.queries import Slot


class Circle(models.Model):
    """A small group of people who save and discuss frames together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(max_length=10, choices=CircleKind.choices, default=CircleKind.CUSTOMERS)
    state = models.CharField(max_length=10, choices=CircleState.choices, default=CircleState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_staffs(self) -> bool:
        """Whether colleagues share in it what customers never see."""
        return self.kind == CircleKind.STAFF


class CircleTransition(Transition):
    """One move of a circle."""

    subject = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="transitions")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by whether they count."""

    def present(self) -> "MembershipQuerySet":
        """Return those of people who have not left."""
        return self.exclude(state=Role.LEFT)

    def seen_by(self, viewer: User) -> "MembershipQuerySet":
        """Return a person's own that let her see her circle now.

        Whoever works here no more sees no circle of colleagues, whatever rows are left of her.
        """
        return self.seen_by_one(viewer.pk, works_here=viewer.is_staff)

    def seen_by_one(self, viewer_id: int | Slot, *, works_here: bool) -> "MembershipQuerySet":
        """Return what ``seen_by`` does, for a person of whom this much is known."""
        hers = self.present().filter(user_id=viewer_id)
        return hers if works_here else hers.exclude(circle__kind=CircleKind.STAFF)


class Membership(models.Model):
    """Somebody in a circle, from when she came until she left; she who comes again has a new one.

    Its state is her role; the moves of it are the history of the circle's people.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    state = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    # "My trials may be found here": what she tried at home answers the circle's questions.
    shows_trials = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    # Somebody else ended it: an invitation made before does not let her in again.
    was_removed = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("joined_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "user"],
                condition=~models.Q(state="left"),
                name="one_membership_a_circle",
            ),
            models.UniqueConstraint(
                fields=["circle"], condition=models.Q(state="owner"), name="one_owner_a_circle"
            ),
            models.CheckConstraint(
                condition=models.Q(state="left", left_at__isnull=False)
                | (~models.Q(state="left") & models.Q(left_at=None)),
                name="who_has_left_says_when",
            ),
        ]


class MembershipTransition(Transition):
    """One step of somebody in a circle: came, was given a role, left."""

    subject = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="transitions")


class CircleInvitation(models.Model):
    """An unguessable, revocable, expiring way into a circle. Only its hash is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    # For whom, as a note; of an address only so much that the inviter knows it again.
    label = models.CharField(max_length=60, blank=True)
    most_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uses__lte=models.F("most_uses"), most_uses__gte=1),
                name="invitation_used_within_its_limit",
            ),
        ]


class Block(models.Model):
    """Somebody who does not want another to see what she saves, nor to come into her circles."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks"
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_a_pair"),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_herself"
            ),
        ]
