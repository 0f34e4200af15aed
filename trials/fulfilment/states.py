"""The states of a pick batch and of a manifest, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """How far a pick batch is."""

    PICKING = "picking", _("Being picked")
    PICKED = "picked", _("Picked")
    CANCELLED = "cancelled", _("Cancelled")


class ManifestState(models.TextChoices):
    """How far a manifest is."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Handed over")


BATCH_MOVES = {
    BatchState.PICKING: frozenset({BatchState.PICKED, BatchState.CANCELLED}),
}
MANIFEST_MOVES = {
    ManifestState.OPEN: frozenset({ManifestState.CLOSED}),
}
