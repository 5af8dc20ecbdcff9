"""The till's state turned into views: what each screen shows, in finished strings, in the reader's language.

Rule: no Tk, no clock, no network; the same scene always gives the same view. Staff screens speak the shop's language,
the payment screens the customer's.

    scene.py    everything a view is made from
    status.py   the line at the top, the banner, the health dots
    selling.py  menu, order, keypad
    paying.py   the payment screen in all its states, PAID
    trouble.py  a refused QR, a journal that cannot be written, notices
    service.py  the status screen, the pad for the PIN
"""

from typing import assert_never

from pos.core.payment_states import Paid, Refused
from pos.core.screens import AtPayment, Inspecting, Reading, Selling, Stopped, Typing, Unlocking
from pos.ui.view import View
from pos.ui.views import paying, selling, service, trouble
from pos.ui.views.scene import Itself, LastSale, Scene

__all__ = ["Itself", "LastSale", "Scene", "build"]


def build(scene: Scene) -> View:
    """Make the view of the screen that is up."""
    match scene.till.screen:
        case Selling():
            return selling.menu(scene, scene.till.screen)
        case Typing(digits):
            return selling.keypad(scene, digits)
        case AtPayment(payment_id, sheet):
            return _payment(scene, payment_id, sheet)
        case Reading():
            return trouble.notices(scene)
        case Inspecting():
            return service.inspect(scene)
        case Unlocking():
            return service.pad(scene, scene.till.screen)
        case Stopped():
            return trouble.stopped(scene)
        case _:
            assert_never(scene.till.screen)


def _payment(scene: Scene, payment_id: str, sheet: str) -> View:
    state = scene.payments[payment_id]
    if isinstance(state, Paid):
        return paying.paid(scene, state)
    if isinstance(state, Refused):
        return trouble.refused(scene, state)
    return paying.pay(scene, state, sheet)
