"""The line at the top of the staff's screens, and the banner under it.

Rule: what needs somebody goes first when the line is short: the clock and the notices stay, lights that are green go.
"""

from dataclasses import replace

from pos.ui.geometry import Rect
from pos.ui.surface import Surface
from pos.ui.theme import TARGET
from pos.ui.view import Banner, Light, StatusBar

HEIGHT = 40
BANNER_HEIGHT = 64

_MARGIN = 16
_GAP = 12
_DOT = 10
_NAME_LEAST = 96


def draw_status(surface: Surface, status: StatusBar) -> Rect:
    """Draw the line where it changed; returns what is left of the screen."""
    bar, rest = surface.whole.cut_top(surface.theme.px(HEIGHT))
    surface.part("status", status, lambda: _draw(surface, bar, status))
    return rest


def draw_banner(surface: Surface, banner: Banner | None, rest: Rect) -> Rect:
    """Draw or remove the banner at the top of `rest`; returns what is left."""
    if banner is None:
        surface.drop("banner")
        return rest
    bar, rest = rest.cut_top(surface.theme.px(BANNER_HEIGHT))
    surface.part("banner", banner, lambda: _draw_banner(surface, bar, banner))
    return rest


def _draw(surface: Surface, bar: Rect, status: StatusBar) -> None:
    px = surface.theme.px
    surface.fill(bar, "surface")
    room = bar.inset(px(_MARGIN), 0)
    clock, room = room.cut_right(surface.measure(status.clock, "body", bold=True), px(_GAP))
    lights = _worth_saying(surface, status, room.w)
    _draw_way_in(surface, bar, status, sum(_light_width(surface, light) + px(_GAP) for light in lights))
    surface.text(clock, status.clock, "body", bold=True, align="right")
    for light in reversed(lights):
        spot, room = room.cut_right(_light_width(surface, light), px(_GAP))
        _draw_light(surface, spot, light)
    name_w = min(surface.measure(status.shop, "body", bold=True), room.w - _badges_width(surface, status))
    name, room = room.cut_left(name_w, px(_GAP))
    surface.text(name, status.shop, "body", bold=True)
    if status.demo:
        ribbon, room = room.cut_left(surface.measure(status.demo, "small", bold=True) + px(20), px(_GAP))
        draw_ribbon(surface, ribbon.center(ribbon.w, px(22)), status.demo, behind="surface")
    if status.notices:
        spot, _ = room.cut_left(_notices_width(surface, status.notices.label))
        alarm = spot.center(spot.w, px(30))
        item = surface.box(alarm, "alarm", behind="surface", radius=px(15))
        if status.notices.enabled:
            surface.pulse(item)
        surface.text(alarm, status.notices.label, "small", bold=True, color="white", align="center")
        if status.notices.enabled:
            surface.region(_reaching(surface, spot), status.notices.touch, looks=(item,))


def _draw_way_in(surface: Surface, bar: Rect, status: StatusBar, lights_w: int) -> None:
    """Let the lights be touched, and the clock with them: it stays where there is no room for a light."""
    if status.open is None:
        return
    px = surface.theme.px
    clock_w = surface.measure(status.clock, "body", bold=True)
    spot, _ = bar.cut_right(max(px(TARGET), px(_MARGIN) + clock_w + lights_w + px(_GAP)))
    item = surface.box(spot.inset(px(4)), "surface", behind="surface")
    surface.region(_reaching(surface, spot), status.open, looks=(item,))


def _reaching(surface: Surface, spot: Rect) -> Rect:
    """Make a target of a place in the bar, which is lower than a finger is wide: it reaches into what lies below."""
    return Rect(spot.x, spot.y, spot.w, surface.theme.px(TARGET))


def draw_ribbon(surface: Surface, rect: Rect, words: str, *, behind: str = "background") -> None:
    """Draw the DEMO ribbon."""
    surface.box(rect, "ribbon", behind=behind, radius=surface.theme.px(5))
    surface.text(rect, words, "small", bold=True, color="ink", align="center")


def draw_dot(surface: Surface, rect: Rect, color: str, *, behind: str) -> None:
    """Draw a health dot in the middle of the rectangle."""
    side = surface.theme.px(_DOT)
    surface.box(rect.center(side, side), color, behind=behind, radius=side // 2)


def _draw_light(surface: Surface, spot: Rect, light: Light) -> None:
    px = surface.theme.px
    dot, words = spot.cut_left(px(_DOT), px(6))
    draw_dot(surface, dot, light.color, behind="surface")
    surface.text(words, light.word, "small", color="muted" if light.color in ("green", "grey") else "text")


def _worth_saying(surface: Surface, status: StatusBar, room: int) -> list[Light]:
    """Keep all lights where there is room for them, else those that are not green, else only the dots of those."""
    name = surface.measure(status.shop, "body", bold=True)
    room -= _badges_width(surface, status) + min(name, surface.theme.px(_NAME_LEAST)) + surface.theme.px(_GAP)
    telling = [light for light in status.lights if light.color != "green"]
    for kept in (list(status.lights), telling):
        if sum(_light_width(surface, light) + surface.theme.px(_GAP) for light in kept) <= room:
            return kept
    return [replace(light, word="") for light in telling]


def _light_width(surface: Surface, light: Light) -> int:
    return surface.theme.px(_DOT) + surface.theme.px(6) + surface.measure(light.word, "small")


def _notices_width(surface: Surface, words: str) -> int:
    return max(surface.theme.px(TARGET), surface.measure(words, "small", bold=True) + surface.theme.px(26))


def _badges_width(surface: Surface, status: StatusBar) -> int:
    """Measure what stands between the shop's name and the lights."""
    px = surface.theme.px
    demo = surface.measure(status.demo, "small", bold=True) + px(20) + px(_GAP) if status.demo else 0
    notices = _notices_width(surface, status.notices.label) + px(_GAP) if status.notices else 0
    return demo + notices


def _draw_banner(surface: Surface, bar: Rect, banner: Banner) -> None:
    px = surface.theme.px
    surface.fill(bar, "raised")
    edge, _ = bar.cut_left(px(4))
    surface.fill(edge, "amber")
    width = max(px(88), surface.measure(banner.button.label, "body", bold=True) + px(32))
    button, room = bar.inset(px(_MARGIN), 0).cut_right(width, px(_GAP))
    # A plain button would not stand out from the banner, which has its colour.
    surface.button(button.center(width, px(TARGET)), banner.button, behind="raised", fill="line")
    mark, words = room.cut_left(px(22), px(10))
    surface.icon("warning", mark.center(px(22), px(22)), "amber", behind="raised")
    surface.text(words, banner.text, "body", lines=3, steps=2, even=True)
