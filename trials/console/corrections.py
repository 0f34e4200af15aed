"""What was first found of units, and how it was put right, as timelines tell it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.returns.models.inspections import Inspection, VerdictCorrection


def corrections_of(inspections: Iterable[Inspection]) -> list[dict[str, Any]]:
    """Return an entry for each correction, in one query; in none where nothing was corrected.

    Args:
        inspections: of any trials and units.
    """
    corrected = [each.pk for each in inspections if each.corrected_at is not None]
    if not corrected:
        return []
    return [
        {
            "title": _("Verdict corrected: %(before)s → %(after)s")
            % {
                "before": _verdict(each.get_finding_before_display(), each.grade_before),
                "after": _verdict(each.get_finding_display(), each.grade),
            },
            "at": each.at,
            "by": each.corrected_by or _("the shop"),
            "note": " · ".join(
                filter(None, [each.inspection.unit.barcode, each.why, each.note_before])
            ),
        }
        for each in _CORRECTIONS.rows(inspections=corrected)
    ]


_CORRECTIONS = PreparedQuery(
    lambda: VerdictCorrection.objects.select_related("inspection__unit", "corrected_by").filter(
        AnyOf(F("inspection_id"), Slot("inspections"))
    )
)


def _verdict(finding: str, grade: str) -> str:
    return _("“%(finding)s”, grade %(grade)s") % {"finding": finding, "grade": grade}
