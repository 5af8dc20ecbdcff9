"""The PIN's line in kiosk.yaml, and the command that makes it."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import pin
from pos.commands.pin import main
from pos.config.kiosk_file import load
from pos.exit_code import Exit
from tests.samples import WORDS

ROOT = Path(__file__).resolve().parents[1]
SALT = bytes(range(16))
LINE = pin.line("2580", SALT)


def test_the_right_pin_matches_its_line_and_no_other_does() -> None:
    assert pin.matches("2580", LINE)
    assert not any(pin.matches(other, LINE) for other in ("2581", "25800", "0258", "", "2580 "))


def test_the_line_shows_neither_the_digits_nor_what_another_till_has_for_the_same_pin() -> None:
    assert "2580" not in LINE.rpartition(":")[2]
    assert pin.line("2580", SALT[::-1]) != LINE


def test_one_try_is_slow_for_a_thief_and_quick_for_a_person() -> None:
    begun_s = time.process_time()
    pin.matches("0000", LINE)
    assert time.process_time() - begun_s > 0.005, "a line that can be tried a thousand times in a blink"


def test_the_costliest_line_that_kiosk_yaml_takes_can_be_checked() -> None:
    salt, cost = bytes(32), (65536, 8, 4)
    digest = hashlib.scrypt(b"2580", salt=salt, n=cost[0], r=cost[1], p=cost[2], maxmem=2**28, dklen=32)
    assert pin.matches("2580", f"scrypt:65536:8:4:{salt.hex()}:{digest.hex()}")


@given(st.text(max_size=14))
def test_a_pin_is_four_to_twelve_plain_digits(text: str) -> None:
    plain = 4 <= len(text) <= 12 and set(text) <= set("0123456789")
    assert pin.is_pin(text) is plain


def answers(*typed: str) -> tuple[Callable[[str], str], list[str]]:
    """Be somebody who types this; gives what was asked as well."""
    asked: list[str] = []
    left = list(typed)

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return left.pop(0)

    return ask, asked


def test_the_command_asks_twice_and_prints_a_line_that_kiosk_yaml_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask, asked = answers("483920", "483920")
    assert main([], ask) == 0
    out, err = capsys.readouterr()
    assert asked == [WORDS["ja"]("pin.first"), WORDS["ja"]("pin.second")]
    assert err.strip() == WORDS["ja"]("pin.where_to")
    assert "483920" not in out + err
    path = tmp_path / "kiosk.yaml"
    path.write_text((ROOT / "kiosk.yaml").read_text(encoding="utf-8") + "\n" + out, encoding="utf-8")
    config = load(path, WORDS)
    assert config.pin is not None
    assert pin.matches("483920", config.pin)


@pytest.mark.parametrize(
    ("typed", "told"),
    [(("123",), "pin.not_a_pin"), (("12345678901234",), "pin.not_a_pin"), (("1234", "1243"), "pin.not_the_same")],
)
def test_what_is_no_pin_or_not_the_same_twice_makes_no_line(
    typed: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], answers(*typed)[0]) == 1
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", WORDS["ja"](told, least=4, most=12))


@pytest.mark.parametrize("given", [KeyboardInterrupt, EOFError])
def test_who_stops_it_reads_one_sentence(given: type[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_: str) -> str:
        raise given

    assert main([], ask) == Exit.STOPPED
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", WORDS["ja"]("pin.stopped"))


@pytest.mark.parametrize(("piped", "code"), [("", 130), ("483920\n", 130), ("483920\n" * 2, 0)])
def test_without_a_terminal_it_reads_what_it_is_given_and_warns_of_nothing(piped: str, code: int) -> None:
    command = [sys.executable, "-W", "default", "run_kiosk.py", "pin"]
    run = subprocess.run(command, cwd=ROOT, input=piped, capture_output=True, text=True, check=False)
    assert run.returncode == code
    assert not any(word in run.stderr for word in ("Warning", "Traceback"))
    assert run.stdout[:12] == ("pin: scrypt:" if code == Exit.DONE else "")


def test_the_command_speaks_the_terminals_language_while_kiosk_yaml_is_not_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    ask, asked = answers("12")
    assert main(["--config", str(tmp_path / "none.yaml")], ask) == 1
    assert asked == [WORDS["en"]("pin.first")]
    assert capsys.readouterr().err.strip() == WORDS["en"]("pin.not_a_pin", least=4, most=12)
