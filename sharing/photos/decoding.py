"""Making a photo safe: limits first, then pixels, then new files made of the pixels alone.

Nothing of what was uploaded but its pixels survives: no EXIF (and so no place), no comment, no
XMP, no colour profile, no embedded thumbnail, no bytes behind the picture. Knows nothing of Django.
"""

import struct
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms

from sharing.photos.headers import kind_of, webp_canvas

MAX_BYTES = 20 * 1024 * 1024
# Pillow's own limit is 179 megapixels, 540 MB of memory a photo (docs: MAX_IMAGE_PIXELS).
MAX_PIXELS = 25_000_000
MAX_PROFILE_BYTES = 4 * 1024 * 1024
SIZES = (320, 800, 1600)
EXTENSIONS = ("webp", "jpg")
ORIENTATION_TAG = 0x0112
# What turns a photo upright, by the EXIF orientation (CIPA DC-008, section 4.6.4).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Everything Pillow's readers raise on bytes that are not what they claim.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, KeyError, IndexError, struct.error)

pillow_heif.register_heif_opener(thumbnails=False)


class RefusedError(Exception):
    """A file that is not taken as a photo.

    Attributes:
        code: ``too_heavy``, ``too_large``, ``wrong_type``, ``moving`` or ``broken``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Rendition:
    """One safe file.

    Attributes:
        size: its greatest edge in pixels, one of ``SIZES``; a smaller photo is not blown up.
        extension: ``webp`` or ``jpg``.
        data: the file.
    """

    size: int
    extension: str
    data: bytes


@dataclass(frozen=True)
class SafePhoto:
    """A photo as it is kept: upright, in sRGB.

    Attributes:
        width: of the largest rendition, in pixels.
        height: likewise.
        renditions: every size in every format.
    """

    width: int
    height: int
    renditions: tuple[Rendition, ...]


def check(data: bytes) -> None:
    """Refuse by its first bytes what need not be decoded to be refused; takes no memory.

    Raises:
        RefusedError: too heavy, no photo, moving, or of too many pixels.
    """
    _open(data).close()


def make_safe(data: bytes) -> SafePhoto:
    """Decode a photo and make it anew in every size.

    Args:
        data: what was uploaded, whatever it is.

    Raises:
        RefusedError: it cannot be taken.
    """
    with _open(data) as image:
        try:
            picture = _pixels(image)
        except (*BROKEN, Image.DecompressionBombError, MemoryError) as error:
            raise RefusedError("broken") from error
    renditions = []
    for size in sorted(SIZES, reverse=True):
        picture = _shrunk(picture, size)
        renditions += [Rendition(size, each, _encoded(picture, each)) for each in EXTENSIONS]
        if size == max(SIZES):
            width, height = picture.size
    return SafePhoto(width, height, tuple(renditions))


def _open(data: bytes) -> Image.Image:
    if len(data) > MAX_BYTES:
        raise RefusedError("too_heavy")
    kind = kind_of(data)
    if not kind:
        raise RefusedError("wrong_type")
    try:
        if kind == "WEBP":
            width, height, moves = webp_canvas(data)
            _check_canvas(width, height, moves=moves)
        # Only the reader of this kind is tried: no other of Pillow's forty ever sees the bytes.
        image = Image.open(BytesIO(data), formats=[kind])
    except Image.DecompressionBombError as error:
        raise RefusedError("too_large") from error
    except BROKEN as error:
        raise RefusedError("broken") from error
    try:
        # Phones put depth maps behind the photo in JPEG and HEIC; the first picture is the photo.
        moves = kind in {"PNG", "WEBP"} and getattr(image, "is_animated", False)
        _check_canvas(*image.size, moves=moves)
    except RefusedError:
        image.close()
        raise
    return image


def _check_canvas(width: int, height: int, *, moves: bool) -> None:
    if moves:
        raise RefusedError("moving")
    if width * height > MAX_PIXELS:
        raise RefusedError("too_large")
    if not width or not height:
        raise RefusedError("broken")


def _pixels(image: Image.Image) -> Image.Image:
    """Return ``image`` upright, in sRGB and no larger than kept, as pixels alone."""
    largest = max(SIZES)
    # A JPEG can be decoded at a half, a quarter or an eighth of its size: much less work.
    image.draft(None, (largest, largest))
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    picture = _shrunk(_without_palette(image), largest)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    picture = _in_srgb(_on_white(picture), profile)
    pixels = Image.new("RGB", picture.size)
    pixels.paste(picture)
    return pixels


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except (*BROKEN, RecursionError):
        # A photo whose notes are broken is still a photo.
        return 1


def _without_palette(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey: Pillow's own conversion cuts off above 255 rather than scaling.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in {"L", "RGB", "CMYK", "RGBA", "LA"} and "transparency" not in image.info:
        return image
    has_alpha = "transparency" in image.info or image.mode in {"PA", "La", "RGBa"}
    return image.convert("RGBA" if has_alpha else "RGB")


def _shrunk(image: Image.Image, size: int) -> Image.Image:
    scale = min(1.0, size / max(image.size))
    if scale == 1.0:
        image.load()
        return image
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in {"RGBA", "LA"}:
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes) and len(profile) <= MAX_PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A wrong profile changes the tint, not the face.
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _encoded(picture: Image.Image, extension: str) -> bytes:
    out = BytesIO()
    if extension == "webp":
        picture.save(out, "WEBP", quality=80, method=1)
    else:
        picture.save(out, "JPEG", quality=82, progressive=True, optimize=True)
    return out.getvalue()
