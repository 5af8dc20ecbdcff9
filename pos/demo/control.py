"""The demo server's own paths under /demo/: phone, clock and misfortune for other processes.

Rule: no key is asked for, so the server listens on loopback only. JSON in and out.

    GET    /demo/state       shop's time, invoices, the phone's payments, trouble to come, requests so far
    POST   /demo/pay         {"invoiceId" or "bolt11", "kind": a `shop.Kind`}; 409 if the phone declines
    POST   /demo/expire      {"invoiceId"}: the clock is set forward to its end
    POST   /demo/advance     {"seconds"}
    POST   /demo/misfortune  {"kind", "on", "nth", "times", "seconds", "url", "after"}, as in misfortune.py
    DELETE /demo/misfortune  everything normal again
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, get_args

from pos.demo.answers import Reply, error, in_json
from pos.demo.lightning import PhoneRefused, UnknownInvoice
from pos.demo.misfortune import Misfortune, Script
from pos.demo.operations import Request
from pos.demo.shop import Kind, Shop
from pos.demo.states import Invoice

PREFIX: Final = "/demo/"
_KINDS: Final = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request the server dealt with; `status` is None where no answer was sent."""

    method: str
    path: str
    status: int | None


class Control:
    """Answers the control paths of one server."""

    def __init__(self, shop: Shop, script: Script, log: Iterable[Exchange]) -> None:
        self._shop, self._script, self._log = shop, script, log

    def answer(self, request: Request) -> Reply:
        """Carry out a control request: 400 for one without sense, 404 for an unknown invoice or path."""
        try:
            body = json.loads(request.body or b"{}")
            if not isinstance(body, dict):
                return error(400, "bad-request", "a JSON object is needed")
            return self._act(request.method, request.path.removeprefix(PREFIX), body)
        except UnknownInvoice:
            return error(404, "invoice-not-found", "The invoice was not found")
        except PhoneRefused as exc:
            return error(409, "refused", str(exc))
        except (TypeError, ValueError) as exc:
            return error(400, "bad-request", str(exc))

    def _act(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        match method, name:
            case "GET", "state":
                return in_json(self._state())
            case "POST", "pay":
                return self._pay(body)
            case "POST", "expire":
                self._shop.play(str(body.get("invoiceId")), "expire")
            case "POST", "advance":
                self._shop.advance(float(body.get("seconds", 0)))
            case "POST", "misfortune":
                self._script.add(Misfortune(**body))
            case "DELETE", "misfortune":
                self._script.clear()
            case _:
                return Reply(404)
        return in_json({"now": self._shop.now_s()})

    def _pay(self, body: dict[str, Any]) -> Reply:
        kind, bolt11 = body.get("kind", "full"), body.get("bolt11")
        if kind not in _KINDS:
            raise ValueError(f"kind is one of {', '.join(_KINDS)}")
        if bolt11 and kind == "full":
            return in_json(asdict(self._shop.pay(str(bolt11))))
        invoice_id = self._shop.invoice_of(str(bolt11)).id if bolt11 else str(body.get("invoiceId"))
        payment = self._shop.play(invoice_id, kind)
        return in_json(payment and asdict(payment))

    def _state(self) -> dict[str, Any]:
        now_s = self._shop.now_s()
        return {
            "now": now_s,
            "invoices": [_summary(invoice, now_s) for invoice in self._shop.invoices()],
            "ledger": [asdict(payment) for payment in self._shop.ledger],
            "misfortunes": [asdict(line) for line in self._script.lines],
            "requests": [asdict(exchange) for exchange in self._log],
        }


def _summary(invoice: Invoice, now_s: int) -> dict[str, Any]:
    issued = invoice.prompt.node_invoice if invoice.prompt else None
    return {
        "invoiceId": invoice.id,
        "orderId": invoice.order_id,
        "status": invoice.status,
        "additionalStatus": invoice.additional_status,
        "dueMsat": invoice.due_msat,
        "secondsLeft": max(0, invoice.expires_s - now_s),
        "bolt11": issued and issued.bolt11,
    }
