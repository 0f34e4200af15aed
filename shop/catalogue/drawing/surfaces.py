"""What frames are made of, as it looks: fillings for a mask, and the light upon them."""

from hashlib import shake_256

from PIL import Image, ImageChops, ImageFilter

Size = tuple[int, int]


def rgb(hex_colour: str) -> tuple[int, int, int]:
    """Return ``#rrggbb`` as three numbers."""
    value = int(hex_colour.lstrip("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def mixed(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> tuple[int, ...]:
    """Return a colour with ``part`` (0-1) of the other in it."""
    return tuple(round(a + (b - a) * part) for a, b in zip(one, other, strict=True))


def solid(size: Size, colour: str) -> Image.Image:
    """Return one colour."""
    return Image.new("RGB", size, rgb(colour))


def fade(size: Size, top: str, bottom: str) -> Image.Image:
    """Return one colour that becomes another downwards."""
    ramp = Image.linear_gradient("L").resize(size).point(lambda v: _smooth((v - 70) / 110))
    return Image.composite(Image.new("RGB", size, rgb(bottom)), solid(size, top), ramp)


def tortoise(size: Size, light: str, dark: str, *, seed: str) -> Image.Image:
    """Return the mottling of tortoiseshell: dark clouds in honey, no two frames alike."""
    deep = Image.new("RGB", size, rgb(dark))
    warm = Image.new("RGB", size, mixed(rgb(light), (226, 150, 60), 0.4))
    picture = Image.composite(warm, solid(size, light), _clouds(size, f"{seed} warm", 34, 100))
    picture = Image.composite(deep, picture, _clouds(size, f"{seed} deep", 52, 122))
    return Image.composite(deep, picture, _clouds(size, f"{seed} fleck", 22, 150))


def _clouds(size: Size, seed: str, grain: int, threshold: int) -> Image.Image:
    """Return soft-edged blots of about ``grain`` pixels; fewer with a higher threshold."""
    small = (max(size[0] // grain, 4), max(size[1] // (grain * 2 // 3), 4))
    noise = Image.frombytes("L", small, shake_256(seed.encode()).digest(small[0] * small[1]))
    grown = noise.resize(size, Image.Resampling.BICUBIC)
    return grown.point(lambda v: _smooth((v - threshold) / 34))


def _smooth(part: float) -> int:
    part = min(max(part, 0.0), 1.0)
    return round(255 * part * part * (3 - 2 * part))


def soft(mask: Image.Image, radius: float) -> Image.Image:
    """Return ``mask`` blurred; wide blurs are made on a quarter of its size, unseen and fast."""
    if radius < 5:
        return mask.filter(ImageFilter.GaussianBlur(radius))
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4))
    return small.resize(mask.size, Image.Resampling.BILINEAR)


def lit(
    filling: Image.Image, mask: Image.Image, *, depth: float, gloss: float, shade: float
) -> Image.Image:
    """Return ``filling`` as if ``mask`` were a rounded body with light from above, left.

    Args:
        filling: the colours.
        mask: the body, white on black.
        depth: how round its edges are, in pixels.
        gloss: how bright the lit edges are, 0-1.
        shade: how dark the others are, 0-1.
    """
    height = soft(mask, depth)
    step = max(round(depth * 0.7), 1)
    towards = ImageChops.offset(height, -step, -step)
    away = ImageChops.offset(height, step, step)
    light = ImageChops.subtract(towards, away)
    dark = ImageChops.subtract(away, towards)
    body = _over(filling, (255, 250, 240), light.point(lambda v: min(255, round(v * gloss * 1.5))))
    return _over(body, (8, 5, 6), dark.point(lambda v: min(255, round(v * shade * 1.5))))


def _over(picture: Image.Image, colour: tuple[int, ...], mask: Image.Image) -> Image.Image:
    return Image.composite(Image.new("RGB", picture.size, colour), picture, mask)


def shine(picture: Image.Image, mask: Image.Image, *, strength: float) -> Image.Image:
    """Return ``picture`` with a bright line where ``mask`` is, as gloss lacquer has."""
    return _over(picture, (255, 252, 246), mask.point(lambda v: round(v * strength)))
