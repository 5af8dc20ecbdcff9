"""The pages of the first start under a finger, a keyboard and a scanner."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import pytest

from pos import qr
from pos.core import touches as t
from pos.ui.first_start import LinkScreen
from pos.ui.surface import Surface
from pos.ui.view_first import LinkView, TypingView

from . import gallery_first, pointer
from .gallery import Stage
from .stand import Stand, read_qr

Open = Callable[..., Stage]
VIEWS = dict(gallery_first.VIEWS)


def up(stage: Stage, name: str) -> Surface:
    stage.show(VIEWS[name])
    assert stage.window.surface is not None
    return stage.window.surface


@pytest.mark.parametrize("size", ["800x480", "720x1280"])
def test_every_key_types_what_is_written_on_it(open_stage: Open, size: str) -> None:
    stage = open_stage(size)
    surface = up(stage, "first-address-ja")
    view = VIEWS["first-address-ja"]
    assert isinstance(view, TypingView)
    keys = [button.touch for row in view.rows for button in row]
    for touch in [*keys, t.Erase(), t.Clear(), t.Back(), t.Enter()]:
        pointer.tap(surface, touch)
    assert stage.touches == [*keys, t.Erase(), t.Clear(), t.Back(), t.Enter()]


def test_a_scanner_types_faster_than_a_finger_and_the_same_letter_twice(open_stage: Open) -> None:
    stage = open_stage()
    up(stage, "first-key-ja")
    root = stage.window.root
    root.focus_force()
    root.update()
    for number, keysym in enumerate(["braceleft", "quotedbl", "a", "a", "A", "7", "7", "colon", "slash", "slash"]):
        root.event_generate(f"<KeyPress-{keysym}>", time=1000 + number)
    root.event_generate("<KeyPress-Return>", time=1010)
    assert stage.touches == [*map(t.TypeKey, '{"aaA77://'), t.Enter()]


def test_a_keyboard_erases_and_goes_back_and_types_nothing_that_cannot_be_seen(open_stage: Open) -> None:
    stage = open_stage()
    up(stage, "first-address-en")
    for number, key in enumerate(["BackSpace", "F5", "Control_L", "Escape"]):
        pointer.type_key(stage.window.root, key, 1000 + 300 * number)
    assert stage.touches == [t.Erase(), t.Back()]


def test_with_a_keyboard_alone_every_page_can_be_answered(open_stage: Open) -> None:
    stage = open_stage()
    up(stage, "first-purpose-en")
    pointer.type_key(stage.window.root, "Tab", 1000)
    pointer.type_key(stage.window.root, "Tab", 1200)
    pointer.type_key(stage.window.root, "Return", 1300)
    pointer.type_key(stage.window.root, "Escape", 1600)
    assert stage.touches == [t.Choose("practise"), t.Back()]


@pytest.mark.parametrize("size", ["800x480", "720x1280", "1280x720"])
@pytest.mark.parametrize("name", ["first-permit-ja", "first-permit-long-en"])
def test_the_phone_reads_the_address_that_is_written_beside_the_qr(
    open_stage: Open, tmp_path: Path, size: str, name: str
) -> None:
    stage = open_stage(size)
    surface = up(stage, name)
    view = VIEWS[name]
    assert isinstance(view, LinkView)
    assert read_qr(stage.picture(), tmp_path) == view.address
    assert view.address in "".join(pointer.words_on(surface))


def test_the_qr_is_drawn_anew_for_another_size_and_no_old_one_is_shown(root: tk.Tk, tmp_path: Path) -> None:
    asked: list[tuple[str, int]] = []
    stand = Stand(root, "1280x720")
    screen = LinkScreen(root, stand.theme, stand.touches.append, lambda text, side: asked.append((text, side)))
    view = VIEWS["first-permit-ja"]
    assert isinstance(view, LinkView)
    stand.put_up(screen)
    screen.show(view)
    (large,) = asked
    screen.qr_ready(*large, qr.page(*large))
    assert read_qr(stand.picture(), tmp_path) == view.address
    screen.resize(800, 480)
    small = asked[-1]
    assert small[1] < large[1]
    screen.qr_ready(*large, qr.page(*large))
    assert read_qr(stand.picture(), tmp_path) == ""
    screen.qr_ready(*small, qr.page(*small))
    assert read_qr(stand.picture(), tmp_path) == view.address


def test_a_long_address_shows_its_end_where_it_is_being_typed(open_stage: Open) -> None:
    surface = up(open_stage("720x1280"), "first-address-long-ja")
    assert [words for words in pointer.words_on(surface) if words.endswith(":8443/btcpay")]


def test_a_shop_far_down_the_list_can_be_chosen(open_stage: Open) -> None:
    stage = open_stage()
    surface = up(stage, "first-stores-en")
    for _ in range(60):
        surface.event_generate("<Button-5>", x=surface.whole.center_x, y=surface.whole.center_y)
    last = gallery_first.STORE[:-1] + "7"
    pointer.tap(surface, t.Choose(last))
    assert stage.touches == [t.Choose(last)]
