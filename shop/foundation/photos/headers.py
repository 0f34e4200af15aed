"""What a file is and how big its picture would be, read from its bytes without decoding any.

Web processes look at uploads by this module alone: no reader written in C sees the bytes until a
process of its own is made for them (``apart.py``). Layouts: ITU-T T.81 B.2 (JPEG), RFC 2083 (PNG),
RFC 9649 (WebP), ISO/IEC 14496-12 and 23008-12 (the boxes of HEIC and AVIF). Knows no Django.
"""

from dataclasses import dataclass

MAX_BYTES = 20 * 1024 * 1024
# Pillow's own limit is 179 megapixels, 540 MB of memory a photo (docs: MAX_IMAGE_PIXELS).
MAX_PIXELS = 25_000_000
# Pillow's reader of WebP keeps four pictures of four bytes a pixel: more would pass 300 MB.
MAX_PIXELS_OF = {"WEBP": 14_000_000}

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
# "Some picture in boxes": which one is said by the brands that follow.
OPEN_BRANDS = frozenset({b"mif1", b"msf1", b"mif2"})
# Markers of a JPEG that begin a frame and tell its size; C4, C8 and CC are others (T.81, B.1).
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


class RefusedError(Exception):
    """A file that is not taken as a photo.

    Attributes:
        code: ``too_heavy``, ``too_large``, ``wrong_type``, ``moving``, ``broken`` or ``too_hard``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Canvas:
    """What a file's header promises.

    Attributes:
        width: in pixels.
        height: in pixels.
        moves: it holds more pictures than one, to be shown one after the other.
    """

    width: int
    height: int
    moves: bool = False


def kind_of(data: bytes) -> str:
    """Return ``JPEG``, ``PNG``, ``WEBP``, ``HEIF`` or ``AVIF``; nothing where it is none of them.

    Args:
        data: the whole file or its first 64 bytes.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return _kind_by_brand(data) if data[4:8] == b"ftyp" else ""


def check(data: bytes) -> str:
    """Refuse what need not be decoded to be refused, and return the kind of the rest.

    Raises:
        RefusedError: too heavy, no photo, moving, of too many pixels, or without a header.
    """
    if len(data) > MAX_BYTES:
        raise RefusedError("too_heavy")
    kind = kind_of(data)
    if not kind:
        raise RefusedError("wrong_type")
    try:
        canvas = CANVASES[kind](data)
    except (ValueError, IndexError) as error:
        raise RefusedError("broken") from error
    check_canvas(canvas)
    if canvas.width * canvas.height > MAX_PIXELS_OF.get(kind, MAX_PIXELS):
        raise RefusedError("too_hard")
    return kind


def check_canvas(canvas: Canvas) -> None:
    """Refuse a picture by what it promises to be.

    Raises:
        RefusedError: it moves, or has too many pixels, or none.
    """
    if canvas.moves:
        raise RefusedError("moving")
    if canvas.width * canvas.height > MAX_PIXELS:
        raise RefusedError("too_large")
    if not canvas.width or not canvas.height:
        raise RefusedError("broken")


def _kind_by_brand(data: bytes) -> str:
    end = min(int.from_bytes(data[:4], "big"), 64, len(data))
    others = {data[at : at + 4] for at in range(16, end - 3, 4)}
    brand = data[8:12]
    brands = others if brand in OPEN_BRANDS else {brand}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & HEIC_BRANDS or brand in OPEN_BRANDS else ""


def _jpeg_canvas(data: bytes) -> Canvas:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in ALONE_MARKERS:
            # A filling byte, or a marker with nothing behind it.
            at += 1 if marker == 0xFF else 2
            continue
        if marker in FRAME_MARKERS:
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return Canvas(int.from_bytes(width, "big"), int.from_bytes(height, "big"))
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise ValueError("no frame in the JPEG")


def _png_canvas(data: bytes) -> Canvas:
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise ValueError("PNG header cut off")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 33
    while data[at + 4 : at + 8] not in {b"IDAT", b"IEND", b""}:
        if data[at + 4 : at + 8] == b"acTL":
            return Canvas(width, height, moves=True)
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return Canvas(width, height)


def _webp_canvas(data: bytes) -> Canvas:
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise ValueError("WebP header cut off")
    if chunk == b"VP8X":
        width = int.from_bytes(body[4:7], "little") + 1
        height = int.from_bytes(body[7:10], "little") + 1
        return Canvas(width, height, moves=bool(body[0] & 0x02))
    if chunk == b"VP8 ":
        width = int.from_bytes(body[6:8], "little") & 0x3FFF
        height = int.from_bytes(body[8:10], "little") & 0x3FFF
        return Canvas(width, height)
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return Canvas((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    raise ValueError("not a WebP picture")


def _boxes_canvas(data: bytes) -> Canvas:
    """Return the largest picture that the boxes of HEIC or AVIF describe.

    A photo in tiles says the size of a tile as well as of the whole, in any order.
    """
    meta = _meta_box(data)
    sizes = []
    at = meta.find(b"ispe")
    while at >= 0:
        # Name, version and flags, width, height.
        width = int.from_bytes(meta[at + 8 : at + 12], "big")
        sizes.append((width, int.from_bytes(meta[at + 12 : at + 16], "big")))
        at = meta.find(b"ispe", at + 4)
    if not sizes:
        raise ValueError("no size in the boxes")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Canvas(width, height, moves=data[8:12] == b"avis")


def _meta_box(data: bytes) -> bytes:
    at = 0
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:
            size = len(data) - at
        if size < 8:
            break
        if name == b"meta":
            return data[at : at + size]
        at += size
    raise ValueError("no description in the boxes")


CANVASES = {
    "JPEG": _jpeg_canvas,
    "PNG": _png_canvas,
    "WEBP": _webp_canvas,
    "HEIF": _boxes_canvas,
    "AVIF": _boxes_canvas,
}
