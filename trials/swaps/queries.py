"""Whether a trial's frames may be swapped, and for what; each in fixed queries."""

import uuid
from collections.abc import Sequence

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from shop.catalogue.models import Frame, Variant
from shop.catalogue.queries import frames_said
from shop.customers.models import User
from shop.foundation.postgres.queries import AnyOf, PreparedValues, Slot
from trials.fulfilment.models import PickTote
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import NEVER_LEFT, NOT_PACKED, TrialState
from trials.swaps.errors import CannotSwapError, ItemMissingError
from trials.swaps.models import FrameSwap
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.states import UnitState, WaitState


def is_swappable(trial: Trial) -> bool:
    """Tell whether frames of a trial may be swapped: nobody picks or packs its box yet.

    Batches are made with the trial's row locked: under that lock the answer stays true.
    """
    return trial.state in NOT_PACKED and _swappable().filter(pk=trial.pk).exists()


def check_swappable(trial: Trial) -> None:
    """Make sure that frames of a trial may be swapped.

    Raises:
        CannotSwapError: its box is being picked already, or it is further on or over.
    """
    if not is_swappable(trial):
        raise CannotSwapError(_why_not(trial), state=trial.state)


def _why_not(trial: Trial) -> str:
    """Return why a box is not swapped, for customers and for staff who act for them."""
    if trial.state in NEVER_LEFT | {TrialState.CLOSED}:
        return _("This trial is over. Its frames stay as they are.")
    if trial.state == TrialState.PACKED:
        return _("The box is packed. Its frames stay as they are.")
    if trial.state not in NOT_PACKED:
        return _("The box has left already. Its frames stay as they are.")
    if trial.items.exclude(picked_at=None, packed_at=None).exists():
        return _("The box is being packed. Its frames stay as they are.")
    return _("The box is on a pick list: its frames are about to be fetched and stay as they are.")


def _swappable() -> QuerySet[Trial]:
    totes = PickTote.objects.filter(trial=OuterRef("pk"), released=False)
    packed = TrialItem.objects.filter(trial=OuterRef("pk"), packed_at__isnull=False)
    return Trial.objects.filter(~Exists(totes), ~Exists(packed), state__in=NOT_PACKED)


def cannot_swap(user_ids: Sequence[int]) -> set[int]:
    """Return which of these customers have no box into which a frame can still be swapped.

    Args:
        user_ids: the customers; one query whatever their number.
    """
    return set(user_ids) - {user for (user,) in _ABLE.rows(users=list(user_ids))}


# Asked for each unit that comes back while somebody waits for one.
_ABLE = PreparedValues(
    lambda: (
        _swappable().filter(AnyOf(F("user_id"), Slot("users"))).order_by().values_list("user_id")
    )
)


def item_of(trial: Trial, item_id: uuid.UUID) -> TrialItem:
    """Return one frame of a trial.

    Raises:
        ItemMissingError: it has none of that id.
    """
    item = trial.items.select_related("variant__frame", "unit").filter(pk=item_id).first()
    if item is None:
        raise ItemMissingError(_("This frame is not in the box."))
    return item


def variants_to_swap_for(item: TrialItem, *, user: User, words: str = "") -> QuerySet[Variant]:
    """Return what an item can be swapped for now, other colours of its frame first.

    Args:
        item: the frame to be given back.
        user: whose trial it is; what is held for others who wait is not shown to her.
        words: as the catalogue is searched; empty for all.
    """
    held = WaitlistEntry.objects.filter(user=user, state=WaitState.HELD)
    free = TrialUnit.objects.filter(
        Q(held_for=None) | Q(held_for__in=held.values("pk")),
        variant=OuterRef("pk"),
        state=UnitState.AVAILABLE,
    )
    inside = TrialItem.objects.filter(trial=item.trial_id).values("variant")
    same_frame = Case(
        When(frame=item.variant.frame_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    variants = Variant.objects.filter(Exists(free), active=True, frame__published=True)
    if words.strip():
        variants = variants.filter(frame__in=frames_said(Frame.objects.all(), words))
    return (
        variants.exclude(pk__in=inside)
        .select_related("frame")
        .order_by(same_frame, "frame__name", "position", "pk")
    )


def swaps_of(trial: Trial) -> QuerySet[FrameSwap]:
    """Return which frames of a trial were swapped for which, latest first, and by whom."""
    return FrameSwap.objects.filter(item__trial=trial).select_related(
        "variant_before__frame", "variant_after__frame", "by"
    )
