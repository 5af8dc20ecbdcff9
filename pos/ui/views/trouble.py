"""What staff must act on: a QR that is not shown, a journal that cannot be written or was damaged, late money.

Rule: say what happened, what to do now and what is safe, in this order; the evidence stands below it, small.
"""

import re

from pos.core import touches as t
from pos.core.menu import name_in
from pos.core.money import show, show_sats
from pos.core.notices import Notice as Kind
from pos.core.payment_events import Mismatched
from pos.core.payment_states import Lapsed, Overpaid, PaidLate, Refused, State, has_surplus, received_by, rest_of
from pos.core.salvage import Salvaged
from pos.ui.view import Button, Notice, NoticesView, Row, TroubleView
from pos.ui.views import status
from pos.ui.views.scene import Scene
from pos.words import Words

_KEY_SHOWN = 6
_LONG = 24
_TOLD_BY_THE_SENTENCE = frozenset({"unreadable", "expired"})
_AMOUNT = re.compile(r"^[0-9]{1,20}(?= )")


def refused(scene: Scene, state: Refused) -> TroubleView:
    """Make the screen that stands where a QR would have been."""
    words, mismatch = scene.staff, state.mismatch
    return TroubleView(
        status=status.bar(scene, live=False),
        title=words("refused.title"),
        text=words(f"refused.{mismatch.fault}") + "\n" + words("refused.do"),
        rows=_evidence(words, mismatch),
        safe=words("refused.saved", order=state.attempt.order.id),
        buttons=(
            Button(words("pay.back"), t.ConfirmBack()),
            Button(words("refused.again"), t.NewQr(), "primary"),
        ),
    )


def _evidence(words: Words, mismatch: Mismatched) -> tuple[Row, ...]:
    """Show both sides where people can compare them; all of it is in the journal."""
    if mismatch.fault in _TOLD_BY_THE_SENTENCE:
        return ()
    payee = "_payee" if mismatch.fault == "payee" else ""
    no_amount = mismatch.fault == "amount" and not mismatch.found[:1].isdigit()
    found = words("refused.no_amount") if no_amount else _short(mismatch.found)
    return (
        Row(words(f"refused.expected{payee}"), _short(mismatch.expected)),
        Row(words(f"refused.found{payee}"), found, "red"),
    )


def stopped(scene: Scene) -> TroubleView:
    """Make the screen that stops the sale before an invoice exists."""
    words = scene.staff
    return TroubleView(
        status=status.bar(scene, live=False),
        title=words("stopped.title"),
        text=words("stopped.text"),
        rows=(),
        safe=words("stopped.safe"),
        buttons=(Button(words("stopped.again"), t.TryNow(), "primary"),),
    )


def notices(scene: Scene) -> NoticesView:
    """Make the list of what staff have to know: a damaged journal first, then money, the newest first."""
    words = scene.staff
    money = reversed(tuple(scene.notices.items()))
    return NoticesView(
        status=status.bar(scene),
        title=words("notices.title"),
        notices=(
            *(_salvaged(scene, salvaged) for salvaged in reversed(scene.till.salvages)),
            *(_notice(scene, scene.payments[payment_id], kind) for payment_id, kind in money),
        ),
        close=Button(words("notices.close"), t.Close(), "outline"),
    )


def _salvaged(scene: Scene, salvaged: Salvaged) -> Notice:
    """Tell of a journal that was damaged or put back: what happened, what is left of it, what to do."""
    words = scene.staff
    what = "restored" if salvaged.put_back else "gone" if salvaged.gone else "salvage"
    return Notice(
        words(f"notices.{what}"),
        _left(words, salvaged) + "\n" + words("notices.salvage_do" if salvaged.kept else "notices.salvage_do_all"),
        words(f"notices.{what}_aside", file=salvaged.aside),
        Button(words("notices.acknowledge"), t.AcknowledgeSalvage(salvaged.aside), "primary"),
    )


def _left(words: Words, salvaged: Salvaged) -> str:
    if not salvaged.kept:
        return words("notices.salvage_nothing")
    left = [words("notices.salvage_kept", count=f"{salvaged.kept:,}")]
    if salvaged.from_backup:
        left.append(words("notices.salvage_from_backup", count=f"{salvaged.from_backup:,}"))
    if salvaged.lost:
        left.append(words("notices.salvage_lost", count=f"{salvaged.lost:,}"))
    elif not salvaged.put_back:
        # What is missing at the end leaves no gap by which it could be counted.
        left.append(words("notices.salvage_no_gap"))
    return "".join(left)


def _notice(scene: Scene, state: State, kind: Kind) -> Notice:
    words, attempt = scene.staff, state.attempt
    order, received = attempt.order, received_by(state)
    sats_msat = state.over_msat if isinstance(state, Overpaid) else received.paid_msat
    # Of a part the customer knows the satoshi that the wallet sent, not what the till counts them for.
    title = "part" if isinstance(state, Lapsed) and kind is not Kind.WHOLE else kind
    when = words("notices.when", time=scene.clock(order.placed_at_s), order=order.id)
    # Whoever is to hand the goods over may not be who took the order.
    goods = " · ".join(f"{name_in(line.names, words.language)} ×{line.quantity}" for line in order.lines)
    text = words(f"notices.{kind}_text", amount=show(attempt.amount), rest=show(rest_of(attempt.amount, received)))
    if isinstance(state, PaidLate) and has_surplus(state):
        text += "\n" + words("notices.with_surplus", sats=show_sats(state.over_msat))
    return Notice(
        words(f"notices.{title}", number=order.number, amount=show(attempt.amount), sats=show_sats(sats_msat)),
        text,
        when,
        Button(words("notices.acknowledge"), t.Acknowledge(attempt.id), "primary"),
        goods,
    )


def _short(text: str) -> str:
    """Write evidence as people compare it: both ends of a node's key, an amount in groups."""
    if len(text) > _LONG and " " not in text:
        return f"{text[:_KEY_SHOWN]}…{text[-_KEY_SHOWN:]}"
    return _AMOUNT.sub(lambda amount: f"{int(amount[0]):,}", text)
