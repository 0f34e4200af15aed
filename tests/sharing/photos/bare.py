"""Reads files we made piece by piece, to show that nothing but a picture is in them."""

# T.81 B.1: start, tables, frames, scans, end; and APP0, which must be JFIF alone.
PICTURE_MARKERS = {0xC0, 0xC2, 0xC4, 0xDB, 0xDD}
JFIF = b"JFIF\0"


def beside_the_picture(data: bytes) -> list[str]:
    """Return what a JPEG or WebP holds besides its picture, in words; nothing where it is bare."""
    if data[:4] == b"RIFF":
        return _beside_webp(data)
    return _beside_jpeg(data)


def _beside_webp(data: bytes) -> list[str]:
    found = [] if int.from_bytes(data[4:8], "little") + 8 == len(data) else ["bytes behind it"]
    at = 12
    while at < len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind != b"VP8 ":
            found.append(f"chunk {kind!r}")
        at += 8 + size + size % 2
    return found


def _beside_jpeg(data: bytes) -> list[str]:
    found = [] if data[:2] == b"\xff\xd8" else ["another start"]
    at = 2
    while at + 4 <= len(data):
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        jfif = marker == 0xE0 and data[at + 4 : at + 9] == JFIF and size == 16
        if jfif or marker in PICTURE_MARKERS:
            at += 2 + size
        elif marker == 0xDA:
            at = _behind_scan(data, at + 2 + size)
        else:
            return [*found, f"segment {marker:x}"]
    return found if data[at:] == b"\xff\xd9" else [*found, f"{len(data) - at} bytes behind it"]


def _behind_scan(data: bytes, at: int) -> int:
    while at < len(data) - 1:
        at = data.index(b"\xff", at)
        # A stuffed zero, or a restart, belongs to the scan.
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        else:
            return at
    return at
