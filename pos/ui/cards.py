"""A column of cards that scrolls where it is longer than its place, with a thumb that shows how much is in sight.

Rule: a card is as high as its words; what scrolls out of the column goes under a frame that nothing shines through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, stacked_height
from pos.ui.regions import Area, Layer
from pos.ui.surface import Surface
from pos.ui.theme import TARGET

_PAD = 14
_GAP = 8
_SIGN = 22
_AREA = "cards"
_PART = "card "


@dataclass(frozen=True, slots=True)
class Card:
    """Words under each other, an icon beside them ('' for none), and what a tap on it means.

    `even` breaks its sentences evenly; what is to be copied is left as it stands.
    """

    words: tuple[Paragraph, ...]
    icon: str = ""
    color: str = ""
    touch: Touch | None = None
    even: bool = True


class Cards:
    """The cards of one surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface: Final = surface

    def show(self, cards: Sequence[Card], room: Rect) -> None:
        """Show cards in a place, beginning at the first; none takes all off."""
        surface = self._surface
        surface.drop_all(_PART, keep=frozenset(f"{_PART}{index}" for index in range(len(cards))))
        if not cards:
            surface.drop(f"{_AREA} thumb")
            surface.drop("frame")
            surface.regions.areas.pop(_AREA, None)
            return
        places = self._stack(cards, room)
        extent = places[-1].bottom - room.y
        surface.area(_AREA, Area(room, "y", extent, partial(self._draw_all, cards, places)))
        surface.part("frame", room, lambda: self._draw_frame(room), layer=Layer.BAND)

    def _stack(self, cards: Sequence[Card], room: Rect) -> list[Rect]:
        px, top = self._surface.theme.px, room.y
        places: list[Rect] = []
        for card in cards:
            high = stacked_height(self._surface, card.words, self._words_width(card, room.w)) + 2 * px(_PAD)
            places.append(Rect(room.x, top, room.w, max(high, px(TARGET))))
            top = places[-1].bottom + px(_GAP)
        return places

    def _words_width(self, card: Card, width: int) -> int:
        px = self._surface.theme.px
        return width - 2 * px(_PAD) - (px(_SIGN) + px(10) if card.icon else 0)

    def _draw_all(self, cards: Sequence[Card], places: Sequence[Rect]) -> None:
        surface = self._surface
        for index, (card, place) in enumerate(zip(cards, places, strict=True)):
            draw = partial(self._draw, card, place)
            surface.part(f"{_PART}{index}", (card, place), draw, layer=Layer.CONTENT, area=_AREA)
        px, room = surface.theme.px, surface.regions.areas[_AREA].rect
        surface.thumb(_AREA, Rect(room.right + px(6), room.y, px(4), room.h))

    def _draw(self, card: Card, place: Rect) -> None:
        surface, px = self._surface, self._surface.theme.px
        fill = "raised" if card.touch else "surface"
        item = surface.box(place, fill)
        if card.touch:
            surface.region(place, card.touch, looks=(item,))
        room = place.inset(px(_PAD))
        if card.icon:
            sign, room = room.cut_left(px(_SIGN), px(10))
            surface.icon(card.icon, sign.cut_top(px(_SIGN))[0], card.color, behind=fill)
        draw_left(surface, card.words, room, even=card.even)

    def _draw_frame(self, room: Rect) -> None:
        whole = self._surface.whole
        self._surface.fill(Rect(whole.x, whole.y, whole.w, room.y), "background")
        self._surface.fill(Rect(whole.x, room.bottom, whole.w, whole.h - room.bottom), "background")
