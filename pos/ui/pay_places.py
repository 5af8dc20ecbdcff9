"""Where everything on the payment screen stands.

Rule: no Tk, and nothing but the size of the window and the number of things decides. Words keep their place from one
state of a payment to the next, so that the eye finds the figure that changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.ui.geometry import Rect
from pos.ui.theme import TARGET, Theme

_COLUMN = 280
"""The least width of what stands beside the QR, at 800x480."""

_FOOT = 330
"""The least height of what stands below it in portrait."""

_MARGIN = 20
_BUTTON = 52
_BAR = 22


@dataclass(frozen=True, slots=True)
class Places:
    """The rectangles of one payment screen; `aside` is all that is not the QR's card."""

    card: Rect
    aside: Rect
    demo: Rect
    language: Rect
    instruction: Rect
    amount: Rect
    sats: Rect
    rate: Rect
    rule: Rect
    rows: tuple[Rect, ...]
    bar: Rect
    state: Rect
    buttons: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """How many rows and buttons there are to place, whether there is a bar, and how wide the two things on top are."""

    rows: int
    bar: bool
    buttons: int
    demo_w: int
    language_w: int


def place(whole: Rect, theme: Theme, needs: Needs) -> Places:
    """Place everything in a window: the QR as large as it can be, the rest beside it, or below it in portrait."""
    px = theme.px
    if whole.w > whole.h:
        side = min(whole.h, whole.w - px(_COLUMN + 2 * _MARGIN))
        card, aside = whole.cut_left(side)
        return _beside(card, aside, theme, needs)
    card, aside = whole.cut_top(min(whole.w, whole.h - px(_FOOT)))
    return _below(card, aside, theme, needs)


def _beside(card: Rect, aside: Rect, theme: Theme, needs: Needs) -> Places:
    px = theme.px
    column = aside.inset(px(_MARGIN), px(14))
    top, rest = column.cut_top(px(TARGET), px(6))
    language, left_of_it = top.cut_right(needs.language_w, px(8))
    bar_h = px(_BAR) if needs.bar else 0
    foot_rows = 2 if needs.buttons > 2 else 1
    foot, rest = rest.cut_bottom(foot_rows * px(_BUTTON) + (foot_rows - 1) * px(8), px(8))
    instruction, amount, sats, rate, rule, *rows, bar, state = _flow(
        rest,
        [
            _Band(px(40), px(24)),
            _Band(px(66), px(62)),
            _Band(px(33), px(28)),
            _Band(px(22), px(18)),
            _Band(px(28), px(12)),
            *[_Band(px(34), px(25))] * needs.rows,
            _Band(bar_h, bar_h - px(6) if bar_h else 0),
            _Band(px(40), px(34)),
        ],
    )
    return Places(
        card=card,
        aside=aside,
        demo=left_of_it.cut_left(needs.demo_w)[0],
        language=language,
        instruction=instruction,
        amount=amount,
        sats=sats,
        rate=rate,
        rule=rule.center(rule.w, 1),
        rows=tuple(rows),
        bar=bar.center(bar.w, px(6) if needs.bar else 0),
        state=state,
        buttons=_stacked(foot, needs.buttons, px(8)),
    )


def _below(card: Rect, aside: Rect, theme: Theme, needs: Needs) -> Places:
    px = theme.px
    column = aside.inset(px(_MARGIN), px(12))
    top, rest = column.cut_top(px(TARGET), px(4))
    language, left_of_it = top.cut_right(needs.language_w, px(10))
    demo, instruction = left_of_it.cut_left(needs.demo_w, px(10) if needs.demo_w else 0)
    foot, rest = rest.cut_bottom(px(_BUTTON), px(8))
    bar_h = px(_BAR) if needs.bar else 0
    lines = (needs.rows + 1) // 2
    amount, money, rule, *bands, bar, state = _flow(
        rest,
        [
            _Band(px(68), px(62)),
            _Band(px(34), px(28)),
            _Band(px(28), px(12)),
            *[_Band(px(36), px(26))] * lines,
            _Band(bar_h, bar_h - px(6) if bar_h else 0),
            _Band(px(40), px(24)),
        ],
    )
    # The rate has more characters, the amount in sats larger ones.
    sats, rate = money.cut_left(money.w * 2 // 5, px(8))
    cells = [cell for band in bands for cell in band.columns(2, px(32))]
    return Places(
        card=card,
        aside=aside,
        demo=demo,
        language=language,
        instruction=instruction,
        amount=amount,
        sats=sats,
        rate=rate,
        rule=rule.center(rule.w, 1),
        rows=tuple(cells[: needs.rows]),
        bar=bar.center(bar.w, px(6) if needs.bar else 0),
        state=state,
        buttons=tuple(foot.columns(needs.buttons, px(8))) if needs.buttons else (),
    )


@dataclass(frozen=True, slots=True)
class _Band:
    """A row across a column: how high it likes to be, and how low it can be."""

    liked: int
    least: int


def _flow(area: Rect, bands: Sequence[_Band]) -> list[Rect]:
    """Put bands under each other from the top; where they are too many, each gives up its share of the slack."""
    excess = max(0, sum(band.liked for band in bands) - area.h)
    slack = max(1, sum(band.liked - band.least for band in bands))
    found: list[Rect] = []
    for band in bands:
        # Rounded up: a pixel too many lost is not seen, one too few runs into the buttons.
        height = band.liked - min(band.liked - band.least, -(-(band.liked - band.least) * excess // slack))
        cut, area = area.cut_top(height)
        found.append(cut)
    return found


def _stacked(foot: Rect, count: int, gap: int) -> tuple[Rect, ...]:
    """Place buttons beside each other; of three the first gets a line of its own."""
    if count <= 2:
        return tuple(foot.columns(count, gap)) if count else ()
    first, rest = foot.rows(2, gap)
    return (first, *rest.columns(count - 1, gap))
