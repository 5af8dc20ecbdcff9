"""What is measured, one function a figure; each gives its samples and leaves the reading to the table.

Rule: a sample is one real thing that was done, in milliseconds unless its name says otherwise.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import qrcode
import requests
import segno

from bench.till import KEY, Bench, bench, demo_server
from pos import assembly, qr
from pos.core import touches as t
from pos.core.cart import Line
from pos.core.money import Money
from pos.core.order import Attempt, Order
from pos.core.payment_events import Entry, HandedOver, Opened, Quote, Quoted, Settled, Trail
from pos.journal.journal import Journal
from pos.pace import Pace
from pos.ui.view import MenuView, PaidView

ORDERS = 100_000
POLL_S = Pace().quick_s
_MS = 1000.0
_SETTLED_S = 5.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Samples of one thing, with what we aim at; `unit` is ms, MB or %."""

    name: str
    samples: tuple[float, ...]
    aim: float | None = None
    unit: str = "ms"


def start(rounds: int) -> Figure:
    """From starting the process to the first frame that can be tapped, on an empty journal."""
    return Figure("cold start to first usable frame", tuple(_starts(rounds, orders=0)), aim=500)


def start_after_years(rounds: int) -> Figure:
    """The same with 100,000 finished orders in the journal; the aim is 200 ms more than an empty one takes."""
    empty = sorted(_starts(rounds, orders=0))[rounds // 2]
    added = tuple(sample - empty for sample in _starts(rounds, orders=ORDERS))
    return Figure(f"start-up added by {ORDERS:,} orders", added, aim=200)


def taps(rounds: int, items: int) -> tuple[Figure, Figure]:
    """From a finger going down on a tile to the pressed tile, and from lifting it to the order, badge and total."""
    pressed: list[float] = []
    counted: list[float] = []
    with bench(items=items) as place:
        till = place.till
        tile = t.TapItem(till.parts.config.menu.items[0].id)
        for _ in range(rounds):
            till.settle()
            with _timed(pressed):
                till.press(tile)
                till.painted()
            with _timed(counted):
                till.release(tile)
                till.painted()
            till.tap(t.ChangeLine(tile.item_id, -1))
    return (
        Figure(f"tap to painted feedback, {items} items", tuple(pressed), aim=16),
        Figure(f"lift to painted order, {items} items", tuple(counted), aim=16),
    )


def pay_and_paid(rounds: int) -> tuple[Figure, Figure]:
    """From a tap on pay to the painted QR without the server's own time, and from settled there to painted PAID."""
    shown: list[float] = []
    paid: list[float] = []
    with bench() as place:
        till = place.till
        own_ms = _server_time(place, rounds)
        for round_ in range(rounds):
            till.parts.counter.touch(t.TapItem(till.parts.config.menu.items[0].id))
            till.settle()
            till.press(t.Pay())
            with _timed(shown, minus=own_ms):
                till.release(t.Pay())
                till.until(till.qr_shown)
            # Spread over the time between two polls: right after one would always be the worst case.
            till.wait(POLL_S * round_ / rounds)
            place.pay(till.invoice_id())
            with _timed(paid):
                till.until(lambda view: isinstance(view, PaidView))
            till.parts.counter.touch(t.Done())
            till.until(lambda view: isinstance(view, MenuView))
    return (
        Figure("pay tap to painted QR, server's time taken off", tuple(shown), aim=30),
        Figure("settled at the server to painted PAID", tuple(paid), aim=600),
    )


def memory(sales: int) -> tuple[Figure, ...]:
    """Memory of a till after so many sales, in a process that holds nothing else.

    What is resident (RSS) counts in full what is shared with other programs, such as the C library and the font; the
    proportional share (PSS) is less, and depends on which programs those are.
    """
    command = [sys.executable, "-m", "bench.sales", str(sales)]
    told = subprocess.run(command, cwd=assembly.ROOT, capture_output=True, text=True, check=True).stdout.split()
    whens = ("after the first sale", f"after {sales:,} sales")
    names = [f"memory {when}, {what}" for when in whens for what in ("PSS", "RSS")]
    return tuple(
        Figure(name, (float(megabytes),), aim=60 if name.endswith("RSS") else None, unit="MB")
        for name, megabytes in zip(names, told[-4:], strict=True)
    )


def idle(seconds: int) -> Figure:
    """Processor time of a till in kiosk mode that shows its menu and asks after the server's health, in % of one core.

    The first seconds after the start are left out; the till's whole process is counted, its workers with it.
    """
    with TemporaryDirectory() as name, demo_server() as (url, told):
        config = _config(Path(name), url, told["store id"], kiosk=True)
        with _running("--config", str(config)) as process:
            time.sleep(_SETTLED_S)
            before_s, begun_s = _processor_s(process.pid), time.monotonic()
            time.sleep(seconds)
            share = (_processor_s(process.pid) - before_s) / (time.monotonic() - begun_s)
    return Figure(f"idle for {seconds} s, share of one core", (share * 100,), aim=1, unit="%")


def qr_encoders(rounds: int) -> tuple[Figure, ...]:
    """The QR of the same invoice by our encoder call, by qrcode's defaults, by segno and by the qrencode program."""
    with demo_server() as (url, told):
        bolt11 = _make_invoice(requests.Session(), url, told["store id"])
    text = qr.payload(bolt11)

    def plain() -> None:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(text)
        code.make(fit=True)

    encoders: dict[str, Callable[[], object]] = {
        "QR: ours": lambda: qr.matrix(bolt11, 480),
        "QR: qrcode as it comes": plain,
        "QR: segno": lambda: segno.make_qr(text, error="m"),
        "QR: qrencode, with its process": lambda: subprocess.run(
            ["qrencode", "-l", "M", "-t", "ASCII", "-o", os.devnull, text], check=True
        ),
    }
    figures = []
    for name, encode in encoders.items():
        samples: list[float] = []
        encode()
        for _ in range(rounds):
            with _timed(samples):
                encode()
        figures.append(Figure(name, tuple(samples)))
    return tuple(figures)


@contextmanager
def _timed(samples: list[float], *, minus: float = 0.0) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    samples.append((time.perf_counter() - begun) * _MS - minus)


def _server_time(place: Bench, rounds: int) -> float:
    """Measure what the same calls cost a client that does nothing else, on a warm connection; the median in ms."""
    samples: list[float] = []
    session = requests.Session()
    _make_invoice(session, place.url, place.store_id)
    for _ in range(rounds):
        with _timed(samples):
            _make_invoice(session, place.url, place.store_id)
    return sorted(samples)[rounds // 2]


def _make_invoice(session: requests.Session, url: str, store_id: str) -> str:
    invoices = f"{url}/api/v1/stores/{store_id}/invoices"
    headers = {"Authorization": f"token {KEY}"}
    body = {"amount": "800", "currency": "JPY", "checkout": {"paymentMethods": ["BTC-LightningNetwork"]}}
    invoice_id = session.post(invoices, json=body, headers=headers).json()["id"]
    methods = session.get(f"{invoices}/{invoice_id}/payment-methods", headers=headers).json()
    return str(methods[0]["destination"])


def _starts(rounds: int, *, orders: int) -> Iterator[float]:
    """Start the till and wait for its word that the first frame is painted."""
    with TemporaryDirectory() as name, demo_server() as (url, told):
        folder = Path(name)
        config = _config(folder, url, told["store id"])
        if orders:
            _fill(folder / "journal.db", orders)
        for _ in range(rounds):
            begun = time.perf_counter()
            with _running("--config", str(config), "--window", "800x480"):
                took_ms = (time.perf_counter() - begun) * _MS
            yield took_ms


@contextmanager
def _running(*options: str) -> Iterator[subprocess.Popen[str]]:
    """Run a till in a process of its own, from its first frame on."""
    process = subprocess.Popen(
        [sys.executable, "run_kiosk.py", *options],
        cwd=assembly.ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"BENCH_KEY": KEY},
    )
    try:
        assert process.stderr is not None
        if not any("first frame" in line for line in process.stderr):
            raise RuntimeError("the till ended before its first frame")
        yield process
    finally:
        process.terminate()
        process.communicate()


def _processor_s(pid: int) -> float:
    """Read how long a process has computed, for itself and in the kernel (proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _config(folder: Path, url: str, store_id: str, *, kiosk: bool = False) -> Path:
    text = (assembly.ROOT / "kiosk.yaml").read_text(encoding="utf-8")
    block = f"server:\n  url: {url}\n  store_id: {store_id}\n  key_environment: BENCH_KEY\n"
    path = folder / "kiosk.yaml"
    text = text.replace("server: demo\n", block).replace("kiosk: false\n", f"kiosk: {str(kiosk).lower()}\n")
    path.write_text(text, encoding="utf-8")
    return path


def _fill(path: Path, orders: int) -> None:
    """Write finished orders as the till writes them, many in one transaction to be done this year."""
    journal = Journal(path)
    line = Line("beer", {"ja": "ビール", "en": "Beer"}, Money(800, "JPY"), 2)
    trail = Trail("HMprBnL9BTXWuPvpoKBS6e", 1_800_000_000)
    quote = Quote(trail, "lnbc1" + "q" * 390, "00" * 32, "02" * 33, 9_407_000, 0, 600, Money(17_000_000, "JPY"))
    ends = (Quoted(quote), Settled(trail, 9_407_000, 0), HandedOver())
    batch: list[Entry] = []
    for number in range(1, orders + 1):
        attempt = Attempt(Order("K1", number, (line,), line.amount, 1_790_000_000), 1, line.amount, "c0ffee")
        batch.append(Entry(attempt.id, Opened(attempt), final=False))
        batch += [Entry(attempt.id, event, final=isinstance(event, HandedOver)) for event in ends]
        if len(batch) >= 4000 or number == orders:
            journal.append(batch, 1_790_000_000_000)
            batch = []
    journal.close()
