"""What is written down of a failure: enough to mend it, nothing that opens a purse."""

import base64
import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from pos.report import KEPT, MOST_CHARS, Reports, scrub

ROOT = Path(__file__).resolve().parents[1]
KEY = "b5f2c0a91e4b7d836a1f09c5e7b3d2846c8e1f5a"
ODD_KEY = 'Zq/8+"w=é rest_of-it~'
PIN = "scrypt:16384:8:1:9f86d081884c7d65:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
AT_S = 1_795_351_623.0  # 2026-11-22T12:47:03Z
NAME = "crash-20261122T124703Z.txt"


@pytest.fixture
def reports(tmp_path: Path) -> Iterator[Reports]:
    made = Reports(tmp_path / "var" / "reports", lambda: AT_S)
    logging.getLogger().addHandler(made)
    yield made
    logging.getLogger().removeHandler(made)


def failure(text: str) -> Exception:
    """Raise and catch, so that there is a trace."""
    secret_in_a_variable = "hunter2-in-a-local"  # noqa: S105 it is none
    try:
        raise ValueError(text) from KeyError(secret_in_a_variable[:0] or "cause")
    except ValueError as exc:
        return exc


def written(reports: Reports, error: Exception) -> str:
    path = reports.write(error)
    assert path is not None
    return path.read_text(encoding="utf-8")


def test_a_report_tells_what_ran_what_failed_and_what_was_logged_before(reports: Reports) -> None:
    logging.getLogger("pos.engine").warning("order=K1-0042 waits")
    reports.facts["tk"] = "8.6.13"
    text = written(reports, failure("the drawer is stuck"))
    assert "2026-11-22T12:47:03+00:00" in text
    assert "tk: 8.6.13" in text
    assert "sqlite: 3." in text
    assert "ValueError: the drawer is stuck" in text
    assert "KeyError: 'cause'" in text
    assert "in failure" in text
    assert "order=K1-0042 waits" in text


def test_a_report_has_no_value_of_a_variable(reports: Reports) -> None:
    assert "hunter2-in-a-local" not in written(reports, failure("no"))


def forms(secret: str) -> list[str]:
    """Write a secret in every way that a library might, Base64 at each offset."""
    raw = secret.encode()
    inside = [b"", b"u", b":p", b"tok", b"token "]
    return [
        secret,
        secret.upper(),
        quote(secret),
        quote(secret, safe=""),
        "".join(f"%{byte:02X}" for byte in raw),
        json.dumps(secret),
        "".join(f"\\u{ord(character):04x}" for character in secret),
        raw.hex(),
        repr(secret),
        *(base64.b64encode(before + raw + after).decode() for before in inside for after in (b"", b"x", b"yz")),
        *(base64.urlsafe_b64encode(before + raw).decode() for before in inside),
    ]


@pytest.mark.parametrize("secret", [KEY, ODD_KEY, PIN])
def test_a_secret_is_found_in_whatever_form_it_was_written(secret: str) -> None:
    for form in forms(secret):
        clean = scrub(f"before {form} behind", [secret])
        assert "***" in clean, form
        # What is left of Base64 at its edges tells less than three bytes.
        rest = clean.replace("***", "").removeprefix("before").removesuffix("behind").strip(" \"'")
        assert len(rest) <= 16, (form, rest)
        assert clean.startswith("before ")
        assert clean.endswith(" behind")


def test_each_part_of_a_pin_is_a_secret() -> None:
    assert PIN.split(":")[5] not in scrub(f"hash {PIN.split(':')[5]} of the pin", [PIN])


def test_what_looks_like_a_secret_is_hidden_though_nobody_named_it() -> None:
    clean = scrub(f"Authorization: token {KEY[:30]}\nkey {KEY}\npin: {PIN}\n{{'Authorization': 'Bearer abc.def'}}", [])
    assert KEY[:30] not in clean
    assert "abc.def" not in clean
    assert "9f86d081884c7d65" not in clean


def test_what_may_be_a_preimage_is_cut_to_what_finds_a_payment() -> None:
    assert scrub(f"hash {'ab12' * 16}.", []) == "hash ab12ab...."


def test_what_helps_is_left_as_it_was() -> None:
    text = 'File "/opt/bar-kiosk/pos/engine.py", line 12\norder=K1-0042-1 invoice=9CiNzKoANXxmk5ayZngSXr amount=2300'
    assert scrub(text, [KEY]) == text


def test_a_secret_in_the_error_and_in_the_log_is_in_no_report(reports: Reports) -> None:
    reports.hide(KEY)
    logging.getLogger("urllib3").warning("GET /?key=%s", quote(KEY, safe=""))
    text = written(reports, failure(f"no answer to {base64.b64encode(b'user:' + KEY.encode()).decode()} {KEY}"))
    assert KEY not in text
    assert KEY[4:20] not in text
    assert base64.b64encode(KEY.encode()).decode()[8:40] not in text


def test_only_the_owner_reads_reports(reports: Reports) -> None:
    reports.folder.mkdir(parents=True, mode=0o755)
    path = reports.write(failure("x"))
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_failures_in_one_second_are_two_reports(reports: Reports) -> None:
    paths = [reports.write(failure(str(number))) for number in range(3)]
    assert [path.name for path in paths if path] == [NAME, NAME.replace("Z.", "Z-2."), NAME.replace("Z.", "Z-3.")]


def test_the_newest_reports_stay_and_others_in_the_folder_are_let_alone(tmp_path: Path) -> None:
    now_s = [AT_S]
    reports = Reports(tmp_path, lambda: now_s[0])
    (tmp_path / "notes.txt").write_text("mine")
    for _ in range(KEPT + 5):
        assert reports.write(failure("x"))
        now_s[0] += 60
    names = sorted(path.name for path in tmp_path.glob("crash-*.txt"))
    assert len(names) == KEPT
    assert names[0] == "crash-20261122T125203Z.txt"
    assert (tmp_path / "notes.txt").exists()


def test_a_report_stays_though_the_clock_was_ahead_when_the_others_were_written(tmp_path: Path) -> None:
    for number in range(KEPT + 1):
        (tmp_path / f"crash-2031010{number % 10}T0000{number:02d}Z.txt").write_text("from a wrong clock")
    path = Reports(tmp_path, lambda: AT_S).write(failure("x"))
    assert path is not None
    assert path.exists()
    assert len(list(tmp_path.glob("crash-*.txt"))) == KEPT


def test_a_report_is_no_larger_than_it_may_be(reports: Reports) -> None:
    text = written(reports, failure("あ" * MOST_CHARS))
    assert len(text) <= MOST_CHARS + 100
    assert "shortened" in text
    assert "the last lines of the log" in text


def test_a_line_that_cannot_be_formatted_harms_nobody(reports: Reports, capsys: pytest.CaptureFixture[str]) -> None:
    reports.handle(logging.LogRecord("pos.engine", logging.INFO, __file__, 1, "%d %d", ("one",), None))
    assert "Logging error" in capsys.readouterr().err
    assert reports.write(failure("x"))


def test_where_the_folder_is_a_file_there_is_no_report_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("not a folder")
    assert Reports(tmp_path / "reports").write(failure("x")) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_leaves_no_empty_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def full(path: object, flags: int, mode: int = 0o777) -> int:
        opened_there = opened(str(path), flags, mode)
        if not str(path).endswith(".txt"):
            return opened_there
        os.close(opened_there)
        return opened("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(os, "open", full)
    assert Reports(tmp_path / "reports").write(failure("x")) is None
    assert list((tmp_path / "reports").iterdir()) == []


@pytest.mark.logs_errors
def test_a_fault_inside_a_worker_is_reported_once_for_each_place(reports: Reports) -> None:
    for _ in range(3):
        logging.getLogger("pos.runtime").error("worker=front", exc_info=failure("again"))
    logging.getLogger("pos.counter").error("journal", exc_info=failure("told on the screen"))
    (path,) = reports.folder.glob("crash-*.txt")
    assert "ValueError: again" in path.read_text()


def test_a_process_that_dies_of_a_signal_leaves_where_it_was_for_the_next_to_find(tmp_path: Path) -> None:
    script = (
        "import faulthandler, sys; from pathlib import Path; from pos.report import Reports\n"
        f"reports = Reports(Path({str(tmp_path)!r})); found = reports.watch_for_hard_crashes()\n"
        "print(found.name if found else 'nothing', flush=True)\n"
        "if sys.argv[1:]: faulthandler._sigsegv()\n"
    )

    def run(*argv: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", script, *argv]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    died = run("die")
    assert died.returncode < 0
    assert died.stdout == "nothing\n"
    found = run().stdout.strip()
    assert found.endswith("-hard.txt")
    path = tmp_path / found
    assert "Segmentation fault" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run().stdout == "nothing\n"


def test_a_folder_that_takes_nothing_stops_no_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "reports").write_text("not a folder")
    assert Reports(tmp_path / "reports").watch_for_hard_crashes() is None
    assert "no report can be kept" in caplog.text
