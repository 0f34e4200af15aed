"""The states of a gallery, the steps between them, and what it may be set to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GalleryState(models.TextChoices):
    """Whether friends may vote, and whether their links open anything."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Put away")


class GalleryKind(models.TextChoices):
    """What a gallery shows: a trial at home, or frames of the catalogue before one."""

    TRIAL = "trial", _("Trial")
    FRAMES = "frames", _("Frames")


class NamesShown(models.TextChoices):
    """Who may see how voters called themselves."""

    OWNER = "owner", _("Only me")
    FRIENDS = "friends", _("My friends, too")


class ClosedBecause(models.TextChoices):
    """Why the voting ended."""

    HAND = "hand", _("Ended by hand")
    DATE = "date", _("The time was up")
    PURCHASE = "purchase", _("A frame was bought")


MOVES = {
    GalleryState.OPEN: frozenset({GalleryState.CLOSED}),
    GalleryState.CLOSED: frozenset({GalleryState.OPEN, GalleryState.ARCHIVED}),
}
# Apart from the others: ending the voting does not lead here.
BACK = {GalleryState.ARCHIVED: frozenset({GalleryState.CLOSED})}
