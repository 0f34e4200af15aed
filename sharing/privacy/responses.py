"""Sending an export to her who may have it."""

from django.http import FileResponse

from sharing.privacy.models import DataExport
from shop.foundation.private_files import private_file

# Of the photo that staff decide on: its greatest edge in pixels.
PHOTO_SIZE = 800


def export_answer(export: DataExport) -> FileResponse:
    """Return an export as a file to be saved, kept by no cache; the caller has asked who it is.

    Raises:
        Http404: the file is gone.
    """
    response = private_file(export.file, "application/zip")
    day = f"{export.requested_at:%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="lorgnette-{day}.zip"'
    return response
