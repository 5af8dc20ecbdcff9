"""What a screen shows, as far as people act on it and a witness can judge it.

Rule: it is read from the view alone, as an eye would; only `unknown` and `open` are what the till itself holds true,
told beside the view so that the two can be compared.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from pos.core import touches as t
from pos.ui.view import MenuView, NoticesView, PaidView, PayView, TroubleView, View


@dataclass(frozen=True, slots=True)
class Sight:
    """The kind of a view, its buttons' touches, and the open payments' states by id.

    `lines` counts the lines of the order on the menu; `order` is the number on a payment's screen, 0 elsewhere.
    `waiting` when it says in green that the till waits for the payment, `unknown` when the last visit for the payment
    on the screen failed. `covered` while a question lies over it. `notices` are the payments, and `salvages` the files
    kept aside, of which there is something to read. `detail` stands under PAID, `paid_ms` is how long after the
    server's answer it came up.
    """

    kind: str
    buttons: tuple[str, ...] = ()
    qr: str = ""
    order: int = 0
    notices: Mapping[str, str] = field(default_factory=dict)
    salvages: tuple[str, ...] = ()
    open: Mapping[str, str] | None = None
    lines: int = 0
    busy: bool = False
    waiting: bool = False
    unknown: bool = False
    covered: bool = False
    detail: str = ""
    paid_ms: int = -1

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read what came over the line."""
        lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
        return cls(**{**told, **lists})

    def told(self) -> dict[str, Any]:
        """Write it for the line."""
        return asdict(self)

    @property
    def stopped(self) -> bool:
        """Tell whether the sale is stopped because nothing can be recorded."""
        return self.kind == "TroubleView" and "TryNow" in self.buttons


def sight_of(view: View) -> Sight:
    """Reduce a view to what people look at."""
    kind = type(view).__name__
    match view:
        case MenuView():
            offered = [view.status.notices] if view.status.notices else []
            return Sight(kind, _touches(offered), lines=len(view.lines))
        case PayView():
            waiting = view.state.color == "green"
            order = int(view.rows[0].figure)
            covered = view.sheet is not None
            return Sight(kind, _touches(view.buttons), view.qr, order, busy=view.busy, waiting=waiting, covered=covered)
        case PaidView():
            order = int("".join(letter for letter in view.order if letter.isdigit()))
            return Sight(kind, order=order, detail=view.detail)
        case TroubleView():
            return Sight(kind, _touches(view.buttons))
        case NoticesView():
            told = [(notice.button.touch, f"{notice.title} {notice.text}") for notice in view.notices]
            return Sight(
                kind,
                notices={touch.payment_id: text for touch, text in told if isinstance(touch, t.Acknowledge)},
                salvages=tuple(touch.aside for touch, _ in told if isinstance(touch, t.AcknowledgeSalvage)),
            )
    return Sight(kind)


def _touches(buttons: Any) -> tuple[str, ...]:
    return tuple(type(button.touch).__name__ for button in buttons)

