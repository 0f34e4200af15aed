"""Making a photo safe: limits first, then pixels, then new files made of the pixels alone.

Nothing of what was uploaded but its pixels survives: no EXIF (and so no place), no comment, no
XMP, no colour profile, no embedded thumbnail, no bytes behind the picture. Knows nothing of Django.
"""

import base64
import struct
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms

from shop.foundation.photos.crops import WHOLE, Crop
from shop.foundation.photos.headers import Canvas, RefusedError, check, check_canvas

MAX_PROFILE_BYTES = 4 * 1024 * 1024
SIZES = (320, 800, 1600)
EXTENSIONS = ("webp", "jpg")
# The greatest edge of what later crops are cut from. A JPEG is decoded at a half, a quarter or an
# eighth where that leaves enough: 12 megapixels, 4032 wide, at a half, and then need no shrinking.
MASTER_SIZE, ENOUGH = 2048, 1900
# Some 100 bytes: a blur of the right colours while the photo is loading.
PLACEHOLDER_SIZE = 16
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
BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, struct.error),
    *(RuntimeError, ArithmeticError, AttributeError, AssertionError),
)

pillow_heif.register_heif_opener(thumbnails=False)


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
        renditions: every size in every format, of the part that is shown.
        master: the whole photo as a JPEG, shown to nobody but its owner.
        master_size: its width and height, in pixels.
        placeholder: a tiny WebP as base64, for a page to show while a rendition is loading.
    """

    width: int
    height: int
    renditions: tuple[Rendition, ...]
    master: bytes
    master_size: tuple[int, int]
    placeholder: str


def make_safe(data: bytes, crop: Crop = WHOLE) -> SafePhoto:
    """Decode a photo and make it anew in every size.

    Args:
        data: what was uploaded, whatever it is; or a master.
        crop: the part to be shown.

    Raises:
        RefusedError: it cannot be taken.
    """
    with _open(data) as image:
        try:
            whole = _pixels(image)
        except MemoryError as error:
            raise RefusedError("too_hard") from error
        except (*BROKEN, Image.DecompressionBombError) as error:
            raise RefusedError("broken") from error
    picture = whole if crop.is_whole else whole.crop(crop.pixels(*whole.size))
    renditions = []
    for size in sorted(SIZES, reverse=True):
        picture = _shrunk(picture, size)
        renditions += [Rendition(size, each, _encoded(picture, each)) for each in EXTENSIONS]
        if size == max(SIZES):
            width, height = picture.size
    return SafePhoto(
        width, height, tuple(renditions), _master(whole), whole.size, _placeholder(picture)
    )


def _open(data: bytes) -> Image.Image:
    kind = check(data)
    try:
        # Only the reader of this kind is tried: no other of Pillow's forty ever sees the bytes.
        image = Image.open(BytesIO(data), formats=[kind])
    except Image.DecompressionBombError as error:
        raise RefusedError("too_large") from error
    except MemoryError as error:
        raise RefusedError("too_hard") from error
    except BROKEN as error:
        raise RefusedError("broken") from error
    try:
        # Phones put depth maps behind the photo in JPEG and HEIC; the first picture is the photo.
        moves = kind in {"PNG", "WEBP", "AVIF"} and getattr(image, "is_animated", False)
        check_canvas(Canvas(*image.size, moves=moves))
    except RefusedError:
        image.close()
        raise
    return image


def _pixels(image: Image.Image) -> Image.Image:
    """Return ``image`` upright, in sRGB and no larger than a master, as pixels alone."""
    image.draft(None, _fitting(image.size, ENOUGH))
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    picture = _shrunk(_without_palette(image), MASTER_SIZE)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    picture = _in_srgb(_on_white(picture), profile)
    pixels = Image.new("RGB", picture.size)
    pixels.paste(picture)
    return pixels


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except BROKEN:
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
    wanted = _fitting(image.size, size)
    if wanted == image.size:
        image.load()
        return image
    return image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fitting(edges: tuple[int, int], size: int) -> tuple[int, int]:
    scale = min(1.0, size / max(edges))
    width, height = (max(1, round(edge * scale)) for edge in edges)
    return width, height


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


def _master(whole: Image.Image) -> bytes:
    out = BytesIO()
    whole.save(out, "JPEG", quality=90)
    return out.getvalue()


def _placeholder(picture: Image.Image) -> str:
    out = BytesIO()
    tiny = picture.resize(_fitting(picture.size, PLACEHOLDER_SIZE), Image.Resampling.BOX)
    tiny.save(out, "WEBP", quality=30, method=4)
    return base64.b64encode(out.getvalue()).decode()
