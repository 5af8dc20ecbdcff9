"""What a screen shows, as values with finished strings: the contract between `views/` and the Tk screens.

Rule: a screen that is given the same view twice looks the same twice; every word, figure and colour name is decided
before it arrives here, and each button carries the touch that it reports.
"""

from dataclasses import dataclass

from pos.core.touches import Touch


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to press; `role` is primary, plain, outline, danger or white."""

    label: str
    touch: Touch
    role: str = "plain"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Light:
    """A health dot with its word; `color` is green, amber, red or grey, '' for no dot; `text` says more below it."""

    color: str
    word: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class StatusBar:
    """The line at the top; no `notices` while there is nothing to tell, and no `open` where a tap leads nowhere."""

    shop: str
    demo: str
    lights: tuple[Light, ...]
    clock: str
    notices: Button | None
    open: Touch | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """A line under the status bar while something is wrong that does not stop the sale."""

    text: str
    button: Button


@dataclass(frozen=True, slots=True)
class Sheet:
    """A small panel over a screen that asks or explains; a tap outside it is `close`."""

    title: str
    text: str
    buttons: tuple[Button, ...]
    close: Touch


@dataclass(frozen=True, slots=True)
class Pill:
    """A category above the tiles; `color` is '' for the one that holds everything."""

    label: str
    color: str
    chosen: bool
    touch: Touch


@dataclass(frozen=True, slots=True)
class Tile:
    """A thing for sale; `flag` is the word for sold out, `badge` how many are in the order ('' for none)."""

    name: str
    price: str
    color: str
    badge: str
    flag: str
    picture: str
    tap: Touch
    hold: Touch | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the order."""

    key: str
    name: str
    amount: str
    quantity: str
    minus: Touch
    plus: Touch
    remove: Touch


@dataclass(frozen=True, slots=True)
class MenuView:
    """The menu and the order beside it; `hint` stands where lines would be when there are none, above `last`."""

    status: StatusBar
    banner: Banner | None
    pills: tuple[Pill, ...]
    tiles: tuple[Tile, ...]
    title: str
    number: str
    lines: tuple[LineView, ...]
    newest: str
    hint: str
    last: str
    count: str
    total: str
    clear: Button
    pay: Button
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class KeypadView:
    """An amount being typed; `keys` are twelve, row by row, as on every pad."""

    status: StatusBar
    title: str
    amount: str
    keys: tuple[Button, ...]
    enter: Button
    close: Button


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its figure; `color` is '' or a colour's name where the figure needs attention."""

    label: str
    figure: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class PayView:
    """A payment, from the tap on pay until it is paid.

    `qr` is the text to encode, or '' while there is none to show: then `instead` says why in large words.
    `left_permille` is the part of the time that is left, 0 to 1000, or -1 to draw no bar.
    """

    demo: Button | None
    language: Button
    qr: str
    instead: str
    busy: bool
    instruction: str
    amount: str
    sats: str
    rate: str
    rows: tuple[Row, ...]
    left_permille: int
    state: Light
    buttons: tuple[Button, ...]
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class PaidView:
    """The whole screen green; `title` and `subtitle` are PAID in both languages."""

    demo: str
    title: str
    subtitle: str
    amount: str
    detail: str
    order: str
    button: Button


@dataclass(frozen=True, slots=True)
class TroubleView:
    """What happened, what to do, what is safe, and the evidence; with nothing else on the screen."""

    status: StatusBar
    title: str
    text: str
    rows: tuple[Row, ...]
    safe: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that staff have to know of, until they say that they do; `goods` is what was ordered."""

    title: str
    text: str
    when: str
    button: Button
    goods: str = ""


@dataclass(frozen=True, slots=True)
class NoticesView:
    """All notices, newest first."""

    status: StatusBar
    title: str
    notices: tuple[Notice, ...]
    close: Button


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that people wait for; each row begins with the days it is of, then a figure for each column."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """How the till and all behind it are, and how well they have served."""

    status: StatusBar
    title: str
    buttons: tuple[Button, ...]
    close: Button
    parts: tuple[Light, ...]
    facts: tuple[Row, ...]
    heading: str
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    counts: tuple[Row, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PinView:
    """The pad for the PIN, of which only the number of digits is seen; `keys` are twelve, None for a gap."""

    status: StatusBar
    title: str
    dots: int
    state: Light
    text: str
    keys: tuple[Button | None, ...]
    enter: Button
    close: Button


View = MenuView | KeypadView | PayView | PaidView | TroubleView | NoticesView | ServiceView | PinView
