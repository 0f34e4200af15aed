"""Pictures to upload: drawn here, encoded as asked."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 200), (250, 250, 250)


def quarters(width: int = 240, height: int = 160) -> Image.Image:
    """Return a picture with red, green, blue and white corners, clockwise from the top left."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    places = {(0, 0): RED, (half[0], 0): GREEN, half: BLUE, (0, half[1]): WHITE}
    for place, colour in places.items():
        image.paste(Image.new("RGB", half, colour), place)
    return image


def corners(image: Image.Image) -> list[str]:
    """Return the colours of a picture's corners by name, clockwise from the top left."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    right, bottom = image.width - 10, image.height - 10

    def nearest(place: tuple[int, int]) -> str:
        pixel = image.convert("RGB").getpixel(place)
        return names[
            min(names, key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True)))
        ]

    return [nearest(place) for place in ((10, 10), (right, 10), (right, bottom), (10, bottom))]


def encoded(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def jpeg(width: int = 240, height: int = 160) -> bytes:
    """Return a small JPEG file."""
    return encoded(quarters(width, height), "JPEG", quality=95)


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header promises ``width`` by ``height`` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def webp_claiming(width: int, height: int) -> bytes:
    """Return a WebP of a few bytes whose canvas promises ``width`` by ``height`` pixels."""
    body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks
