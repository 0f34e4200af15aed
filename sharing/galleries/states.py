"""The states of a gallery and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GalleryState(models.TextChoices):
    """Whether friends may vote."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


MOVES = {
    GalleryState.OPEN: frozenset({GalleryState.CLOSED}),
    GalleryState.CLOSED: frozenset({GalleryState.OPEN}),
}
