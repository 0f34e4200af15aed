"""What a file is and how big its picture would be, read from its first bytes alone.

Pillow's WebP reader reserves the whole canvas as soon as a file is opened, so its limits come too
late for that format: here the header is read before Pillow sees the file. Layouts: RFC 2083 (PNG),
RFC 9649 (WebP), ISO/IEC 14496-12 (the boxes of HEIC).
"""

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})


def kind_of(data: bytes) -> str:
    """Return ``JPEG``, ``PNG``, ``WEBP`` or ``HEIF``, or nothing where the bytes are none of them.

    Args:
        data: the whole file or its first 64 bytes.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "HEIF"
    return ""


def webp_canvas(data: bytes) -> tuple[int, int, bool]:
    """Return width, height and "moves" of a WebP file's canvas.

    Args:
        data: at least the first 30 bytes.

    Raises:
        ValueError: the first chunk is none that begins a WebP picture.
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise ValueError("WebP header cut off")
    if chunk == b"VP8X":
        width = int.from_bytes(body[4:7], "little") + 1
        height = int.from_bytes(body[7:10], "little") + 1
        return width, height, bool(body[0] & 0x02)
    if chunk == b"VP8 ":
        width = int.from_bytes(body[6:8], "little") & 0x3FFF
        height = int.from_bytes(body[8:10], "little") & 0x3FFF
        return width, height, False
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, False
    raise ValueError("not a WebP picture")
