"""What a returned unit can be found to be, as the check-in table says it: one key each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.returns.models import Finding
from trials.units.models import Grade


@dataclass(frozen=True)
class Verdict:
    """One button of the check-in table.

    Attributes:
        key: typed into the scan field, or printed as a barcode beside it.
        label: how the unit looks.
        note: where it goes.
    """

    key: str
    grade: Grade
    finding: Finding
    label: Promise
    note: Promise


SHELF, WORKSHOP, RETIRED = _("back on the shelf"), _("to the workshop"), _("retired")

VERDICTS = {
    verdict.key: verdict
    for verdict in (
        Verdict("1", Grade.A, Finding.GOOD, _("Like new"), SHELF),
        Verdict("2", Grade.B, Finding.GOOD, _("Light traces"), SHELF),
        Verdict("3", Grade.C, Finding.GOOD, _("Visible wear"), SHELF),
        Verdict("4", Grade.D, Finding.REPAIR, _("To be repaired"), WORKSHOP),
        Verdict("5", Grade.D, Finding.DAMAGED, _("Beyond use"), RETIRED),
    )
}
