"""Outlines of lenses as points, in millimetres from the lens's own middle.

x grows towards the temple, y downwards; the other lens is the mirror image.
"""

from collections.abc import Callable
from itertools import pairwise
from math import cos, hypot, pi, sin

from shop.catalogue.models import Shape

Point = tuple[float, float]

STEPS = 240
# Height of a lens as part of its width, by shape.
HEIGHTS = {
    Shape.ROUND: 0.95,
    Shape.OVAL: 0.7,
    Shape.SQUARE: 0.82,
    Shape.RECTANGLE: 0.6,
    Shape.AVIATOR: 0.86,
    Shape.CAT_EYE: 0.76,
    Shape.BROWLINE: 0.76,
    Shape.GEOMETRIC: 0.88,
}
# Corners that are then rounded off; one is half the width, or half the height.
CORNERS: dict[str, list[Point]] = {
    Shape.AVIATOR: [
        *[(-0.98, -0.72), (-0.5, -1.0), (0.35, -1.02), (0.98, -0.86), (1.08, -0.3)],
        *[(0.92, 0.45), (0.5, 1.0), (0.0, 1.1), (-0.55, 0.85), (-0.98, 0.1)],
    ],
    Shape.CAT_EYE: [
        *[(-1.0, -0.6), (-0.55, -0.92), (0.3, -0.98), (1.0, -1.26), (1.22, -1.02)],
        *[(1.02, 0.1), (0.62, 0.9), (0.0, 1.06), (-0.68, 0.9), (-1.02, 0.3)],
    ],
    Shape.GEOMETRIC: [
        *[(-0.6, -1.0), (0.62, -1.0), (1.08, -0.12), (0.62, 0.98), (-0.56, 0.98), (-1.04, -0.12)]
    ],
}
# How often corners are cut, and how much of each side goes.
ROUNDINGS = {Shape.AVIATOR: (4, 0.25), Shape.CAT_EYE: (4, 0.25), Shape.GEOMETRIC: (4, 0.12)}


def lens_outline(shape: str, width_mm: float) -> list[Point]:
    """Return the outline of the lens at the right of the picture, clockwise.

    Args:
        shape: one of ``Shape``.
        width_mm: the lens's width, as printed inside a temple.
    """
    a = width_mm / 2
    b = a * HEIGHTS[Shape(shape)]
    if shape in CORNERS:
        corners = [(x * a, y * b) for x, y in CORNERS[shape]]
        return _even(_rounded(corners, *ROUNDINGS[Shape(shape)]), STEPS)
    return _even([_SUPER[shape](2 * pi * step / STEPS, a, b) for step in range(STEPS)], STEPS)


def offset(points: list[Point], by: Callable[[Point, Point], float]) -> list[Point]:
    """Return ``points`` moved outwards along their normals.

    Args:
        points: a closed outline, clockwise.
        by: how far, of a point and its unit normal.
    """
    moved = []
    for index, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[index - 3], points[(index + 3) % len(points)]
        length = hypot(x1 - x0, y1 - y0) or 1.0
        normal = ((y1 - y0) / length, -(x1 - x0) / length)
        far = by((x, y), normal)
        moved.append((x + normal[0] * far, y + normal[1] * far))
    return moved


def curve(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """Return points of a quadratic curve from ``start`` to ``end``, drawn towards ``bend``."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        points.append(
            (
                u * u * start[0] + 2 * u * t * bend[0] + t * t * end[0],
                u * u * start[1] + 2 * u * t * bend[1] + t * t * end[1],
            )
        )
    return points


def mirrored(points: list[Point]) -> list[Point]:
    """Return ``points`` at the other side of the nose."""
    return [(-x, y) for x, y in points]


def _super(top: float, bottom: float, taper: float) -> Callable[[float, float, float], Point]:
    """Return a superellipse with another roundness above than below, narrower at its foot."""

    def point(angle: float, a: float, b: float) -> Point:
        c, s = cos(angle), sin(angle)
        n = bottom if s > 0 else top
        x = a * abs(c) ** (2 / n) * (1 if c >= 0 else -1)
        y = b * abs(s) ** (2 / n) * (1 if s >= 0 else -1)
        return x * (1 - taper * y / b), y

    return point


_SUPER: dict[str, Callable[[float, float, float], Point]] = {
    Shape.ROUND: _super(2, 2, 0),
    Shape.OVAL: _super(2.15, 2.15, 0),
    Shape.SQUARE: _super(4.4, 3.6, 0.06),
    Shape.RECTANGLE: _super(5, 4, 0.05),
    Shape.BROWLINE: _super(4.2, 2.3, 0.07),
}


def _rounded(corners: list[Point], times: int, part: float) -> list[Point]:
    """Cut ``part`` of each side off at the corners, ``times`` times (Chaikin's way)."""
    for _ in range(times):
        cut: list[Point] = []
        for index, (x, y) in enumerate(corners):
            x2, y2 = corners[(index + 1) % len(corners)]
            cut += [
                (x + part * (x2 - x), y + part * (y2 - y)),
                (x2 + part * (x - x2), y2 + part * (y - y2)),
            ]
        corners, part = cut, 0.25
    return corners


def _even(points: list[Point], count: int) -> list[Point]:
    """Return ``count`` points at even distances along a closed outline."""
    closed = [*points, points[0]]
    lengths = [0.0]
    for (x0, y0), (x1, y1) in pairwise(closed):
        lengths.append(lengths[-1] + hypot(x1 - x0, y1 - y0))
    even: list[Point] = []
    segment = 0
    for step in range(count):
        wanted = lengths[-1] * step / count
        while lengths[segment + 1] < wanted:
            segment += 1
        span = lengths[segment + 1] - lengths[segment] or 1.0
        t = (wanted - lengths[segment]) / span
        (x0, y0), (x1, y1) = closed[segment], closed[segment + 1]
        even.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t))
    return even
