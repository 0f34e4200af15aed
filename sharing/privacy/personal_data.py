"""What the room itself holds: wishes, exports, and what was written about photos."""

from typing import Any

from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.services.exporting import delete_export
from sharing.privacy.states import ExportState
from shop.foundation.privacy import Scope, keep_personal_data, register_personal_data


def export_wishes(user: Any) -> dict[str, Any]:
    """Return what she asked for, and what was objected to on her photos."""
    objections = PhotoObjection.objects.filter(photo__user=user)
    columns = ("photo_id", "state", "reason", "answer", "created_at", "settled_at")
    return {
        "erasures": list(
            Erasure.objects.filter(user=user).values("scopes", "state", "requested_at", "done_at")
        ),
        "exports": list(DataExport.objects.filter(user=user).values("state", "requested_at")),
        "objections_to_her_photos": list(objections.values(*columns)),
    }


def erase_exports(user: Any) -> int:
    """Delete her exports with their files, and the words about her photos."""
    exports = DataExport.objects.filter(user=user).exclude(state=ExportState.DELETED)
    ids = list(exports.values_list("pk", flat=True))
    for export_id in ids:
        delete_export(export_id)
    about_hers = PhotoObjection.objects.filter(photo__user=user)
    written = about_hers.exclude(reason="", answer="").update(reason="", answer="")
    return len(ids) + written


register_personal_data(
    "sharing.privacy",
    holds={
        "sharing.DataExport": ["user", "file"],
        "sharing.PhotoObjection": ["reason", "answer", "address_hash"],
    },
    export=export_wishes,
    erase={Scope.ACCOUNT: erase_exports},
)
keep_personal_data(
    "sharing.Erasure", "user", why="The proof that somebody asked to be erased and was; by number."
)
