"""What lay in boxes that came back, and is not the shop's."""

from django.db.models import (
    QuerySet,
)
from django.utils.translation import gettext as _

from shop.foundation.postgres.queries import PreparedQuery, Slot
from trials.home_trials.found_things import FoundThing
from trials.home_trials.models import Trial
from trials.returns.errors import NoteMissingError
from trials.returns.models.inspections import BoxNote


def box_note_by_id(note_id: int) -> BoxNote:
    """Return one note on a box.

    Raises:
        NoteMissingError: there is none.
    """
    note = BoxNote.objects.select_related("trial__user").filter(pk=note_id).first()
    if note is None:
        raise NoteMissingError(_("There is no such note."))
    return note


def things_to_send_home() -> QuerySet[BoxNote]:
    """Return what lay in boxes, is not the shop's and waits to be sent back, oldest first."""
    things = BoxNote.objects.filter(kind=BoxNote.Kind.SURPLUS, done_at=None)
    return things.select_related("trial__user", "trial__address", "noted_by").order_by("at", "pk")


def things_of(trial: Trial) -> list[FoundThing]:
    """Return what lay in a trial's box and is not the shop's, in the order it was found."""
    return [
        FoundThing(words=each.words, found_at=each.at, sent_at=each.done_at)
        for each in _THINGS.rows(trial=trial.pk)
    ]


_THINGS = PreparedQuery(
    lambda: BoxNote.objects.filter(trial_id=Slot("trial"), kind=BoxNote.Kind.SURPLUS).order_by(
        "at", "pk"
    )
)
