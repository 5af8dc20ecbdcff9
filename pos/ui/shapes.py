"""Rounded boxes and icons as pictures with smooth edges, computed here and handed to Tk as PPM.

Rule: no Tk and no state; the same arguments always give the same bytes. A canvas draws its own polygons without
anti-aliasing, and an imaging library would cost a fifth of the start-up time for a few corners.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, pi, sin

from pos.ui.theme import channels

Point = tuple[float, float]
Polygon = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded box; `edge` is the outline's width, 0 for none, and `behind` shows in the corners."""

    w: int
    h: int
    radius: int
    fill: str
    outline: str
    edge: int
    behind: str


@lru_cache(maxsize=8)
def box(shape: Box) -> bytes:
    """Draw a rounded box."""
    radius = min(shape.radius, shape.w // 2, shape.h // 2)
    fill, behind = bytes(channels(shape.fill)), bytes(channels(shape.behind))
    line = bytes(channels(shape.outline)) if shape.edge else fill
    corner = [
        [_blend(behind, line, fill, _arc(radius, shape.edge, x, y)) for x in range(radius)] for y in range(radius)
    ]
    rows = []
    for y in range(radius):
        middle = (line if y < shape.edge else fill) * (shape.w - 2 * radius)
        rows.append(b"".join(corner[y]) + middle + b"".join(reversed(corner[y])))
    flat = line * shape.w
    straight = line * shape.edge + fill * (shape.w - 2 * shape.edge) + line * shape.edge
    body = [flat if _at_edge(y, shape, radius) else straight for y in range(radius, shape.h - radius)]
    return _ppm(shape.w, shape.h, [*rows, *body, *reversed(rows)])


def _at_edge(y: int, shape: Box, radius: int) -> bool:
    return radius == 0 and (y < shape.edge or y >= shape.h - shape.edge)


def _arc(radius: int, edge: int, x: int, y: int) -> tuple[float, float]:
    """Return how much of a corner's pixel is inside the box, and how much inside its outline."""
    distance = hypot(radius - x - 0.5, radius - y - 0.5)
    inside = min(1.0, max(0.0, radius - distance + 0.5))
    return inside, min(1.0, max(0.0, radius - edge - distance + 0.5)) if edge else inside


def _blend(behind: bytes, line: bytes, fill: bytes, share: tuple[float, float]) -> bytes:
    """Mix a pixel of what is behind, the outline and the fill."""
    outer, inner = share
    if inner == 1 or outer == 0:
        return fill if inner else behind
    edge = outer - inner
    return bytes(
        round(b * (1 - outer) + k * edge + f * inner) for b, k, f in zip(behind, line, fill, strict=True)
    )


@lru_cache(maxsize=128)
def icon(name: str, side: int, color: str, behind: str) -> bytes:
    """Draw an icon, side by side pixels: bolt, check, warning, plus, minus, backspace, phone or cross."""
    body, hole = _ICONS[name]
    ink, ground = bytes(channels(color)), bytes(channels(behind))
    rows = []
    for filled, cut in zip(_coverage(body, side), _coverage(hole, side), strict=True):
        row = bytearray()
        for share, gone in zip(filled, cut, strict=True):
            row += _blend(ground, ink, ink, (share * (1 - gone),) * 2)
        rows.append(bytes(row))
    return _ppm(side, side, rows)


def _ppm(w: int, h: int, rows: Iterable[bytes]) -> bytes:
    return b"P6 %d %d 255\n" % (w, h) + b"".join(rows)


_SUBROWS = 4


def _coverage(polygons: Sequence[Polygon], side: int) -> list[list[float]]:
    """Rasterise the union of polygons given in a square of 24 by 24; each pixel's share is 0 to 1."""
    scale = side / 24
    scaled = [[(x * scale, y * scale) for x, y in polygon] for polygon in polygons]
    rows = []
    for y in range(side):
        row = [0.0] * side
        for sub in range(_SUBROWS):
            for left, right in _spans(scaled, y + (sub + 0.5) / _SUBROWS):
                _fill(row, left, right, 1 / _SUBROWS)
        rows.append(row)
    return rows


def _spans(polygons: Sequence[Polygon], y: float) -> list[tuple[float, float]]:
    """Cut the polygons with a horizontal line; overlapping pieces are joined."""
    pieces: list[tuple[float, float]] = []
    for polygon in polygons:
        edges = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
        cuts = sorted(x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in edges if (y0 <= y) != (y1 <= y))
        pieces += zip(cuts[::2], cuts[1::2], strict=True)
    joined: list[tuple[float, float]] = []
    for left, right in sorted(pieces):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def _fill(row: list[float], left: float, right: float, share: float) -> None:
    left, right = max(0.0, left), min(float(len(row)), right)
    for x in range(int(left), min(len(row), int(right) + 1)):
        row[x] += share * max(0.0, min(right, x + 1) - max(left, x))


def _stroke(*points: Point, width: float) -> list[Polygon]:
    """Turn a line through points into polygons with round ends and joints."""
    return [_capsule(a, b, width / 2) for a, b in pairwise(points)]


def _capsule(a: Point, b: Point, radius: float) -> Polygon:
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    turns = [pi * i / 12 for i in range(13)]
    # The half circle around `b`, then the one around `a`.
    head = [(b[0] + radius * (ux * sin(t) - uy * cos(t)), b[1] + radius * (uy * sin(t) + ux * cos(t))) for t in turns]
    tail = [(a[0] - radius * (ux * sin(t) - uy * cos(t)), a[1] - radius * (uy * sin(t) + ux * cos(t))) for t in turns]
    return [*reversed(head), *reversed(tail)]


_TRIANGLE: Polygon = ((12, 3.6), (21.6, 20.6), (2.4, 20.6))
_ERASER: Polygon = ((8, 5), (22, 5), (22, 19), (8, 19), (2, 12))
_PHONE: Polygon = ((7, 2.5), (17, 2.5), (17, 21.5), (7, 21.5))

_ICONS: dict[str, tuple[Sequence[Polygon], Sequence[Polygon]]] = {
    "bolt": ([((14.2, 1), (5, 13.6), (11, 13.6), (9.6, 23), (19, 9.8), (12.8, 9.8))], []),
    "check": (_stroke((4.5, 12.8), (9.8, 18), (19.5, 6.5), width=3.4), []),
    "plus": ([*_stroke((12, 5.5), (12, 18.5), width=2.6), *_stroke((5.5, 12), (18.5, 12), width=2.6)], []),
    "minus": (_stroke((5.5, 12), (18.5, 12), width=2.6), []),
    "cross": ([*_stroke((6, 6), (18, 18), width=2.6), *_stroke((18, 6), (6, 18), width=2.6)], []),
    "warning": (
        [_TRIANGLE, *_stroke(*_TRIANGLE, _TRIANGLE[0], width=2.4)],
        [*_stroke((12, 9), (12, 14.2), width=2.2), *_stroke((12, 17.6), (12, 17.7), width=2.4)],
    ),
    "backspace": (
        [_ERASER, *_stroke(*_ERASER, _ERASER[0], width=2)],
        [*_stroke((11, 9), (17, 15), width=2), *_stroke((17, 9), (11, 15), width=2)],
    ),
    "phone": (
        [_PHONE, *_stroke(*_PHONE, _PHONE[0], width=2.4)],
        [((7.6, 5), (16.4, 5), (16.4, 17.4), (7.6, 17.4)), *_stroke((11.4, 20), (12.6, 20), width=1.6)],
    ),
}
