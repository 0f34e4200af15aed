"""The headers of resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

Core protocol with the extensions creation, expiration and termination. A client that does not send
``Tus-Resumable`` at all is served too; one that sends another version is not.
"""

import base64
import binascii
from email.utils import format_datetime

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from sharing.photos.errors import UploadProtocolError
from sharing.photos.models import PhotoUpload
from shop.foundation.photos.headers import MAX_BYTES

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
LONGEST_METADATA = 2000
ABILITIES = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,termination",
    "Tus-Max-Size": str(MAX_BYTES),
}


def check_version(request: Request) -> None:
    """Refuse another version of the protocol.

    Raises:
        UploadProtocolError: with status 412, as the protocol has it.
    """
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        error = UploadProtocolError(_("This server speaks tus 1.0.0."))
        error.status = 412
        raise error


def whole_number(request: Request, name: str) -> int:
    """Return a header that is a number of bytes.

    Raises:
        UploadProtocolError: it is missing, or no whole number.
    """
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        raise UploadProtocolError(
            _("Send the header %(name)s: a whole number of bytes.") % {"name": name}
        )
    return int(value)


def metadata(request: Request) -> dict[str, str]:
    """Return the pairs of ``Upload-Metadata``: names with values in Base64, between commas.

    Raises:
        UploadProtocolError: they cannot be read.
    """
    header = request.headers.get("Upload-Metadata", "")
    pairs = [pair.split(" ") for pair in header[:LONGEST_METADATA].split(",") if pair.strip()]
    try:
        return {
            name: base64.b64decode("".join(value), validate=True).decode()
            for name, *value in ((part for part in pair if part) for pair in pairs)
        }
    except (ValueError, binascii.Error) as error:
        raise UploadProtocolError(
            _("Upload-Metadata cannot be read: names, each with a value in Base64.")
        ) from error


def told(response: Response, upload: PhotoUpload) -> Response:
    """Write on an answer how far an upload is."""
    response["Tus-Resumable"] = VERSION
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.length)
    response["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    response["Cache-Control"] = "no-store"
    return response
