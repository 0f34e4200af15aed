"""Pictures of frames: read, checked, made fit for the web."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from shop.catalogue.errors import PictureUnreadableError

MAX_BYTES = 20 * 1024 * 1024
# Pillow's own limit against decompression bombs is far above what a worker's memory bears.
MAX_PIXELS = 25_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


def read_picture(folder: Path, name: str) -> tuple[bytes, str]:
    """Return a picture beside the file and the source it is known by.

    Args:
        folder: where pictures lie.
        name: a relative path in it.

    Returns:
        The bytes, and the name with a digest, so that a changed picture is another source.

    Raises:
        PictureUnreadableError: it is missing, too large, or outside the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise PictureUnreadableError(
            _("there is no “%(name)s” in the pictures' folder") % {"name": name}
        )
    if path.stat().st_size > MAX_BYTES:
        raise PictureUnreadableError(_("“%(name)s” is over 20 MB") % {"name": name})
    content = path.read_bytes()
    return content, f"{name}#{sha256(content).hexdigest()[:16]}"


def web_picture(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return ``content`` as WebP without metadata, at most 1600 pixels long, and its size.

    Raises:
        PictureUnreadableError: it does not decode, or is no JPEG, PNG or WebP, or too large.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureUnreadableError(_("it has over 25 million pixels"))
            plain = not opened.info.keys() & {"exif", "xmp", "icc_profile"}
            if opened.format == "WEBP" and plain and max(opened.size) <= LONGEST_SIDE:
                opened.load()
                return content, opened.size
            picture = ImageOps.exif_transpose(opened)
            transparent = picture.has_transparency_data
            picture = picture.convert("RGBA" if transparent else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureUnreadableError(_("it cannot be read as JPEG, PNG or WebP")) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    written = BytesIO()
    picture.save(written, "WEBP", quality=84, method=4)
    return written.getvalue(), picture.size


def store_picture(content: bytes, *, name: str) -> tuple[str, tuple[int, int]]:
    """Keep a picture in public storage.

    Args:
        content: as it came.
        name: where it shall lie; storage may change it.

    Returns:
        Its name in storage, and width and height in pixels.

    Raises:
        PictureUnreadableError: it is no picture the shop can show.
    """
    written, size = web_picture(content)
    return default_storage.save(name, ContentFile(written)), size
