"""The screens of the till: which of them shows which kind of view.

Rule: a screen is built when it is first needed; what shows a failure or the first start is in no list but its own.
"""

from collections.abc import Callable
from functools import partial

from pos.ui.keypad import KeypadScreen
from pos.ui.menu import MenuScreen
from pos.ui.notices import NoticesScreen
from pos.ui.paid import PaidScreen
from pos.ui.pay import PayScreen
from pos.ui.pin import PinScreen
from pos.ui.screen import Makers
from pos.ui.service import ServiceScreen
from pos.ui.trouble import TroubleScreen
from pos.ui.view import (
    KeypadView,
    MenuView,
    NoticesView,
    PaidView,
    PayView,
    PinView,
    ServiceView,
    TroubleView,
)


def till_screens(draw_qr: Callable[[str, int], None]) -> Makers:
    """List the till's screens; `draw_qr` is asked for the QR of a text, in a square of so many pixels."""
    return {
        MenuView: MenuScreen,
        KeypadView: KeypadScreen,
        PayView: partial(PayScreen, draw_qr=draw_qr),
        PaidView: PaidScreen,
        TroubleView: TroubleScreen,
        NoticesView: NoticesScreen,
        ServiceView: ServiceScreen,
        PinView: PinScreen,
    }
