"""One sale with everything real: the window, a finger on it, the workers, the journal, HTTP and the demo server."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ImageGrab

from bench.till import TillDriver
from pos import assembly, qr
from pos import config as configs
from pos import words as wordbook
from pos.core import touches as t
from pos.core.payment import fold
from pos.core.payment_states import Paid, Served
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.ui.view import MenuView, PaidView, PayView, ServiceView, TroubleView, View

from .gallery import SIZES


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    with DemoServer() as server:
        yield server


@pytest.fixture
def till(demo: DemoServer, tmp_path: Path, display: str, request: pytest.FixtureRequest) -> Iterator[TillDriver]:
    words = wordbook.load_all(assembly.ASSETS / "words")
    config = configs.load(assembly.ROOT / "kiosk.yaml", words)
    with ExitStack() as cleanup:
        config = replace(config, journal=tmp_path / "journal.db", sound=False)
        parts = assembly.assemble(config, words, assembly.practice(demo), cleanup)
        yield cleanup.enter_context(TillDriver.open(parts, request.param))


def order(till: TillDriver, count: int) -> None:
    for item in till.parts.config.menu.items[:count]:
        till.tap(t.TapItem(item.id))


def read_qr(till: TillDriver, path: Path) -> str:
    """Photograph the screen and let an independent decoder read it."""
    width, height = till.window.root.winfo_width(), till.window.root.winfo_height()
    ImageGrab.grab(bbox=(0, 0, width, height), xdisplay="").save(path)
    command = ["zbarimg", "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@pytest.mark.parametrize("till", SIZES, indirect=True)
def test_the_customer_scans_what_the_server_issued_pays_and_everybody_sees_it(
    till: TillDriver, demo: DemoServer, tmp_path: Path
) -> None:
    order(till, 3)
    till.tap(t.Pay())
    till.until(till.qr_shown)
    (invoice,) = demo.shop.invoices()
    assert invoice.prompt is not None
    assert invoice.prompt.node_invoice is not None
    assert read_qr(till, tmp_path / "pay.png") == qr.payload(invoice.prompt.node_invoice.bolt11)
    (payment_id,) = till.parts.counter.payments
    demo.shop.play(invoice.id, "full")
    till.until(_is_paid)
    till.parts.counter.touch(t.Done())
    till.until(lambda view: isinstance(view, MenuView))
    served = fold(till.parts.journal.events_of(payment_id))
    assert isinstance(served, Served)
    assert isinstance(served.paid, Paid)
    assert [payment.invoice_id for payment in demo.shop.ledger] == [invoice.id]


@pytest.mark.parametrize("till", ["800x480"], indirect=True)
@pytest.mark.parametrize(
    "lie", ["lie-payee", "lie-amount", "lie-msat", "wrong-network", "expired-bolt11", "bad-checksum"]
)
def test_a_qr_that_fails_its_check_is_on_no_screen(
    till: TillDriver, demo: DemoServer, tmp_path: Path, lie: str
) -> None:
    demo.suffer(Misfortune(kind=lie, on="create"))
    order(till, 1)
    till.tap(t.Pay())
    till.until(lambda view: isinstance(view, TroubleView))
    assert read_qr(till, tmp_path / "refused.png") == ""


@pytest.mark.parametrize("till", ["800x480"], indirect=True)
def test_a_double_tap_on_pay_makes_one_order_and_presses_nothing_on_the_next_screen(
    till: TillDriver, demo: DemoServer
) -> None:
    order(till, 1)
    till.settle()
    region = next(region for region in till.surface.regions if region.tap == t.Pay())
    x, y = region.rect.x + region.rect.w // 2, region.rect.y + region.rect.h // 2
    for _ in range(2):
        till.surface.event_generate("<ButtonPress-1>", x=x, y=y)
        till.surface.event_generate("<ButtonRelease-1>", x=x, y=y)
    till.until(till.qr_shown)
    till.wait(0.3)
    assert len(demo.shop.invoices()) == len(till.parts.counter.payments) == 1
    assert isinstance(till.window.view, PayView)
    assert till.window.view.sheet is None


def _is_paid(view: View | None) -> bool:
    return isinstance(view, PaidView)


@pytest.mark.parametrize("till", ["800x480"], indirect=True)
def test_the_status_screen_tells_how_long_the_customer_has_waited(till: TillDriver, demo: DemoServer) -> None:
    order(till, 1)
    till.tap(t.Pay())
    till.until(till.qr_shown)
    (invoice,) = demo.shop.invoices()
    demo.shop.play(invoice.id, "full")
    till.until(_is_paid)
    till.wait(0.3)
    till.parts.counter.touch(t.Done())
    till.parts.counter.touch(t.OpenStatus())
    shown = till.window.view
    assert isinstance(shown, ServiceView)
    for measure in shown.measures:
        today, week = measure.rows
        assert today[1:] == week[1:]
        assert today[-1] == "1"
        assert today[1].startswith("≤ ")
