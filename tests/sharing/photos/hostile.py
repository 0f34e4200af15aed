"""Five hundred files that somebody might send for a photo: hostile, damaged, odd and real.

Made anew for each run, always the same ones: what is random comes from a fixed seed. Every place
that can hold words holds ``MARK``, which no rendition may hold.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

from shop.foundation.photos.headers import MAX_PIXELS
from tests.sharing.photos.pictures import encoded, png_claiming, quarters, webp_claiming

pillow_heif.register_heif_opener()

MARK = b"SECRET-of-hers"
WORDS = MARK.decode()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
COUNT = 500
TAKEN = frozenset({"taken"})
REFUSED = frozenset(
    {"broken", "wrong_type", "moving", "too_large", "too_heavy", "too_hard"},
)
# Only the limits of a process stop it, so it is only run in one of its own.
TOO_HARD = frozenset({"too_hard"})
DAMAGED = frozenset({"broken", "wrong_type"})
ANYTHING = TAKEN | REFUSED


@dataclass(frozen=True)
class Sample:
    """One file and what may become of it.

    Attributes:
        name: what it is.
        data: the file.
        outcomes: ``taken`` or codes of refusals.
    """

    name: str
    data: bytes
    outcomes: frozenset[str]


def samples() -> list[Sample]:
    """Return exactly ``COUNT`` files."""
    rng = random.Random(20261125)
    made = [
        sample
        for makers in (
            *(_modes(), _orientations(), _metadata(), _odd_sizes(), _wrong_types(), _polyglots()),
            *(_moving(), _lies(), _bombs(), _right_starts(rng), _truncations()),
        )
        for sample in makers
    ]
    made += list(_flipped(rng, COUNT - len(made)))
    assert len({sample.name for sample in made}) == len(made) == COUNT
    return made


def textured(width: int = 120, height: int = 90) -> Image.Image:
    """Return a picture whose pixels fill most of its file."""
    noise = Image.effect_noise((width, height), 50).convert("RGB")
    return Image.blend(quarters(width, height), noise, 0.3)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def before_data(png: bytes, *chunks: bytes) -> bytes:
    """Return a PNG with more chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        exif[tag] = WORDS
    exif.get_ifd(0x8769).update({0x9286: b"ASCII\0\0\0" + MARK, 0x927C: MARK, 0xA430: WORDS})
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0), 29: WORDS}
    )
    return exif


def _modes() -> Iterator[Sample]:
    picture = textured()
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield Sample(f"PNG {mode}", encoded(_in_mode(picture, mode), "PNG"), TAKEN)
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            data = encoded(picture.convert(mode), "JPEG", progressive=progressive)
            yield Sample(f"JPEG {mode} progressive={progressive}", data, TAKEN)
    for mode in ("L", "RGB", "RGBA"):
        for file_format in ("WEBP", "HEIF", "AVIF"):
            data = encoded(picture.convert(mode), file_format)
            yield Sample(f"{file_format} {mode}", data, TAKEN)
    palette = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    for see_through in (0, bytes(range(0, 256, 16))):
        data = encoded(palette, "PNG", transparency=see_through)
        yield Sample(f"PNG palette, transparent {see_through!r}", data, TAKEN)
    yield Sample(
        "PNG colour as transparent", encoded(picture, "PNG", transparency=(1, 2, 3)), TAKEN
    )
    deep = picture.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    yield Sample("PNG of 16 bits", encoded(deep, "PNG"), TAKEN)
    yield Sample("WebP lossless", encoded(picture.convert("RGBA"), "WEBP", lossless=True), TAKEN)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        data = encoded(picture, "JPEG", subsampling=subsampling)
        yield Sample(f"JPEG {subsampling}", data, TAKEN)
        yield Sample(
            f"AVIF {subsampling}", encoded(picture, "AVIF", subsampling=subsampling), TAKEN
        )


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    return Image.new("I;16", picture.size, 40_000) if mode == "I;16" else picture.convert(mode)


def _orientations() -> Iterator[Sample]:
    for file_format in ("JPEG", "PNG", "WEBP", "HEIF"):
        for orientation in (*range(10), 65_535):
            data = encoded(textured(), file_format, exif=_exif(orientation))
            yield Sample(f"{file_format} orientation {orientation}", data, TAKEN)


def _metadata() -> Iterator[Sample]:
    picture = textured()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    marked = profile.replace(b"sRGB built-in", MARK[:13]) + MARK
    for file_format in FORMATS:
        for name, options in (
            ("exif", {"exif": _exif()}),
            ("profile", {"icc_profile": marked}),
            ("no profile", {"icc_profile": MARK * 20}),
            ("xmp", {"xmp": b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>"}),
        ):
            yield Sample(f"{file_format} {name}", _noted(picture, file_format, options), TAKEN)
    yield Sample("JPEG comment", encoded(picture, "JPEG", comment=MARK), TAKEN)
    plain = encoded(picture, "JPEG")
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(MARK)) + MARK
    for marker in range(0xE0, 0xF0):
        body = iptc if marker == 0xED else MARK * 3
        yield Sample(
            f"JPEG segment {marker:x}", plain[:2] + segment(marker, body) + plain[2:], TAKEN
        )
    thumbnail = encoded(quarters(16, 12), "JPEG", comment=MARK)
    yield Sample(
        "JPEG thumbnail", plain[:2] + segment(0xE1, _with_thumbnail(thumbnail)) + plain[2:], TAKEN
    )
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", WORDS)
    notes.add_text("Software", WORDS, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", WORDS)
    yield Sample("PNG texts", encoded(picture, "PNG", pnginfo=notes), TAKEN)
    png = encoded(picture, "PNG")
    for kind in (b"tIME", b"prVt", b"tEXt", b"eXIf", b"sPLT"):
        body = MARK + b"\0" + MARK
        yield Sample(f"PNG chunk {kind.decode()}", before_data(png, chunk(kind, body)), TAKEN)


def _noted(picture: Image.Image, file_format: str, options: dict[str, Any]) -> bytes:
    if file_format == "PNG" and "xmp" in options:
        notes = PngImagePlugin.PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", WORDS)
        options = {"pnginfo": notes}
    return encoded(picture, file_format, **options)


def _with_thumbnail(thumbnail: bytes) -> bytes:
    """Return EXIF (little-endian TIFF) whose second directory holds a JPEG."""
    first = struct.pack("<HI", 0, 14)
    entries = ((0x0201, 4, 1, 44), (0x0202, 4, 1, len(thumbnail)))
    second = struct.pack("<H", 2) + b"".join(struct.pack("<HHII", *each) for each in entries)
    return b"Exif\0\0II*\0\x08\0\0\0" + first + second + bytes(4) + thumbnail


def _odd_sizes() -> Iterator[Sample]:
    for size in ((1, 1), (2, 1), (1, 1500), (1500, 1), (17, 13)):
        for file_format in FORMATS:
            yield Sample(
                f"{file_format} {size}", encoded(Image.new("RGB", size), file_format), ANYTHING
            )


def _wrong_types() -> Iterator[Sample]:
    for file_format in (
        "GIF",
        "BMP",
        "TIFF",
        "ICO",
        "PPM",
        "EPS",
        "PDF",
        "TGA",
        "PCX",
        "DDS",
        "SGI",
        "JPEG2000",
    ):
        yield Sample(file_format, encoded(quarters(64, 64), file_format), DAMAGED)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    for name, data in {
        "nothing": b"",
        "SVG": svg,
        "SVG with a declaration": b"<?xml version='1.0'?>" + svg,
        "SVG in gzip": zlib.compress(svg, wbits=31),
        "PostScript": b"%!PS\n(/etc/passwd) (r) file",
        "ImageMagick script": b"push graphic-context\nfill 'url(https://x.example/|ls)'",
        "program": b"MZ\x90\0" + bytes(200),
        "ELF": b"\x7fELF" + bytes(200),
        "page": b"<html><script>alert(1)</script></html>",
        "zeros": bytes(5000),
        "film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(500),
        "QuickTime": b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(500),
        "JPEG XL": b"\xff\x0a" + bytes(100),
        "Photoshop": b"8BPS\0\x01" + bytes(100),
        "RIFF of sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(100),
        "zip": _zip(),
    }.items():
        yield Sample(f"wrong type: {name}", data, DAMAGED)


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", WORDS)
    return out.getvalue()


def _polyglots() -> Iterator[Sample]:
    scripts = {
        "zip": _zip(),
        "page": b"<html><script>/*" + MARK + b"*/</script>",
        "PHP": b"<?php system('" + MARK + b"') ?>",
        "PDF": b"%PDF-1.7\n%" + MARK,
        "photo": encoded(quarters(32, 32), "JPEG", comment=MARK),
    }
    for file_format in FORMATS:
        data = encoded(textured(), file_format)
        for name, script in scripts.items():
            # Boxes behind the picture may make HEIC and AVIF unreadable, which is no harm.
            outcomes = TAKEN if file_format in {"JPEG", "PNG", "WEBP"} else ANYTHING
            yield Sample(f"{file_format} and {name} behind it", data + script, outcomes)
            yield Sample(f"{name} and {file_format} behind it", script + data, ANYTHING)
    png = encoded(textured(), "PNG")
    page = b"<script>" + MARK + b"</script>"
    yield Sample(
        "PNG with a page in its text", before_data(png, chunk(b"tEXt", b"x\0" + page)), TAKEN
    )
    gif = encoded(quarters(16, 16), "GIF")
    yield Sample("GIF that is a script", b"GIF89a/*" + gif[8:] + b"*/=1;alert(1)", DAMAGED)


def _moving() -> Iterator[Sample]:
    first, second = quarters(48, 32), quarters(48, 32).transpose(Image.Transpose.ROTATE_180)
    for file_format in ("PNG", "WEBP", "AVIF"):
        data = encoded(first, file_format, save_all=True, append_images=[second])
        yield Sample(f"moving {file_format}", data, frozenset({"moving"}))
    data = encoded(first, "GIF", save_all=True, append_images=[second])
    yield Sample("moving GIF", data, DAMAGED)
    # What phones make: a second, smaller picture behind the photo.
    data = encoded(first, "MPO", save_all=True, append_images=[quarters(16, 16)])
    yield Sample("JPEG of two pictures", data, TAKEN)
    yield Sample(
        "HEIC of two pictures", encoded(first, "HEIF", save_all=True, append_images=[second]), TAKEN
    )


def _lies() -> Iterator[Sample]:
    sizes = [
        (0, 0),
        (0, 9),
        (2000, 2000),
        (65_535, 65_535),
        (1, 65_535),
        (30_000, 900),
        (5001, 5000),
    ]
    huge = [*sizes, (2**31 - 1, 2**31 - 1), (2**32 - 1, 1)]
    for width, height in huge:
        # Pillow fills up with black what a PNG that ends well does not hold.
        outcomes = ANYTHING if width * height <= MAX_PIXELS else REFUSED
        yield Sample(f"PNG claims {width} by {height}", png_claiming(width, height), outcomes)
    jpeg = encoded(textured(), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    for width, height in sizes:
        claimed = jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]
        # What libjpeg does not find it fills up with grey.
        outcomes = ANYTHING if 0 < width * height <= MAX_PIXELS else REFUSED
        yield Sample(f"JPEG claims {width} by {height}", claimed, outcomes)
        if 0 < width <= 16_384 and 0 < height <= 16_384:
            yield Sample(f"WebP claims {width} by {height}", webp_claiming(width, height), REFUSED)
    for file_format in ("HEIF", "AVIF"):
        data = encoded(textured(), file_format)
        place = data.index(b"ispe") + 8
        for width, height in huge[:-1]:
            claimed = data[:place] + struct.pack(">II", width, height) + data[place + 8 :]
            yield Sample(f"{file_format} claims {width} by {height}", claimed, ANYTHING)


def _bombs() -> Iterator[Sample]:
    png = encoded(textured(), "PNG")
    swollen = zlib.compress(bytes(60_000_000), 9)
    header = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    much = chunk(b"IDAT", swollen) + chunk(b"IEND", b"")
    yield Sample(
        "PNG with more pixels than it says", start + chunk(b"IHDR", header) + much, ANYTHING
    )
    text = chunk(b"zTXt", b"x\0\0" + swollen)
    yield Sample("PNG with a swelling text", before_data(png, text), ANYTHING)
    profile = chunk(b"iCCP", b"x\0\0" + swollen)
    yield Sample("PNG with a swelling profile", before_data(png, profile), ANYTHING)
    many = b"".join(chunk(b"tEXt", b"x\0" + MARK) for _each in range(20_000))
    yield Sample("PNG with 20,000 texts", before_data(png, many), ANYTHING)
    white = Image.new("L", (5000, 5000), 255)
    yield Sample("PNG of 25 megapixels of nothing", encoded(white, "PNG"), TAKEN)
    one_bit = encoded(Image.new("1", (5000, 5000)), "PNG")
    yield Sample("PNG of 25 megapixels of one bit", one_bit, TAKEN)
    deep = encoded(Image.new("I;16", (5000, 5000), 9), "PNG")
    yield Sample("PNG of 25 megapixels of 16 bits", deep, ANYTHING)
    clear = encoded(Image.new("RGBA", (5000, 5000)), "PNG")
    yield Sample("PNG of 25 megapixels of transparency", clear, ANYTHING)
    large = encoded(Image.new("RGB", (4000, 3500)), "WEBP", method=0)
    yield Sample("WebP as large as may be", large, TAKEN)
    beyond = encoded(Image.new("RGB", (5000, 5000)), "WEBP", method=0)
    yield Sample("WebP that would take too much memory", beyond, TOO_HARD)
    jpeg = encoded(Image.new("RGB", (5000, 5000)), "JPEG", progressive=True)
    yield Sample("progressive JPEG of 25 megapixels", jpeg, TAKEN)
    # Each scan of a progressive JPEG is decoded over the whole picture again.
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    yield Sample("JPEG of too many scans", jpeg[:-2] + scan * 1500 + jpeg[-2:], TOO_HARD)
    avif = encoded(Image.new("RGB", (5000, 5000)), "AVIF", speed=10)
    yield Sample("AVIF of 25 megapixels", avif, TAKEN)
    segments = b"".join(segment(0xE1, b"Exif\0\0" + MARK * 4000) for _each in range(50))
    small = encoded(textured(), "JPEG")
    yield Sample("JPEG with 3 MB of notes", small[:2] + segments + small[2:], ANYTHING)
    yield Sample("JPEG heavier than 20 MB", small + bytes(21_000_000), frozenset({"too_heavy"}))


def _right_starts(rng: random.Random) -> Iterator[Sample]:
    starts = {
        "JPEG": b"\xff\xd8\xff\xe0",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "WEBP": b"RIFF\xff\xff\0\0WEBPVP8 ",
        "HEIF": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    }
    for name, start in starts.items():
        for number in range(6):
            data = start + rng.randbytes(40 * 4**number)
            yield Sample(f"{name} in its first bytes alone, {len(data)}", data, REFUSED)


def _truncations() -> Iterator[Sample]:
    for file_format in FORMATS:
        data = encoded(
            textured(), file_format, **({"exif": _exif()} if file_format != "HEIF" else {})
        )
        for step in range(1, 20):
            cut = data[: len(data) * step // 20]
            # A file without its last bytes may still hold every pixel.
            outcomes = ANYTHING if step == 19 else DAMAGED
            yield Sample(f"{file_format} of which {step * 5} % arrived", cut, outcomes)


def _flipped(rng: random.Random, count: int) -> Iterator[Sample]:
    whole = {each: encoded(textured(), each) for each in FORMATS}
    for number in range(count):
        file_format = FORMATS[number % len(FORMATS)]
        data = bytearray(whole[file_format])
        # Most of them where the headers are.
        reach = len(data) if number % 3 == 0 else min(len(data), 400)
        for _flip in range(1 + number % 8):
            data[rng.randrange(reach)] = rng.randrange(256)
        yield Sample(f"{file_format} with wrong bytes, {number}", bytes(data), ANYTHING)
