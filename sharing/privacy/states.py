"""The states of erasures, exports and objections, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ErasureState(models.TextChoices):
    """How far an erasing is."""

    REQUESTED = "requested", _("Being erased")
    DONE = "done", _("Erased")


class ExportState(models.TextChoices):
    """How far an export is."""

    REQUESTED = "requested", _("Being put together")
    READY = "ready", _("Ready")
    DELETED = "deleted", _("Deleted")


class ObjectionState(models.TextChoices):
    """Whether a photo somebody objected to is shown, and who has to act."""

    # The photo is hidden; its owner erases it or explains.
    HIDDEN = "hidden", _("Hidden, the owner is asked")
    # It is hidden; the owner wants it shown, the shop decides.
    EXPLAINED = "explained", _("Hidden, the shop decides")
    # It is shown: whoever objected had hidden others of this gallery already that day.
    WAITING = "waiting", _("Shown, the shop decides")
    # It is shown, for the shop decided so before; somebody objected again.
    REPEATED = "repeated", _("Shown, the shop decides anew")
    ERASED = "erased", _("The photo is erased")
    KEPT = "kept", _("The photo is shown")


OPEN_OBJECTIONS = (
    ObjectionState.HIDDEN,
    ObjectionState.EXPLAINED,
    ObjectionState.WAITING,
    ObjectionState.REPEATED,
)

ERASURE_MOVES = {ErasureState.REQUESTED: frozenset({ErasureState.DONE})}
EXPORT_MOVES = {
    ExportState.REQUESTED: frozenset({ExportState.READY, ExportState.DELETED}),
    ExportState.READY: frozenset({ExportState.DELETED}),
}
DECIDED = {ObjectionState.ERASED, ObjectionState.KEPT}
OBJECTION_MOVES = {
    ObjectionState.HIDDEN: frozenset({ObjectionState.EXPLAINED, *DECIDED}),
    ObjectionState.EXPLAINED: frozenset(DECIDED),
    ObjectionState.WAITING: frozenset(DECIDED),
    ObjectionState.REPEATED: frozenset(DECIDED),
    # Whatever was decided: a photo may still be erased, by its owner or with its gallery.
    ObjectionState.KEPT: frozenset({ObjectionState.ERASED}),
}
