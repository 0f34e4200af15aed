"""What becomes of a file that claims to be a photo."""

import resource
from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from shop.foundation.photos.decoding import EXTENSIONS, SIZES, make_safe
from shop.foundation.photos.headers import MAX_BYTES, RefusedError, check
from tests.sharing.photos.pictures import (
    corners,
    encoded,
    jpeg,
    png_claiming,
    quarters,
    webp_claiming,
)

UPRIGHT = ["red", "green", "blue", "white"]


def largest(data: bytes, extension: str = "jpg") -> Image.Image:
    photo = make_safe(data)
    (chosen,) = [
        each for each in photo.renditions if (each.size, each.extension) == (1600, extension)
    ]
    return Image.open(BytesIO(chosen.data))


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        make_safe(data)
    return refused.value.code


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_photo_of_each_accepted_kind_comes_out_in_every_size_and_format(file_format):
    photo = make_safe(encoded(quarters(2000, 1500), file_format))
    made = {
        (each.size, each.extension): Image.open(BytesIO(each.data)) for each in photo.renditions
    }
    assert set(made) == {(size, extension) for size in SIZES for extension in EXTENSIONS}
    assert (photo.width, photo.height) == (1600, 1200)
    for (size, extension), image in made.items():
        assert max(image.size) == size
        assert image.format == {"webp": "WEBP", "jpg": "JPEG"}[extension]
        assert corners(image) == UPRIGHT


def test_a_small_photo_is_not_blown_up():
    assert largest(jpeg(240, 160)).size == (240, 160)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    stored = image.transpose(undo[orientation]) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    result = largest(encoded(stored, "JPEG", exif=exif, quality=95))
    assert result.size == (240, 160)
    assert corners(result) == UPRIGHT


@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("1", "PNG")],
)
def test_other_colour_modes_become_rgb(mode, file_format):
    assert largest(encoded(quarters().convert(mode), file_format)).mode == "RGB"


def test_cmyk_keeps_its_colours():
    data = encoded(quarters().convert("CMYK"), "JPEG", quality=95)
    assert corners(largest(data)) == UPRIGHT


def test_a_palette_with_a_see_through_colour_is_laid_on_white():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([10, 10, 10] + [0] * 765)
    result = largest(encoded(image, "PNG", transparency=0))
    assert result.getpixel((20, 20)) == (255, 255, 255)


def test_sixteen_bit_grey_is_scaled_and_not_cut_off():
    image = Image.new("I;16", (40, 40), 32768)
    red, green, blue = largest(encoded(image, "PNG")).getpixel((20, 20))
    assert red == green == blue
    assert 120 <= red <= 136


def test_a_colour_profile_is_applied_and_left_out():
    lab = ImageCms.createProfile("LAB")
    for profile in (ImageCms.ImageCmsProfile(lab).tobytes(), b"no profile at all" * 20):
        result = largest(encoded(quarters(), "JPEG", icc_profile=profile, quality=95))
        assert "icc_profile" not in result.info
        assert corners(result) == UPRIGHT


def with_secrets(file_format: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-exif"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 29: "SECRET-gps"})
    options = {"exif": exif, "xmp": b"<x:xmpmeta>SECRET-xmp</x:xmpmeta>"}
    if file_format == "JPEG":
        options["comment"] = "SECRET-comment"
    if file_format == "PNG":
        del options["xmp"]
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "SECRET-comment")
        notes.add_itxt("XML:com.adobe.xmp", "SECRET-xmp")
        options["pnginfo"] = notes
    return encoded(quarters(), file_format, **options)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_place_comment_xmp_and_bytes_behind_the_picture_are_gone(file_format):
    data = with_secrets(file_format) + b"SECRET-tail"
    assert data.count(b"SECRET") >= 3
    for rendition in make_safe(data).renditions:
        assert b"SECRET" not in rendition.data
        assert not Image.open(BytesIO(rendition.data)).getexif()


def test_a_script_hidden_in_a_photo_does_not_survive():
    polyglot = jpeg()[:-2] + b"<script>alert(1)</script><?php system('id') ?>" + b"\xff\xd9"
    for rendition in make_safe(polyglot).renditions:
        assert b"<script>" not in rendition.data
        assert b"<?php" not in rendition.data


@pytest.mark.parametrize(
    ("width", "height"), [(11_000, 8_000), (5_001, 5_000), (2_000_000, 13), (65_535, 65_535)]
)
def test_a_bomb_is_refused_by_its_header_without_taking_memory(width, height):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(png_claiming(width, height)) == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_webp_bomb_is_refused_before_its_canvas_is_reserved():
    assert refusal(webp_claiming(16_384, 16_384)) == "too_large"


def test_exactly_25_megapixels_pass_the_header_check():
    check(png_claiming(5_000, 5_000))


def test_a_file_heavier_than_20_megabytes_is_refused_unread():
    assert refusal(jpeg() + bytes(MAX_BYTES)) == "too_heavy"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_truncated_photo_is_refused_at_every_cut(file_format):
    data = encoded(Image.effect_noise((200, 200), 60).convert("RGB"), file_format)
    for share in (0.02, 0.1, 0.3, 0.5, 0.8):
        assert refusal(data[: int(len(data) * share)]) in {"broken", "wrong_type"}


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "ICO", "PPM", "EPS", "PDF"])
def test_other_picture_formats_are_refused(file_format):
    assert refusal(encoded(quarters(64, 64), file_format)) == "wrong_type"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"MZ\x90\x00",
        b"<html>",
    ],
)
def test_what_is_no_picture_is_refused(data):
    assert refusal(data) == "wrong_type"


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"\0\0\0\x18ftypheic"]
)
def test_a_right_start_and_nonsense_behind_it_is_refused(start):
    assert refusal(start + b"nonsense" * 50) in {"broken", "wrong_type"}
    assert refusal(start) in {"broken", "wrong_type"}


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(file_format):
    frames = [quarters(), quarters().transpose(Image.Transpose.ROTATE_180)]
    data = encoded(frames[0], file_format, save_all=True, append_images=frames[1:])
    assert refusal(data) == "moving"


def test_a_phones_jpeg_with_a_second_picture_behind_it_is_taken():
    data = encoded(quarters(), "MPO", save_all=True, append_images=[quarters(64, 64)])
    result = largest(data)
    assert result.size == (240, 160)
    assert corners(result) == UPRIGHT
