"""A pair of spectacles from the front, put together from outlines and surfaces."""

from dataclasses import dataclass
from math import hypot

from PIL import Image, ImageChops, ImageDraw

from shop.catalogue.drawing import surfaces
from shop.catalogue.drawing.outlines import Point, curve, lens_outline, mirrored, offset
from shop.catalogue.models import Material, Shape

PICTURE = (1200, 900)
# Only the strip that can hold a pair is worked on.
SIZE = (1200, 640)
MIDDLE = (600, 296)
PIXELS_PER_MM = 7.8
# From the middle to the outermost point of a lens; rim and hinge need what is left.
WIDEST_MM = 67.0
# Masks are drawn this much larger and shrunk: smooth edges at the cost of polygons only.
OVERSAMPLING = 3


@dataclass(frozen=True)
class Look:
    """Everything a picture depends on.

    Attributes:
        shape: one of ``Shape``.
        material: one of ``Material``.
        finish: ``solid``, ``tortoise``, ``fade`` or ``crystal``.
        colour: ``#rrggbb``.
        colour2: the second colour of tortoise and fade, or of the metal of mixed frames.
        lens_mm: width of a lens.
        bridge_mm: between the lenses.
        seed: makes mottling differ from frame to frame.
    """

    shape: str
    material: str
    finish: str
    colour: str
    colour2: str = ""
    lens_mm: int = 50
    bridge_mm: int = 20
    seed: str = ""

    @property
    def wire(self) -> bool:
        """Whether the rims are thin metal."""
        return self.material in (Material.METAL, Material.TITANIUM)


class _Sheet:
    """Masks of the pair's parts, drawn in millimetres from the middle of the bridge."""

    def __init__(self) -> None:
        self.large = Image.new("L", (SIZE[0] * OVERSAMPLING, SIZE[1] * OVERSAMPLING))
        self.draw = ImageDraw.Draw(self.large)

    def _at(self, point: Point) -> Point:
        return (
            (MIDDLE[0] + point[0] * PIXELS_PER_MM) * OVERSAMPLING,
            (MIDDLE[1] + point[1] * PIXELS_PER_MM) * OVERSAMPLING,
        )

    def fill(self, points: list[Point], value: int = 255) -> None:
        """Fill an outline."""
        self.draw.polygon([self._at(point) for point in points], fill=value)

    def stroke(self, points: list[Point], widths: tuple[float, float]) -> None:
        """Draw a line whose width in millimetres goes from the first to the second."""
        for index, point in enumerate(points):
            part = index / max(len(points) - 1, 1)
            width = widths[0] + (widths[1] - widths[0]) * part
            radius = width / 2 * PIXELS_PER_MM * OVERSAMPLING
            x, y = self._at(point)
            self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
            if index:
                self.draw.line(
                    [self._at(points[index - 1]), (x, y)], fill=255, width=round(radius * 2)
                )

    def mask(self) -> Image.Image:
        """Return the sheet at the picture's size."""
        return self.large.reduce(OVERSAMPLING)


class _Pair:
    """The geometry of one pair."""

    def __init__(self, look: Look) -> None:
        self.look = look
        away = look.bridge_mm / 2 + look.lens_mm / 2
        lens = [(x + away, y) for x, y in lens_outline(look.shape, look.lens_mm)]
        # The widest pairs are drawn a little smaller, or their temples would leave the picture.
        fits = min(1.0, WIDEST_MM / max(x for x, _ in lens))
        self.lens = [(x * fits, y * fits) for x, y in lens]
        away *= fits
        self.left = min(x for x, _ in self.lens)
        self.right = max(x for x, _ in self.lens)
        self.top = min(y for _, y in self.lens)
        self.foot = max(y for _, y in self.lens)
        # Where the temple begins: on the outer rim, in the upper third.
        raised = {Shape.CAT_EYE: 0.16, Shape.ROUND: 0.34, Shape.OVAL: 0.3, Shape.GEOMETRIC: 0.36}
        level = raised.get(Shape(look.shape), 0.2)
        self.hinge_y = self.top + (self.foot - self.top) * level
        near = min(
            (point for point in self.lens if point[0] > away + look.lens_mm / 4),
            key=lambda point: abs(point[1] - self.hinge_y),
        )
        self.hinge = (near[0], self.hinge_y)
        self.away = away

    def rim(self) -> list[Point]:
        """Return the outer outline of an acetate rim: stronger above and towards the temple."""
        middle = (self.top + self.foot) / 2

        def thickness(point: Point, normal: Point) -> float:
            above = max(0.0, (middle - point[1]) / (middle - self.top))
            outward = max(0.0, normal[0])
            return 3.0 + 1.5 * above + 0.7 * outward * above

        return offset(self.lens, thickness)

    def temple(self) -> list[Point]:
        """Return the line of a temple behind the lens, as perspective shortens it."""
        x, y = self.hinge
        behind = curve((x + 3, y + 0.4), (x - 3, y + 0.5), (x - 10, y + 4), 16)
        ear = curve(behind[-1], (x - 13, y + 6), (x - 14.5, y + 22), 16)
        return behind + ear[1:]

    def brow(self) -> list[Point]:
        """Return the outline of the upper half alone, for browlines."""
        limit = self.top + (self.foot - self.top) * 0.4
        outer = offset(self.lens, lambda p, n: 3.4 + 1.6 * max(0.0, n[0]))
        pairs = [
            (out, point) for out, point in zip(outer, self.lens, strict=True) if point[1] < limit
        ]
        start = max(
            range(len(pairs)),
            key=lambda i: hypot(
                pairs[i][1][0] - pairs[i - 1][1][0], pairs[i][1][1] - pairs[i - 1][1][1]
            ),
        )
        pairs = pairs[start:] + pairs[:start]
        return [out for out, _ in pairs] + [point for _, point in reversed(pairs)]


def _both(sheet: _Sheet, points: list[Point], value: int = 255) -> None:
    sheet.fill(points, value)
    sheet.fill(mirrored(points), value)


def _strokes(sheet: _Sheet, points: list[Point], widths: tuple[float, float]) -> None:
    sheet.stroke(points, widths)
    sheet.stroke(mirrored(points), widths)


def _melted(mask: Image.Image, radius: float) -> Image.Image:
    """Round off where parts meet, as milled acetate is."""
    blurred = surfaces.soft(mask, radius)
    return blurred.point(lambda v: min(max(round((v - 112) * 8), 0), 255))


def _acetate_mask(pair: _Pair, lenses: Image.Image) -> Image.Image:
    sheet = _Sheet()
    browline = pair.look.shape == Shape.BROWLINE
    _both(sheet, pair.brow() if browline else pair.rim())
    x, y = pair.hinge
    end = [(x - 4, y - 3.6), (x + 6.2, y - 3.4), (x + 6.8, y + 2.2), (x + 1.5, y + 5.2)]
    _both(sheet, [*end, (x - 3, y + 5)])
    if not browline:
        low = pair.top + (pair.foot - pair.top) * 0.2
        side = pair.left + 1.5
        top = curve((-side, low), (0, low - 4.4), (side, low))
        under = curve((side, low + 9.5), (0, low + 0.6), (-side, low + 9.5))
        sheet.fill(top + under)
    return ImageChops.subtract(_melted(sheet.mask(), 7), lenses)


def _wire_mask(pair: _Pair, lenses: Image.Image, *, width: float) -> Image.Image:
    sheet = _Sheet()
    _both(sheet, offset(pair.lens, lambda point, normal: width))
    rims = ImageChops.subtract(sheet.mask(), lenses)
    extras = _Sheet()
    level = pair.top + (pair.foot - pair.top) * 0.3
    side = min(pair.lens, key=lambda point: abs(point[1] - level) + max(0, point[0] - pair.away))[0]
    extras.stroke(curve((-side, level), (0, level - 6.2), (side, level)), (1.7, 1.7))
    if pair.look.shape == Shape.AVIATOR:
        upper = [point for point in pair.lens if point[1] < (pair.top + pair.foot) / 2]
        inner, brow = min(upper, key=lambda point: abs(point[0] - pair.left - 6))
        extras.stroke(curve((-inner, brow), (0, brow - 2.4), (inner, brow)), (1.5, 1.5))
    x, y = pair.hinge
    _strokes(extras, curve((x + 0.6, y), (x + 4, y - 0.8), (x + 5.6, y + 1.6)), (2.0, 2.6))
    return ImageChops.lighter(rims, extras.mask())


def _pads(pair: _Pair) -> tuple[Image.Image, Image.Image]:
    """Return masks of the nose pads and of the arms that hold them."""
    level = pair.top + (pair.foot - pair.top) * 0.46
    x = max(pair.left - 1.4, 3.2)
    pads, arms = _Sheet(), _Sheet()
    _strokes(pads, curve((x - 0.6, level), (x + 0.2, level + 3), (x + 1.6, level + 6)), (2.6, 3.4))
    _strokes(arms, curve((x + 2.4, level - 1), (x - 1.5, level - 1), (x, level + 2)), (0.8, 0.8))
    return pads.mask(), arms.mask()


def _filling(look: Look) -> Image.Image:
    if look.finish == "tortoise":
        return surfaces.tortoise(SIZE, look.colour, look.colour2 or "#2e1a10", seed=look.seed)
    if look.finish == "fade":
        return surfaces.fade(SIZE, look.colour, look.colour2 or look.colour)
    return surfaces.solid(SIZE, look.colour)


def _laid(canvas: Image.Image, filling: Image.Image, mask: Image.Image) -> Image.Image:
    layer = filling.convert("RGBA")
    layer.putalpha(mask)
    return Image.alpha_composite(canvas, layer)


def _glass(pair: _Pair, lenses: Image.Image) -> Image.Image:
    """Return the lenses: a breath of grey, darker at the rim, clear where the light falls."""
    inner = surfaces.soft(lenses, 16)
    edge = ImageChops.subtract(lenses, inner).point(lambda v: round(v * 0.30))
    ramp = Image.linear_gradient("L").resize(SIZE).point(lambda v: round(34 - v * 0.1))
    band = _Sheet()
    for centre in (-pair.away, pair.away):
        width = pair.look.lens_mm
        for start, thick in ((-0.30, 0.20), (0.02, 0.06)):
            x = centre + start * width
            foot, top = pair.foot + 6, pair.top - 6
            lean = 0.42 * width
            t = thick * width
            band.fill([(x, foot), (x + t, foot), (x + t + lean, top), (x + lean, top)])
    bright = surfaces.soft(band.mask(), 3).point(lambda v: round(v * 0.13))
    tint = ImageChops.subtract(ImageChops.add(ramp, edge), bright)
    glass = Image.new("RGBA", SIZE, (96, 112, 122, 0))
    glass.putalpha(ImageChops.multiply(tint, lenses))
    return glass


def _gloss(pair: _Pair, mask: Image.Image) -> Image.Image:
    """Return the thin line of light along the upper rims."""
    line = _Sheet()
    upper = [
        point
        for point in offset(pair.lens, lambda p, n: 2.5)
        if point[1] < pair.top + (pair.foot - pair.top) * 0.34
    ]
    for point in upper:
        _strokes(line, [point], (0.75, 0.75))
    ramp = Image.linear_gradient("L").resize(SIZE).point(lambda v: max(0, 255 - v))
    soft = surfaces.soft(line.mask(), 1.8)
    return ImageChops.multiply(ImageChops.multiply(soft, ramp), mask)


def _shadow(pair: _Pair) -> Image.Image:
    sheet = _Sheet()
    for centre in (-pair.away, pair.away):
        width = pair.look.lens_mm
        y = pair.foot + 9
        sheet.fill(curve((centre - width * 0.55, y), (centre, y + 4), (centre + width * 0.55, y)))
        sheet.fill(curve((centre - width * 0.55, y), (centre, y - 3), (centre + width * 0.55, y)))
    soft = surfaces.soft(sheet.mask(), 20).point(lambda v: round(v * 0.34))
    shadow = Image.new("RGBA", SIZE, (46, 36, 34, 0))
    shadow.putalpha(soft)
    return shadow


def _metal(colour: str, mask: Image.Image) -> Image.Image:
    base = surfaces.solid(SIZE, colour)
    return surfaces.lit(base, mask, depth=2.4, gloss=0.95, shade=0.85)


def draw_spectacles(look: Look) -> Image.Image:
    """Return the picture: 1200 by 900 pixels, on white, with a soft shadow.

    White is what shops' own photographs stand on; pages lay them on their table by multiplying.
    """
    pair = _Pair(look)
    lens_sheet = _Sheet()
    _both(lens_sheet, pair.lens)
    lenses = lens_sheet.mask()
    canvas = _shadow(pair)

    temple = _Sheet()
    widths = (2.2, 1.7) if look.wire else (5.4, 3.2)
    _strokes(temple, pair.temple(), widths)
    behind = surfaces.soft(temple.mask(), 1.2)
    filling = _filling(look)
    body = surfaces.lit(filling, behind, depth=5, gloss=0.25, shade=0.35)
    veil = 0.42 if look.finish == "crystal" else 0.66
    canvas = _laid(canvas, body, behind.point(lambda v: round(v * veil)))
    canvas = Image.alpha_composite(canvas, _glass(pair, lenses))

    metal = look.colour if look.wire else (look.colour2 if look.finish == "solid" else "#b08d57")
    metal = metal or "#b08d57"
    browline = look.shape == Shape.BROWLINE
    if look.wire or browline:
        pads, arms = _pads(pair)
        canvas = _laid(canvas, _metal(metal, arms), arms)
        pad_body = surfaces.lit(
            surfaces.solid(SIZE, "#d9d3cb"), pads, depth=5, gloss=0.5, shade=0.3
        )
        canvas = _laid(canvas, pad_body, pads.point(lambda v: round(v * 0.62)))
        width = 1.35 if look.material == Material.TITANIUM else 1.75
        wire = _wire_mask(pair, lenses, width=width)
        canvas = _laid(canvas, _metal(metal, wire), wire)
    if not look.wire:
        mask = _acetate_mask(pair, lenses)
        shade = 1.1 if look.finish == "crystal" else 0.5
        body = surfaces.lit(filling, mask, depth=6.5, gloss=0.42, shade=shade)
        body = surfaces.shine(body, _gloss(pair, mask), strength=0.85)
        canvas = _laid(canvas, body, _opacity(look, mask))
        canvas = _rivets(canvas, pair, metal)
    picture = Image.new("RGB", PICTURE, "white")
    picture.paste(canvas, (0, (PICTURE[1] - SIZE[1]) // 2), canvas)
    return picture


def _opacity(look: Look, mask: Image.Image) -> Image.Image:
    """Return ``mask``, for crystal clear inside and denser at the edges."""
    if look.finish != "crystal":
        return mask
    inside = surfaces.soft(mask, 5)
    edge = ImageChops.subtract(mask, inside).point(lambda v: min(255, round(v * 1.5)))
    return ImageChops.multiply(ImageChops.add(edge, Image.new("L", SIZE, 84)), mask)


def _rivets(canvas: Image.Image, pair: _Pair, metal: str) -> Image.Image:
    sheet = _Sheet()
    x, y = pair.hinge
    for dx in (1.2, 3.6):
        _strokes(sheet, [(x + dx, y - 0.6)], (1.1, 1.1))
    dots = sheet.mask()
    return _laid(canvas, _metal(metal, dots), dots)
