"""The payment screen in a real window: which QR is on it, and what of it is drawn anew."""

import shutil
import tkinter as tk
from dataclasses import replace
from pathlib import Path

import pytest

from pos import qr
from pos.core import touches as t
from pos.ui.pay import PayScreen
from pos.ui.view import Light, PayView, Row

from . import gallery_pay as sample
from .pointer import can_touch, place_of, press, release, tap, words_on
from .stand import Stand, read_qr

needs_zbarimg = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")

OTHER_QR = sample.BOLT11.replace("k", "3")


class PayStand(Stand):
    """A window with a payment screen; QRs are asked for, and drawn when a test says so."""

    def __init__(self, root: tk.Tk, size: str = "800x480", theme: str = "dark") -> None:
        super().__init__(root, size, theme)
        self.asked: list[tuple[str, int]] = []
        screen = PayScreen(root, self.theme, self.touches.append, lambda *question: self.asked.append(question))
        self.screen = self.put_up(screen)
        self.surface = self.screen.surface

    def draw_qr(self) -> None:
        """Answer the last question."""
        text, side_px = self.asked[-1]
        self.screen.qr_ready(text, side_px, qr.matrix(text, side_px))
        self.root.update()

    def bitmaps(self) -> dict[int, str]:
        """List the QRs that are drawn, by item."""
        images = {item: self.surface.itemcget(item, "image") for item in self.surface.find_all() if self._image(item)}
        return {item: name for item, name in images.items() if self.root.tk.call("image", "type", name) == "bitmap"}

    def _image(self, item: int) -> bool:
        return self.surface.type(item) == "image"


@needs_zbarimg
@pytest.mark.parametrize("size", ["800x480", "1280x720", "1280x800", "1920x1080", "720x1280"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_qr_on_the_screen_is_read_by_another_decoder(root: tk.Tk, tmp_path: Path, size: str, theme: str) -> None:
    stand = PayStand(root, size, theme)
    stand.screen.show(sample.WAITING_JA)
    stand.draw_qr()
    assert read_qr(stand.picture(), tmp_path) == qr.payload(sample.BOLT11)


@needs_zbarimg
@pytest.mark.parametrize("size", ["800x480", "720x1280"])
def test_qr_can_be_scanned_while_a_sheet_is_up(root: tk.Tk, tmp_path: Path, size: str) -> None:
    stand = PayStand(root, size)
    stand.screen.show(replace(sample.WAITING_JA, sheet=sample.PHONE_JA))
    stand.draw_qr()
    assert read_qr(stand.picture(), tmp_path) == qr.payload(sample.BOLT11)


def test_old_qr_is_gone_at_once_when_another_is_to_be_shown(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    stand.draw_qr()
    assert len(stand.bitmaps()) == 1
    stand.screen.show(replace(sample.WAITING_JA, qr=OTHER_QR))
    assert not stand.bitmaps()
    stand.draw_qr()
    assert len(stand.bitmaps()) == 1


def test_qr_that_was_drawn_too_late_is_not_shown(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    stand.screen.show(replace(sample.WAITING_JA, qr=OTHER_QR))
    text, side_px = stand.asked[0]
    stand.screen.qr_ready(text, side_px, qr.matrix(text, side_px))
    assert not stand.bitmaps()


def test_qr_goes_when_it_has_expired_and_words_say_so(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_EN)
    stand.draw_qr()
    stand.screen.show(sample.EXPIRED_EN)
    assert not stand.bitmaps()
    assert "This QR has expired" in words_on(stand.surface)


def test_each_qr_is_asked_for_once(root: tk.Tk) -> None:
    stand = PayStand(root)
    for left in (900, 800, 700):
        stand.screen.show(replace(sample.WAITING_JA, left_permille=left))
    stand.draw_qr()
    stand.screen.show(replace(sample.WAITING_JA, left_permille=600))
    assert stand.asked == [(sample.BOLT11, 480)]


def test_new_size_asks_for_a_qr_of_its_own(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    stand.screen.resize(1280, 720)
    assert stand.asked == [(sample.BOLT11, 480), (sample.BOLT11, 720)]


def test_countdown_redraws_its_figure_and_bar_and_nothing_else(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    stand.draw_qr()
    before = set(stand.surface.find_all())
    later = replace(
        sample.WAITING_JA, rows=(sample.WAITING_JA.rows[0], Row("残り時間", "9:40")), left_permille=920
    )
    stand.screen.show(later)
    gone = before - set(stand.surface.find_all())
    # The row's label and figure, and the bar's four pieces.
    assert len(gone) == 6
    assert not gone & set(stand.bitmaps())


def test_customer_can_switch_language_without_losing_the_qr(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    stand.draw_qr()
    drawn = stand.bitmaps()
    tap(stand.surface, t.SwitchLanguage())
    stand.screen.show(sample.WAITING_EN)
    assert stand.touches == [t.SwitchLanguage()]
    assert stand.bitmaps() == drawn


@pytest.mark.parametrize("view", [sample.WAITING_EN, sample.UNREACHABLE_EN, sample.EXPIRED_JA, sample.WORST_EN])
@pytest.mark.parametrize("size", ["800x480", "720x1280"])
def test_every_button_reports_its_touch(root: tk.Tk, size: str, view: PayView) -> None:
    stand = PayStand(root, size)
    stand.screen.show(view)
    for button in view.buttons:
        tap(stand.surface, button.touch)
    assert stand.touches == [button.touch for button in view.buttons]


def test_demo_ribbon_opens_the_phone_and_a_shop_has_none(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    tap(stand.surface, t.OpenPhone())
    assert stand.touches == [t.OpenPhone()]
    stand.screen.show(replace(sample.WAITING_JA, demo=None))
    assert not can_touch(stand.surface, t.OpenPhone())


def test_phone_reports_what_the_customer_does_and_nothing_under_it_is_reached(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(replace(sample.WAITING_JA, sheet=sample.PHONE_JA))
    tap(stand.surface, t.PhoneDoes("full"))
    assert stand.touches == [t.PhoneDoes("full")]
    assert not can_touch(stand.surface, t.Back())


def test_busy_mark_moves_with_the_beat_and_leaves_with_the_wait(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.PREPARING_JA)
    first = stand.picture()
    stand.surface.beat()
    second = stand.picture()
    assert first.tobytes() != second.tobytes()
    stand.screen.show(replace(sample.PREPARING_JA, busy=False))
    calm = stand.picture()
    stand.surface.beat()
    assert stand.picture().tobytes() == calm.tobytes()


def test_card_shows_that_it_waits_until_the_qr_is_drawn(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    card = stand.picture()
    assert card.getpixel((5, 5)) == (255, 255, 255)
    # One of the three dots has its turn.
    assert (0xF7, 0x93, 0x1A) in {card.getpixel((x, 240)) for x in range(200, 280)}


def test_no_bar_is_drawn_where_there_is_no_countdown(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_JA)
    with_bar = len(stand.surface.find_all())
    stand.screen.show(replace(sample.WAITING_JA, left_permille=-1))
    assert len(stand.surface.find_all()) == with_bar - 4


def test_lost_connection_changes_words_and_light_and_keeps_the_qr(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_EN)
    stand.draw_qr()
    drawn = stand.bitmaps()
    stand.screen.show(replace(sample.WAITING_EN, state=Light("amber", "Connection lost, still watching")))
    assert stand.bitmaps() == drawn
    assert "Connection lost, still watching" in words_on(stand.surface)


def test_pressed_button_shows_it_before_the_finger_lifts(root: tk.Tk) -> None:
    stand = PayStand(root)
    stand.screen.show(sample.WAITING_EN)
    rect = place_of(stand.surface, t.Help())
    calm = stand.picture(rect)
    press(stand.surface, rect.center_x, rect.center_y)
    pressed = stand.picture(rect)
    release(stand.surface, rect.center_x, rect.center_y)
    assert pressed.tobytes() != calm.tobytes()
    assert stand.picture(rect).tobytes() == calm.tobytes()
