"""The window: which screen is up, what a key does, what survives an error."""

import os
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.ui import fault
from pos.ui.window import Window

from . import gallery_fault, gallery_menu, gallery_pay, pointer
from .gallery import Stage

Open = Callable[..., Stage]


def wait(root: tk.Tk, for_ms: int) -> None:
    """Let Tk's loop run for a while."""
    done = tk.BooleanVar(root)
    root.after(for_ms, lambda: done.set(True))
    root.wait_variable(done)


def test_a_double_tap_on_pay_does_not_press_what_comes_next(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    assert stage.window.surface is not None
    pointer.tap(stage.window.surface, t.Pay())
    stage.show(gallery_pay.WAITING_JA)
    pointer.tap(stage.window.surface, t.Back())
    assert stage.touches == [t.Pay()]


def test_the_lock_ends_by_itself(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    stage.show(gallery_menu.KEYPAD_JA)
    wait(stage.window.root, 300)
    assert stage.window.surface is not None
    pointer.tap(stage.window.surface, t.Close())
    assert stage.touches == [t.Close()]


def test_a_new_view_of_the_same_screen_locks_nothing(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.EMPTY_JA)
    stage.show(gallery_menu.ORDER_JA)
    assert stage.window.surface is not None
    pointer.tap(stage.window.surface, t.Pay())
    assert stage.touches == [t.Pay()]


def test_the_window_is_as_large_as_asked(open_stage: Open) -> None:
    stage = open_stage("1280x800")
    stage.show(gallery_menu.ORDER_JA)
    assert (stage.window.root.winfo_width(), stage.window.root.winfo_height()) == (1280, 800)


def test_another_size_lays_the_screen_out_anew(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    stage.window.root.geometry("720x1280+0+0")
    stage.window.root.update()
    stage.window.root.update()
    assert stage.window.surface is not None
    assert (stage.window.surface.whole.w, stage.window.surface.whole.h) == (720, 1280)
    assert pointer.place_of(stage.window.surface, t.Pay()).bottom <= 1280


def test_in_kiosk_mode_the_screen_is_taken_even_without_a_window_manager(open_stage: Open) -> None:
    root = open_stage(kiosk=True).window.root
    root.update()
    assert (root.winfo_width(), root.winfo_height()) == (root.winfo_screenwidth(), root.winfo_screenheight())
    assert root.cget("cursor") == "none"


def test_in_kiosk_mode_neither_escape_nor_the_window_manager_closes(open_stage: Open) -> None:
    stage = open_stage(kiosk=True)
    stage.show(gallery_menu.ORDER_JA)
    pointer.type_key(stage.window.root, "Escape", 1000)
    stage.window.root.tk.eval(stage.window.root.protocol("WM_DELETE_WINDOW"))
    assert not stage.window.closed
    assert stage.touches == []


def test_escape_closes_a_sheet(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(replace(gallery_menu.ORDER_JA, sheet=gallery_menu.ITEM_SHEET_JA))
    pointer.type_key(stage.window.root, "Escape", 1000)
    assert stage.touches == [t.Close()]


def test_escape_asks_to_go_back_from_a_payment(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_pay.WAITING_JA)
    pointer.type_key(stage.window.root, "Escape", 1000)
    assert stage.touches == [t.Back()]


def test_tab_and_enter_reach_every_target(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    surface = stage.window.surface
    assert surface is not None
    targets = {region.tap for region in surface.regions if region.tap}
    for i in range(len(targets)):
        pointer.type_key(stage.window.root, "Tab", 1000 + 400 * i)
        pointer.type_key(stage.window.root, "Return", 1200 + 400 * i)
    assert set(stage.touches) == targets


def test_a_key_that_is_held_down_taps_once(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    pointer.type_key(stage.window.root, "Tab", 1000)
    for time_ms in range(1200, 1500, 30):
        pointer.type_key(stage.window.root, "Return", time_ms)
    assert len(stage.touches) == 1


def test_arrows_go_to_the_row_below_and_back(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    for i, key in enumerate(["Tab", "Down", "Up", "Down", "Return"]):
        pointer.type_key(stage.window.root, key, 1000 + 200 * i)
    assert len(stage.touches) == 1


def test_what_is_shown_for_the_first_time_is_told_as_painted_once_it_is(open_stage: Open) -> None:
    stage = open_stage()
    seen: list[tuple[int, int, int]] = []

    def look() -> None:
        seen.append(stage.picture().getpixel((700, 420))[:3])  # type: ignore[index]

    stage.window.show(gallery_menu.ORDER_JA)
    stage.window.when_painted(look)
    wait(stage.window.root, 300)
    assert seen == [stage.picture().getpixel((700, 420))[:3]]  # type: ignore[index]
    assert seen[0] != (0, 0, 0)


def test_a_view_that_is_up_already_is_not_drawn_again(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    surface = stage.window.surface
    assert surface is not None
    surface.delete("all")
    stage.show(replace(gallery_menu.ORDER_JA))
    assert not surface.find_all()


@pytest.mark.logs_errors
def test_an_error_in_a_callback_ends_the_loop_and_leaves_the_window_on_the_screen(
    open_stage: Open, caplog: pytest.LogCaptureFixture
) -> None:
    stage = open_stage()
    stage.show(gallery_menu.ORDER_JA)
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ValueError("on purpose")

    stage.window.every(5, fail)
    with pytest.raises(ValueError, match="on purpose"):
        stage.window.run()
    wait(stage.window.root, 50)
    assert calls == [1]
    assert "on purpose" in caplog.text
    assert not stage.window.closed
    assert stage.window.root.winfo_viewable()


@pytest.mark.logs_errors
def test_an_error_while_the_first_frame_was_painted_is_not_forgotten(open_stage: Open) -> None:
    stage = open_stage()

    def fail() -> None:
        raise ValueError("on purpose")

    stage.window.root.after(1, fail)
    wait(stage.window.root, 30)
    with pytest.raises(ValueError, match="on purpose"):
        stage.window.run()


@pytest.mark.logs_errors
def test_the_next_window_takes_the_root_over_and_nothing_of_the_last_is_called(open_stage: Open) -> None:
    first = open_stage().window
    reading, writing = os.pipe()
    calls: list[str] = []

    def fail() -> None:
        raise ValueError("on purpose")

    first.show(gallery_menu.ORDER_JA)
    first.every(2, lambda: calls.append("timer"))
    first.on_readable(reading, lambda: calls.append("letter"))
    first.root.after(20, fail)
    with pytest.raises(ValueError, match="on purpose"):
        first.run()
    calls.clear()
    root = first.hand_over()
    second = Window("dark", fault.SCREENS, lambda touch: calls.append(repr(touch)), size="800x480", root=root)
    os.write(writing, b"x")
    second.show(gallery_fault.VIEWS[0][1])
    wait(second.root, 30)
    os.close(reading)
    os.close(writing)
    assert calls == []
    assert second.surface is not None
    assert second.root.winfo_children() == [second.surface]
    pointer.tap(second.surface, t.Restart())
    assert calls == ["Restart()"]
    second.close()
    assert first.closed


def test_what_is_readable_calls_back(open_stage: Open) -> None:
    stage = open_stage()
    reading, writing = os.pipe()
    seen: list[bytes] = []
    stage.window.on_readable(reading, lambda: seen.append(os.read(reading, 10)))
    os.write(writing, b"x")
    wait(stage.window.root, 20)
    stage.window.root.tk.deletefilehandler(reading)
    os.close(reading)
    os.close(writing)
    assert seen == [b"x"]


def test_the_next_window_is_not_called_for_what_the_last_one_watched(open_stage: Open) -> None:
    reading, writing = os.pipe()
    calls: list[int] = []
    first = open_stage()
    first.window.on_readable(reading, lambda: calls.append(1))
    first.window.close()
    os.write(writing, b"x")
    wait(open_stage().window.root, 20)
    os.close(reading)
    os.close(writing)
    assert calls == []


@pytest.mark.logs_errors
def test_an_error_while_reading_is_an_error_like_any_other(open_stage: Open, caplog: pytest.LogCaptureFixture) -> None:
    stage = open_stage()
    reading, writing = os.pipe()

    def fail() -> None:
        os.read(reading, 10)
        raise ValueError("on purpose")

    stage.window.on_readable(reading, fail)
    os.write(writing, b"x")
    with pytest.raises(ValueError, match="on purpose"):
        stage.window.run()
    stage.window.root.tk.deletefilehandler(reading)
    os.close(reading)
    os.close(writing)
    assert "on purpose" in caplog.text


def test_closed_in_the_middle_of_a_callback_the_window_lives_until_its_end(open_stage: Open) -> None:
    stage = open_stage()
    shown: list[bool] = []

    def close_and_go_on() -> None:
        stage.window.close()
        stage.show(gallery_menu.ORDER_JA)
        shown.append(True)

    stage.window.root.after(1, close_and_go_on)
    stage.window.run()
    assert shown == [True]
    assert stage.window.closed


def test_told_to_end_right_before_its_loop_begins_the_window_ends(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window("dark", {}, lambda _: None, size="800x480")
    loop, rang = window.root.mainloop, []

    def stop_and_loop() -> None:
        window.stop()  # behind the window's own look, before Tk's loop forgets it
        loop()

    def ring() -> None:
        rang.append("it ran on, deaf")
        window.root.quit()

    monkeypatch.setattr(window.root, "mainloop", stop_and_loop)
    window.root.after(5000, ring)
    window.run()
    assert (window.closed, rang) == (True, [])


def test_told_to_end_before_it_runs_the_window_is_taken_down_by_its_run_alone(display: str) -> None:
    window = Window("dark", {}, lambda _: None, size="800x480")
    window.stop()
    assert window.root.winfo_exists()
    window.run()
    with pytest.raises(tk.TclError):
        window.root.winfo_exists()


def test_closing_twice_is_harmless(display: str) -> None:
    window = Window("dark", {}, lambda _: None, size="800x480")
    window.close()
    window.close()
    assert window.closed


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_page_has_the_colour_of_its_theme(open_stage: Open, theme: str) -> None:
    stage = open_stage(theme=theme)
    stage.show(gallery_menu.ORDER_JA)
    assert stage.window.surface is not None
    assert stage.window.surface.cget("background") == stage.window.surface.theme.color("background")
