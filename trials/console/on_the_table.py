"""The unit on the check-in table, and the one judged last there: kept in the session of who works.

A unit waits for its verdict; once it has one, that can be corrected there until the next is judged.
"""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.customers.models import User
from trials.console.errors import NotACommandError
from trials.console.station import screen
from trials.console.verdicts import Verdict, verdict_of, verdict_scanned
from trials.home_trials.models import Trial, TrialItem
from trials.returns.errors import VerdictStandsError
from trials.returns.models.inspections import Inspection
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.correcting import SLIPPED, correct_verdict, find_judged

# The unit on the table: its barcode, the number of the trial it is checked in for, and whether it
# has been judged and is judged once more.
WAITING = "check_in_waiting"
# The one judged last: its barcode, its trial, and the trial whose box it lay in.
LAST = "check_in_last"


def lay_on_table(request: HttpRequest, item: TrialItem, *, again: bool = False) -> None:
    """Note that a unit waits for its verdict; what waited before is scanned again.

    Args:
        request: of who stands there.
        item: with its unit and its trial.
        again: whether it is judged once more.
    """
    request.session[WAITING] = [item.unit.barcode, item.trial.number, again]


def clear_table(request: HttpRequest) -> None:
    """Forget what waits and what was judged last: another box is opened, or none."""
    request.session.pop(WAITING, None)
    request.session.pop(LAST, None)


def still_waiting(request: HttpRequest) -> TrialItem | None:
    """Return the unit that waits for its verdict, where the page is only loaded again."""
    barcode, number, again = _waiting(request)
    if not barcode:
        return None
    items = TrialItem.objects.select_related("trial", "unit", "variant__frame", "inspection")
    mine = items.filter(trial__number=number, unit__barcode=barcode)
    return mine.filter(inspection__isnull=not again).first()


def verdict_so_far(item: TrialItem | None) -> Verdict | None:
    """Return the verdict of what waits, where that is to be corrected."""
    inspection = getattr(item, "inspection", None)
    return verdict_of(inspection) if inspection is not None else None


def may_undo(request: HttpRequest, trial: Trial) -> bool:
    """Tell whether a unit of the box on the table was judged last, and nothing waits since."""
    _barcode, _number, box = request.session.get(LAST) or ["", "", ""]
    return bool(box == trial.number) and WAITING not in request.session


def take_up_again(request: HttpRequest, trial: Trial) -> TrialItem:
    """Lay the unit that was judged last on the table once more.

    Args:
        request: of who judged it.
        trial: whose box is open.

    Raises:
        NotACommandError: nothing of this box was judged here.
        VerdictStandsError: it is too late.
    """
    barcode, number, box = request.session.get(LAST) or ["", "", ""]
    if not barcode or box != trial.number:
        raise NotACommandError(
            _(
                "Nothing of this box was judged here just now. A verdict of before is corrected on"
                " its trial’s page."
            )
        )
    found = find_judged(trial_id=Trial.objects.get(number=number).pk, barcode=barcode)
    lay_on_table(request, found.item, again=True)
    return found.item


def judge(
    request: HttpRequest, trial: Trial, scanned: str, *, label: str, by: User
) -> dict[str, str]:
    """Check the unit on the table in as it was found, or correct that; returns the screen.

    Args:
        request: its ``unit`` is the one the button was shown for, if it was a button.
        trial: whose box is open.
        scanned: a key or control barcode.
        label: of the parcel that was opened.
        by: who stands there.

    Raises:
        NotACommandError: nothing lies on the table.
        LorgnetteError: whatever the check-in or the correction refuses.
    """
    verdict = verdict_scanned(scanned)
    barcode, number, again = _waiting(request)
    if sent := request.POST.get("unit"):
        # The button names its unit: another window may have scanned the next one.
        number = number if sent == barcode else trial.number
        barcode, again = sent, bool(request.POST.get("again"))
    if not barcode or verdict is None:
        raise NotACommandError(_("Scan a frame, then say how it looks by a number from 1 to 5."))
    owner = trial if number == trial.number else Trial.objects.get(number=number)
    note = request.POST.get("note", "")[:300]
    if again:
        inspection = _corrected(request, owner, barcode, verdict, note=note, by=by)
    else:
        inspection = check_in_unit(
            trial_id=owner.pk,
            barcode=barcode,
            finding=verdict.finding,
            grade=verdict.grade,
            note=note,
            by=by,
            found_in=trial.pk,
            label=label if owner == trial else "",
        )
    request.session.pop(WAITING, None)
    request.session[LAST] = [inspection.unit.barcode, owner.number, trial.number]
    reason = f"{inspection.item.variant}: {verdict.label}, {verdict.note}"
    if again:
        return screen("ok", _("Corrected"), reason)
    if owner != trial:
        return screen("ok", _("Checked in for %(number)s") % {"number": owner.number}, reason)
    done = Inspection.objects.filter(item__trial=trial).count()
    words = _("%(done)s of %(all)s back") % {"done": done, "all": trial.items.count()}
    return screen("ok", words, reason)


def _corrected(
    request: HttpRequest, owner: Trial, barcode: str, verdict: Verdict, *, note: str, by: User
) -> Inspection:
    try:
        return correct_verdict(
            trial_id=owner.pk,
            barcode=barcode,
            finding=verdict.finding,
            grade=verdict.grade,
            note=note or None,
            reason=SLIPPED,
            by=by,
        )
    except VerdictStandsError:
        # It keeps its verdict, and does not bar the box.
        request.session.pop(WAITING, None)
        raise


def _waiting(request: HttpRequest) -> tuple[str, str, bool]:
    # What was kept by the release before has no third.
    barcode, number, *again = request.session.get(WAITING) or ["", ""]
    return barcode, number, bool(again and again[0])
