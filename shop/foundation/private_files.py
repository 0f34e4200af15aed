"""Files not everybody may see: read only through views that ask who is looking."""

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.http import FileResponse, Http404


def private_storage() -> Storage:
    """Return the storage that only views which ask who is looking read from."""
    return storages["private"]


def private_file(name: str, content_type: str) -> FileResponse:
    """Return a private file, to be kept by no cache: a link withdrawn shows nothing any more.

    Args:
        name: of the file in private storage.
        content_type: what it is, as it was made and not as it was sent.

    Raises:
        Http404: there is no such file.
    """
    try:
        opened = private_storage().open(name, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def put_private(name: str, data: bytes) -> None:
    """Store a file in place of what a run before may have left under its name."""
    private_storage().delete(name)
    private_storage().save(name, ContentFile(data))
