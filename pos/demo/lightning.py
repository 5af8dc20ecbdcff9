"""The demo shop's Lightning node: what it issued, what it was paid.

Rule: it knows BOLT11s and millisatoshi, nothing of shops, prices or BTCPay. The shop's lock covers it.
"""

import hashlib
import random
from dataclasses import replace
from typing import Final

from coincurve import PrivateKey

from pos.demo.invoices import Draft, Node
from pos.demo.states import NodeInvoice

NETWORK: Final = "regtest"
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ID_LENGTH: Final = 22


class UnknownInvoice(LookupError):
    """No invoice of the shop or its node has this id."""


class PhoneRefused(ValueError):
    """The phone or the node does not go through with the payment; the text says why."""


def demo_node(seed: str = "demo") -> Node:
    """Return the node whose key follows from the seed: the same seed, the same node id."""
    return Node(PrivateKey(hashlib.sha256(f"bar-kiosk demo node {seed}".encode()).digest()))


def new_id(rng: random.Random) -> str:
    """Return an id as BTCPay makes them: 22 characters of base58."""
    return "".join(rng.choice(_BASE58) for _ in range(_ID_LENGTH))


class LightningNode:
    """Issues BOLT11s signed by `node` and takes payments for them."""

    def __init__(self, node: Node, rng: random.Random) -> None:
        self.node = node
        self._rng = rng
        self._issued: dict[str, NodeInvoice] = {}

    def issue(self, *, amount_msat: int | None, description: str, now_s: int, expires_s: int) -> NodeInvoice:
        """Write, sign and remember a BOLT11; without an amount the payer chooses."""
        preimage = self._rng.randbytes(32)
        payment_hash = hashlib.sha256(preimage).digest()
        draft = Draft(
            network=NETWORK,
            amount_msat=amount_msat,
            payment_hash=payment_hash,
            payment_secret=self._rng.randbytes(32),
            description=description,
            timestamp=now_s,
            expiry_s=max(0, expires_s - now_s),
        )
        issued = NodeInvoice(
            id=new_id(self._rng),
            bolt11=self.node.invoice(draft),
            payment_hash=payment_hash.hex(),
            preimage=preimage.hex(),
            amount_msat=amount_msat,
            description=description,
            issued_s=now_s,
            expires_s=expires_s,
        )
        self._issued[issued.bolt11] = issued
        return issued

    def find(self, name: str) -> NodeInvoice:
        """Return what the node knows, by its own id or by BOLT11; UnknownInvoice if it knows nothing."""
        if name in self._issued:
            return self._issued[name]
        for issued in self._issued.values():
            if issued.id == name:
                return issued
        raise UnknownInvoice(name)

    def take(self, bolt11: str, *, amount_msat: int | None, now_s: int, late: bool) -> NodeInvoice:
        """Accept a payment, of the BOLT11's own amount if none is given; a `late` one even after expiry.

        PhoneRefused for an unknown, paid or expired BOLT11, or when nobody says how much.
        """
        issued = self._issued.get(bolt11.lower().removeprefix("lightning:"))
        if issued is None:
            raise PhoneRefused("the demo node did not issue this BOLT11")
        if issued.paid_s is not None:
            raise PhoneRefused("this BOLT11 has been paid")
        if now_s >= issued.expires_s and not late:
            raise PhoneRefused("this BOLT11 has expired")
        amount_msat = issued.amount_msat if amount_msat is None else amount_msat
        if amount_msat is None or amount_msat <= 0:
            raise PhoneRefused("a positive amount is needed")
        paid = replace(issued, received_msat=amount_msat, paid_s=now_s)
        self._issued[issued.bolt11] = paid
        return paid
