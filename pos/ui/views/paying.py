"""The payment screen in all its states, and PAID.

Rule: a QR stands in a view only while its amount is what is still due; money that is not certain is never called paid.
"""

from pos.core import touches as t
from pos.core.money import show, show_sats
from pos.core.payment_events import Quote, Received
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Paid,
    PartPaid,
    RunOut,
    State,
    has_surplus,
    owed_to_staff,
    rest_of,
)
from pos.core.problem import Problem
from pos.ui.view import Button, Light, PaidView, PayView, Row, Sheet
from pos.ui.views.scene import Scene

_OF_THE_OWNER = frozenset(
    {
        Problem.KEY_UNKNOWN,
        Problem.FORBIDDEN,
        Problem.NOT_FOUND,
        Problem.INVALID,
        Problem.DECLINED,
        Problem.REDIRECT,
        Problem.TLS,
        Problem.CERTIFICATE_CHANGED,
        Problem.KEY_TOO_WEAK,
        Problem.KEY_TOO_STRONG,
    }
)
"""What no waiting mends."""


def pay(scene: Scene, state: State, sheet: str) -> PayView:
    """Make the payment screen of a payment that is not paid."""
    match state:
        case Awaiting(quote=quote):
            return _with_qr(scene, state, quote, Received(), sheet)
        case PartPaid(quote=quote, received=received):
            return _with_qr(scene, state, quote, received, sheet)
        case Creating():
            return _without_qr(scene, state, _creating(scene, state), sheet, busy=True)
        case Confirming():
            return _without_qr(scene, state, scene.guest("pay.confirming"), sheet, busy=True)
        case RunOut(why=why):
            return _without_qr(scene, state, scene.guest(f"pay.{why}"), sheet, busy=False)
    raise ValueError(f"{type(state).__name__} has no payment screen")


def paid(scene: Scene, state: Paid) -> PaidView:
    """Make the screen that everybody at the counter waits for; PAID stands on it in both languages."""
    order = state.attempt.order
    other = next(words for language, words in scene.words.items() if language != scene.guest.language)
    detail = [show_sats(state.paid_msat)] if state.paid_msat else []
    if has_surplus(state):
        detail.append(scene.guest("paid.over", sats=show_sats(state.over_msat)))
    return PaidView(
        demo=scene.staff("status.demo") if scene.demo else "",
        title=scene.guest("paid.title"),
        subtitle=other("paid.title"),
        amount=show(order.total),
        detail=" · ".join(detail),
        order=scene.guest("paid.number", number=order.number),
        button=Button(scene.guest("paid.next"), t.Done(), "white"),
    )


def _with_qr(scene: Scene, state: Awaiting | PartPaid, quote: Quote, received: Received, sheet: str) -> PayView:
    words = scene.guest
    used_up = _used_up(state)
    due_msat = received.due_msat if received.paid_msat else quote.amount_msat
    left_s = max(0, quote.expires_s - scene.now_s - scene.link.server_ahead_s)
    return PayView(
        demo=_phone(scene),
        language=Button(words("pay.other_language"), t.SwitchLanguage()),
        qr="" if used_up else quote.bolt11,
        instead=words("pay.renewing") if used_up else "",
        busy=used_up,
        instruction="" if used_up else words("pay.instruction_rest" if received.paid_msat else "pay.instruction"),
        amount=show(rest_of(state.attempt.amount, received)),
        sats=show_sats(due_msat),
        rate=words("pay.rate", rate=show(quote.rate)) if quote.rate.minor > 0 else "",
        rows=(
            Row(words("pay.number"), str(state.attempt.order.number)),
            *_received(scene, received),
            Row(words("pay.left"), f"{left_s // 60}:{left_s % 60:02d}", "amber" if left_s < 60 else ""),
        ),
        left_permille=min(1000, left_s * 1000 // max(1, quote.expires_s - quote.created_s)),
        state=_watching(scene, state),
        buttons=(Button(words("pay.back"), t.Back(), "outline"), Button(words("pay.help"), t.Help())),
        sheet=_sheet(scene, sheet, received),
    )


def _without_qr(
    scene: Scene, state: Creating | Confirming | RunOut, instead: str, sheet: str, *, busy: bool
) -> PayView:
    words = scene.guest
    received = state.received if isinstance(state, RunOut) else Received()
    return PayView(
        demo=_phone(scene),
        language=Button(words("pay.other_language"), t.SwitchLanguage()),
        qr="",
        instead=instead,
        busy=busy,
        instruction=_hint(scene, state),
        amount=show(rest_of(state.attempt.amount, received)),
        sats="",
        rate="",
        rows=(Row(words("pay.number"), str(state.attempt.order.number)), *_received(scene, received)),
        left_permille=-1,
        state=_watching(scene, state),
        buttons=_buttons(scene, state),
        sheet=_sheet(scene, sheet, received),
    )


def _creating(scene: Scene, state: Creating) -> str:
    problem = scene.troubles.get(state.attempt.id)
    if problem is not None:
        return scene.guest(f"problem.{problem}")
    return scene.guest("pay.checking" if state.looks else "pay.creating")


def _hint(scene: Scene, state: Creating | Confirming | RunOut) -> str:
    if isinstance(state, RunOut):
        return scene.guest("pay.ended_hint")
    problem = scene.troubles.get(state.attempt.id)
    if problem is None or not isinstance(state, Creating):
        return ""
    return scene.guest("pay.kept_owner" if problem in _OF_THE_OWNER else "pay.kept")


def _watching(scene: Scene, state: State) -> Light:
    words = scene.guest
    problem = scene.troubles.get(state.attempt.id)
    owed = sum(map(owed_to_staff, scene.payments.values()))
    match state:
        case _ if owed:
            return Light("red", words("pay.attention", count=owed))
        case Creating() if problem is not None:
            return Light("amber", words("pay.again"))
        case Creating():
            return Light("grey", words("pay.creating"))
        case _ if problem is Problem.NOT_FOUND:
            return Light("amber", words("pay.not_there"))
        case _ if problem is not None:
            return Light("amber", words("pay.lost"))
        case Confirming():
            return Light("amber", words("pay.confirming_short"))
        case RunOut():
            return Light("red", words("pay.ended"))
        case PartPaid() if _used_up(state):
            return Light("grey", words("pay.creating"))
    return Light("green", words("pay.waiting"))


def _used_up(state: Awaiting | PartPaid) -> bool:
    """Tell whether a part came and the QR for the rest is not there yet."""
    return isinstance(state, PartPaid) and state.quote.amount_msat != state.received.due_msat


def _buttons(scene: Scene, state: Creating | Confirming | RunOut) -> tuple[Button, ...]:
    """Offer the way back, which asks first only where a customer may just have paid."""
    words = scene.guest
    if isinstance(state, RunOut):
        return (
            Button(words("pay.back"), t.ConfirmBack(), "outline"),
            Button(words("pay.new_qr"), t.NewQr(), "primary"),
        )
    if isinstance(state, Confirming):
        return (Button(words("pay.back"), t.Back(), "outline"),)
    back = Button(words("pay.back"), t.ConfirmBack(), "outline")
    if state.attempt.id in scene.troubles:
        return back, Button(words("status.try_now"), t.TryNow(), "primary")
    return (back,)


def _received(scene: Scene, received: Received) -> tuple[Row, ...]:
    if not received.paid_msat:
        return ()
    words = scene.guest
    return (
        Row(words("pay.received"), show_sats(received.paid_msat), "green"),
        Row(words("pay.missing"), show_sats(received.due_msat), "amber"),
    )


def _phone(scene: Scene) -> Button | None:
    return Button(scene.guest("pay.phone"), t.OpenPhone()) if scene.demo else None


def _sheet(scene: Scene, sheet: str, received: Received) -> Sheet | None:
    words = scene.guest
    match sheet:
        case "back":
            buttons = (
                Button(words("pay.stay"), t.Close(), "primary"),
                Button(words("pay.back"), t.ConfirmBack(), "danger"),
            )
            part = words("pay.back_part", sats=show_sats(received.paid_msat)) if received.paid_msat else ""
            return Sheet(words("pay.back_title"), part or words("pay.back_text"), buttons, t.Close())
        case "help":
            close = Button(words("pay.close"), t.Close())
            return Sheet(words("pay.help_title"), words("pay.help_text"), (close,), t.Close())
        case "phone":
            kinds = ("full", "late", "under", "expire")
            acts = tuple(Button(words(f"pay.phone_{kind}"), t.PhoneDoes(kind)) for kind in kinds)
            close = Button(words("pay.close"), t.Close(), "outline")
            return Sheet(words("pay.phone_title"), words("pay.phone_text"), (*acts, close), t.Close())
    return None
