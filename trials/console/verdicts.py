"""What a returned unit can be found to be, as the check-in table says it: one key each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.console.commands import CANCEL
from trials.returns.models.inspections import Finding, Inspection
from trials.units.models import Grade


@dataclass(frozen=True)
class Verdict:
    """One button of the check-in table.

    Attributes:
        key: typed into the scan field.
        code: the same as a control barcode of the printed sheet.
        label: how the unit looks.
        note: where it goes.
    """

    key: str
    code: str
    grade: Grade
    finding: Finding
    label: Promise
    note: Promise


SHELF, WORKSHOP, RETIRED = _("back on the shelf"), _("to the workshop"), _("retired")
# What else the sheet of control barcodes says at the check-in table.
DONE, EMPTY, SURPLUS = "CHECK-DONE", "CHECK-EMPTY", "CHECK-SURPLUS"
# Undoes the last verdict of the box on the table, by key and by barcode.
UNDO = frozenset({"0", "CHECK-UNDO"})

VERDICTS = {
    verdict.key: verdict
    for verdict in (
        Verdict("1", "CHECK-A", Grade.A, Finding.GOOD, _("Like new"), SHELF),
        Verdict("2", "CHECK-B", Grade.B, Finding.GOOD, _("Light traces"), SHELF),
        Verdict("3", "CHECK-C", Grade.C, Finding.GOOD, _("Visible wear"), SHELF),
        Verdict("4", "CHECK-REPAIR", Grade.D, Finding.REPAIR, _("To be repaired"), WORKSHOP),
        Verdict("5", "CHECK-DAMAGED", Grade.D, Finding.DAMAGED, _("Beyond use"), RETIRED),
    )
}
BY_CODE = {verdict.code: verdict for verdict in VERDICTS.values()}


def verdict_scanned(scanned: str) -> Verdict | None:
    """Return the verdict that a key or a control barcode stands for; nothing for other codes.

    Args:
        scanned: as ``normalised`` returns it.
    """
    return VERDICTS.get(scanned) or BY_CODE.get(scanned)


def verdict_choices() -> list[tuple[str, str]]:
    """Return every verdict as a choice of a form, in the reader's language."""
    words = _("%(label)s: %(note)s")
    return [
        (each.key, str(words) % {"label": each.label, "note": each.note})
        for each in VERDICTS.values()
    ]


def verdict_of(inspection: Inspection) -> Verdict | None:
    """Return the button by which a unit was judged, or is by now."""
    found = (inspection.finding, inspection.grade)
    return next((each for each in VERDICTS.values() if (each.finding, each.grade) == found), None)


def control_codes() -> list[tuple[str, str]]:
    """Return every control barcode of the check-in table with what it says, in words."""
    verdicts = [
        (each.code, _("%(label)s: %(note)s") % {"label": each.label, "note": each.note})
        for each in VERDICTS.values()
    ]
    return [
        *((code, str(words)) for code, words in verdicts),
        ("CHECK-UNDO", str(_("Correct the last verdict"))),
        (DONE, str(_("Nothing more in the box"))),
        (EMPTY, str(_("The box is empty"))),
        (SURPLUS, str(_("Something that is not ours"))),
        (CANCEL, str(_("Leave this box"))),
    ]
