"""What the bartender taps, by nothing but what is on the screen, and what screens people wait for.

Rule: a hand is a function of one sight. When the till comes back from the dead the bartender looks at the screen and
goes on from there, as people do.
"""

from collections.abc import Callable

from bench.drill.sight import Sight

Touch = tuple[object, ...]
Hand = Callable[[Sight], Touch | None]


def menu(sight: Sight) -> bool:
    """The menu is up and nobody has to be told anything."""
    return sight.kind == "MenuView" and not sight.buttons


def qr(sight: Sight) -> bool:
    """A QR is up."""
    return bool(sight.qr)


def other_than(first: str) -> Callable[[Sight], bool]:
    """Another QR is up."""
    return lambda sight: sight.qr not in ("", first)


def paid(sight: Sight) -> bool:
    """PAID is up."""
    return sight.kind == "PaidView"


def paying(sight: Sight) -> bool:
    """A payment's screen is up, with a QR or not yet."""
    return sight.kind == "PayView"


def either(*wanted: Callable[[Sight], bool]) -> Callable[[Sight], bool]:
    """One of several screens is up."""
    return lambda sight: any(wants(sight) for wants in wanted)


def idle(sight: Sight) -> Touch | None:
    """Keep the hands off the screen."""
    return None


def selling(sight: Sight) -> Touch | None:
    """Put one thing into the order and tap pay."""
    if sight.kind == "MenuView":
        return ("Pay",) if sight.lines else ("TapItem", "heartland")
    return None


def asking_anew(sight: Sight) -> Touch | None:
    """Tap new QR wherever it is offered."""
    return ("NewQr",) if "NewQr" in sight.buttons or sight.kind == "TroubleView" else None


def leaving(sight: Sight) -> Touch | None:
    """Bring every screen to its end: back from a payment, on from PAID, each notice acknowledged."""
    match sight.kind:
        case "PayView":
            return ("ConfirmBack",)
        case "TroubleView":
            return ("TryNow",) if sight.stopped else ("ConfirmBack",)
    return going_on(sight)


def patient(sight: Sight) -> Touch | None:
    """Wait for the customer: ask for a new QR where one is needed, go on from PAID, read what there is to be read."""
    match sight.kind:
        case "PayView":
            return asking_anew(sight)
        case "TroubleView":
            return ("TryNow",) if sight.stopped else ("NewQr",)
    return going_on(sight)


def going_on(sight: Sight) -> Touch | None:
    """Go on from PAID and read every notice."""
    match sight.kind:
        case "PaidView":
            return ("Done",)
        case "NoticesView":
            if sight.salvages:
                return ("AcknowledgeSalvage", sight.salvages[0])
            return ("Acknowledge", next(iter(sight.notices))) if sight.notices else ("Close",)
        case "MenuView" if "OpenNotices" in sight.buttons:
            return ("OpenNotices",)
    return None


def opening(sight: Sight) -> Touch | None:
    """Clear what is on the screen, then put one thing into the order and tap pay."""
    return selling(sight) if menu(sight) else leaving(sight)


def open_notices(sight: Sight) -> Touch | None:
    """Look at the notices as soon as there are any."""
    return ("OpenNotices",) if "OpenNotices" in sight.buttons else None
