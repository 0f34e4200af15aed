"""Files anybody may see, served from public storage where no server stands before us."""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe


@require_safe
def public_file(request: HttpRequest, name: str) -> FileResponse:
    """Send one file of public storage; its random name never means another file.

    Raises:
        Http404: there is none by that name.
    """
    try:
        opened = default_storage.open(name, "rb")
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(opened, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
