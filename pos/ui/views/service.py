"""The status screen behind the health dots, and the pad for the PIN behind it.

Rule: what is not known is said to be unknown; a time is shown as the upper edge that it was counted under, so nothing
looks better than it was.
"""

from pos import __version__
from pos.core import touches as t
from pos.core.link import CUT
from pos.core.payment_states import Creating, at_counter
from pos.core.problem import Problem
from pos.core.screens import Unlocking
from pos.core.way_out import PIN_LEAST, PIN_MOST
from pos.service import Level, Waits
from pos.ui.view import Button, Light, Measure, PinView, Row, ServiceView
from pos.ui.views import status
from pos.ui.views.scene import Scene
from pos.words import Words

_MB = 1_000_000
_GB = 1_000_000_000
_DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


def inspect(scene: Scene) -> ServiceView:
    """Make the status screen."""
    words, served = scene.staff, scene.itself.served
    periods = (("service.today", served.today), ("service.week", served.week))
    return ServiceView(
        status=status.bar(scene),
        title=words("service.title"),
        buttons=(*_way_out(scene), Button(words("status.try_now"), t.TryNow())),
        close=Button(words("service.close"), t.Close(), "outline"),
        parts=(_till(scene), _line(scene), _btcpay(scene), _lightning(scene)),
        facts=_facts(scene),
        heading=words("service.waits"),
        columns=tuple(words(f"service.{name}") for name in ("half", "most", "nearly_all", "longest", "count")),
        measures=(
            Measure(words("service.to_qr"), tuple(_waited(scene, key, one.to_qr) for key, one in periods)),
            Measure(words("service.to_paid"), tuple(_waited(scene, key, one.to_paid) for key, one in periods)),
        ),
        counts=(
            Row(words("service.failed"), _both(scene, "failed_of", served.today, served.week)),
            Row(words("service.no_qr"), _both(scene, "no_qr_of", served.today, served.week)),
        ),
        note=words("service.note"),
    )


def pad(scene: Scene, screen: Unlocking) -> PinView:
    """Make the pad for the PIN; while it is locked or busy its keys are dead."""
    words, typed, wait_s = scene.staff, len(screen.digits), scene.itself.wait_s
    alive = not wait_s and screen.step != "checking"
    more = alive and typed < PIN_MOST
    return PinView(
        status=status.bar(scene, live=False),
        title=words("pin.title"),
        dots=typed,
        state=_state(scene, screen),
        text=words("pin.watched", count=len(scene.payments)) if scene.payments else words("pin.text"),
        keys=(
            *(Button(digit, t.PinDigit(digit), enabled=more) for digit in _DIGITS),
            None,
            Button("0", t.PinDigit("0"), enabled=more),
            Button("⌫", t.Erase(), enabled=alive and typed > 0),
        ),
        enter=Button(words("pin.enter"), t.Enter(), "primary", enabled=alive and typed >= PIN_LEAST),
        close=Button(words("pin.close"), t.Close(), "outline"),
    )


def _state(scene: Scene, screen: Unlocking) -> Light:
    words, own = scene.staff, scene.itself
    if own.wait_s:
        return Light("red", words("pin.locked", time=f"{own.wait_s // 60}:{own.wait_s % 60:02d}"))
    if screen.step == "checking":
        return Light("grey", words("pin.checking"))
    if screen.step == "wrong" and own.tries_left:
        return Light("red", words("pin.wrong", count=own.tries_left))
    if screen.step == "wrong":
        return Light("red", words("pin.wrong_last"))
    return Light("", words("pin.digits", least=PIN_LEAST, most=PIN_MOST))


def _way_out(scene: Scene) -> tuple[Button, ...]:
    """Offer the way out where a PIN guards it, and not while a customer stands at a payment."""
    if scene.shop.way_out != "pin":
        return ()
    busy = any(at_counter(state) for state in scene.payments.values())
    return (Button(scene.staff("service.leave"), t.Leave(), "danger", enabled=not busy),)


def _till(scene: Scene) -> Light:
    words = scene.staff
    trouble = status.trouble_with_itself(scene)
    color, key = trouble or ("green", "till_well")
    shut = " " + words("service.no_pin") if scene.shop.way_out == "none" else ""
    return Light(color, words("service.till"), words(f"service.{key}") + shut)


def _line(scene: Scene) -> Light:
    words, link = scene.staff, scene.link
    name = words("service.line")
    if not link.known:
        return Light("grey", name, words("service.not_asked"))
    answered = words("service.answered", age=status.age(scene))
    return Light("red" if link.problem in CUT else "green", name, answered)


def _btcpay(scene: Scene) -> Light:
    words, link = scene.staff, scene.link
    if not link.known:
        text = words("service.not_asked")
    elif link.problem is not None:
        text = words(f"problem.{link.problem}")
    else:
        text = words("service.btcpay_well" if link.synchronized else "service.btcpay_syncing")
    return Light(status.btcpay(scene).color, f"{words('status.btcpay')} {link.version}".strip(), text)


def _lightning(scene: Scene) -> Light:
    color = status.lightning(scene).color
    key = {"green": "lightning_well", "red": "lightning_down"}.get(color, "lightning_unknown")
    return Light(color, scene.staff("status.lightning"), scene.staff(f"service.{key}"))


def _facts(scene: Scene) -> tuple[Row, ...]:
    words, storage = scene.staff, scene.itself.storage
    backup = status.ago(scene, storage.backup_s) if storage.backup_s is not None else words("status.never")
    late = storage.backup_failed or storage.backup_too_old(scene.now_s)
    rows = [
        Row(words("service.name"), f"{scene.till_name} · {__version__}"),
        *_watched(scene),
        Row(words("service.journal"), size(words, storage.journal_bytes)),
        Row(words("service.free"), size(words, storage.free_bytes), "amber" if storage.full else ""),
    ]
    if storage.backs_up:
        rows.append(Row(words("service.backup"), backup, "amber" if late else ""))
    return tuple(rows)


def _watched(scene: Scene) -> tuple[Row, ...]:
    """Count the payments that are watched, and those of which the server has no invoice: it may be another one."""
    words, payments = scene.staff, scene.payments
    rows = [Row(words("service.open"), f"{len(payments):,}")]
    # Of one that is still being made it is the store that was not found.
    made = (name for name, state in payments.items() if not isinstance(state, Creating))
    if unknown := sum(scene.troubles.get(name) is Problem.NOT_FOUND for name in made):
        rows.append(Row(words("service.not_there"), f"{unknown:,}", "amber"))
    return tuple(rows)


def size(words: Words, count: int | None) -> str:
    """Write a number of bytes, rounded down."""
    if count is None:
        return words("service.unknown")
    if count >= 10 * _GB:
        return f"{count // _GB} GB"
    if count >= _GB:
        return f"{count // _GB}.{count % _GB * 10 // _GB} GB"
    return f"{count // _MB}.{count % _MB * 10 // _MB} MB"


def _waited(scene: Scene, period: str, waits: Waits) -> tuple[str, ...]:
    words = scene.staff
    times = (waits.half_ms, waits.most_ms, waits.nearly_all_ms, waits.longest_ms)
    figures = tuple(edge(words, ms) if waits.count else "–" for ms in times)
    return words(period), *figures, f"{waits.count:,}"


def edge(words: Words, ms: int) -> str:
    """Write a bucket's upper edge, in milliseconds, as people read it; never less than it is."""
    if ms < 1000:
        return words("service.ms", count=ms)
    if ms < 100_000:
        return words("service.s", count=f"{ms // 1000}.{ms % 1000 // 100}".removesuffix(".0"))
    if ms < 3_600_000:
        return words("service.min", count=-(-ms // 60_000))
    return words("service.h", count=ms // 3_600_000)


def _both(scene: Scene, key: str, today: Level, week: Level) -> str:
    """Write a count of today and one of the week side by side."""
    words = scene.staff
    pairs = {
        "failed_of": [(f"{one.poll_failures:,}", f"{one.polls:,}") for one in (today, week)],
        "no_qr_of": [(f"{one.no_qr:,}", f"{one.no_qr + one.to_qr.count:,}") for one in (today, week)],
    }[key]
    return words("service.both", today=" / ".join(pairs[0]), week=" / ".join(pairs[1]))
