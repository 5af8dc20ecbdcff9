"""`run_kiosk.py pair`: whole conversations with a real server, and one on a real terminal."""

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pos import app
from pos.assembly import ASSETS
from pos.check.tour import Here, Tour
from pos.commands import pair
from pos.config import BTCPayServer, KeyFromFile, load
from pos.demo.access import CREATE, LEAST, MODIFY_STORE, VIEW, VIEW_STORE, Access
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.words import Words, load_all
from tests.certificates import Certificates

ROOT = Path(__file__).resolve().parents[2]
KEY = "4b1d5a0c3f2e49870f6be15c2d8a7391e04c6f5d"
WORDS = load_all(ASSETS / "words")
CTRL_C = object()


@dataclass(slots=True)
class Owner:
    """Whoever sits at the terminal: answers in order, and all that was said."""

    folder: Path
    scratch: Path
    answers: list[Any] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    words: Words = WORDS["en"]

    @property
    def config(self) -> Path:
        """The configuration that is paired."""
        return self.folder / "kiosk.yaml"

    @property
    def said(self) -> str:
        """All that was said."""
        return "\n".join(self.heard)

    @property
    def server(self) -> BTCPayServer:
        """What the written configuration says of the server."""
        server = load(self.config, WORDS).server
        assert isinstance(server, BTCPayServer)
        return server

    def answer(self, question: str) -> str:
        """Give the next answer."""
        self.heard.append(question)
        answer = self.answers.pop(0)
        if answer is CTRL_C:
            raise KeyboardInterrupt
        return str(answer)

    def pair(self, *answers: Any) -> int:
        """Hold the conversation; afterwards the key is in its own file only."""
        self.answers = list(answers)
        terminal = pair.Terminal(self.heard.append, self.answer, self.answer, colored=True)
        tour = Tour(Here(lambda _: None, lambda: (800, 480), ASSETS / "sounds", lambda: int(time.time())))
        place = pair.Place(self.config, ROOT / "kiosk.yaml", self.scratch)
        before = load(self.config, WORDS) if self.config.exists() else None
        try:
            return pair.Conversation(terminal, self.words, tour).hold(place, WORDS, before)
        finally:
            assert KEY not in self.said
            holders = [path.name for path in self.folder.iterdir() if KEY.encode() in path.read_bytes()]
            assert [name for name in holders if not name.endswith(".key")] == []


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    folder, scratch = tmp_path / "shop", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    return Owner(folder, scratch)


@pytest.fixture
def serve() -> Iterator[Callable[..., DemoServer]]:
    """Return a function that starts a demo server which takes KEY."""
    with ExitStack() as cleanup:
        yield lambda **options: cleanup.enter_context(DemoServer(**{"key": KEY, "permissions": LEAST} | dict(options)))


Serve = Callable[..., DemoServer]


def test_from_nothing_to_a_till_that_works(owner: Owner, serve: Serve) -> None:
    server = serve()
    assert owner.pair(server.url, KEY) == 0
    assert (owner.server.route.url, owner.server.store_id) == (server.url, server.store_id)
    assert owner.server.key == KeyFromFile(owner.folder / "btcpay.key")
    assert f"{server.url}/api-keys/authorize?" in owner.said
    assert "▀" in owner.said
    assert "✓ OK  API key" in owner.said
    assert f"Next: python3 run_kiosk.py check --invoice --config {owner.config} (" in owner.said


def test_btcpays_own_qr_is_taken_and_another_host_in_it_is_mentioned(owner: Owner, serve: Serve) -> None:
    server = serve()
    assert owner.pair(server.url, f'{{"apiKey":"{KEY}","host":"https://pay.example"}}') == 0
    assert "https://pay.example" in owner.said
    assert owner.server.route.url == server.url


def test_rubbish_is_asked_again(owner: Owner, serve: Serve) -> None:
    server = serve()
    assert owner.pair("http://pay.example", "ftp://x", server.url, "hello", "", KEY[::-1], KEY) == 0
    assert "http:// is not encrypted" in owner.said
    assert "This is no API key." in owner.said
    assert "BTCPay does not know this API key. Make a new one." in owner.said
    assert "tell the owner" not in owner.said


def test_an_address_without_its_scheme_is_told_of_http_where_the_server_speaks_no_https(
    owner: Owner, serve: Serve
) -> None:
    server = serve()
    assert owner.pair(server.url.removeprefix("http://"), server.url, KEY) == 0
    assert f"If it stands in your own network, write {server.url}" in owner.heard[2]
    assert "certificate" not in owner.heard[2]


def test_a_server_that_is_away_leads_back_to_the_address(owner: Owner, serve: Serve) -> None:
    server, away = serve(), serve()
    away.down()
    assert owner.pair(away.url, KEY, server.url, KEY) == 0
    assert owner.server.route.url == server.url


def test_a_key_that_could_move_money_is_not_used(owner: Owner, serve: Serve) -> None:
    strong, right = serve(permissions={*LEAST, MODIFY_STORE}), serve()
    with pytest.raises(KeyboardInterrupt):
        owner.pair(strong.url, KEY, CTRL_C)
    assert MODIFY_STORE in owner.said
    assert list(owner.folder.iterdir()) == []
    assert owner.pair(right.url, KEY) == 0


def test_a_key_that_lacks_a_right_is_not_used(owner: Owner, serve: Serve) -> None:
    with pytest.raises(KeyboardInterrupt):
        owner.pair(serve(permissions={VIEW}).url, KEY, CTRL_C)
    assert "lacks rights for the store" in owner.said
    assert CREATE in owner.said


def test_what_the_owner_allowed_before_is_allowed_again(owner: Owner, serve: Serve) -> None:
    server = serve(permissions={*LEAST, MODIFY_STORE})
    owner.config.write_text(
        (ROOT / "kiosk.yaml").read_text(encoding="utf-8").replace(
            "server: demo\n",
            f"server:\n  url: {server.url}\n  store_id: Old\n  key_environment: KEY\n"
            f"  allow_rights: [{MODIFY_STORE}]\n",
        ),
        encoding="utf-8",
    )
    assert owner.pair("", KEY) == 0
    assert owner.server.store_id == server.store_id
    assert owner.server.allowed_rights == {MODIFY_STORE}


def test_of_several_stores_the_owner_chooses(owner: Owner, serve: Serve) -> None:
    server = serve(permissions={*LEAST, VIEW_STORE, f"{CREATE}:Zzz", f"{VIEW}:Zzz"})
    assert owner.pair(server.url, KEY, "0", "three", "1") == 0
    assert "1) Demo Bar" in owner.said
    assert owner.server.store_id == server.store_id


def test_a_store_the_key_does_not_tell_is_asked_for(owner: Owner, serve: Serve) -> None:
    server = serve(key=Access(KEY, LEAST, scoped=False))
    assert owner.pair(server.url, KEY, server.store_id) == 0
    assert owner.server.store_id == server.store_id


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_what_fails_is_written_only_if_the_owner_says_so(owner: Owner, serve: Serve, answer: str, code: int) -> None:
    server = serve()
    server.suffer(Misfortune(kind="syncing", on="info", times=None))
    assert owner.pair(server.url, KEY, answer) == code
    assert owner.config.exists() is (code == 0)


def test_a_certificate_of_the_owners_own_ca_is_trusted_by_its_file(
    owner: Owner, serve: Serve, certificates: Certificates
) -> None:
    server = serve(tls=certificates.right)
    assert owner.pair(server.url, "1", str(certificates.ca), KEY) == 0
    assert owner.server.route.ca_file == str(owner.folder / "btcpay-ca.pem")
    assert owner.server.route.fingerprint is None


def test_a_certificate_that_vouches_for_itself_is_trusted_by_its_fingerprint(
    owner: Owner, serve: Serve, certificates: Certificates
) -> None:
    server = serve(tls=certificates.alone)
    assert owner.pair(server.url, "2", KEY) == 0
    assert owner.server.route.fingerprint is not None
    assert re.sub("(..)(?=.)", r"\1:", owner.server.route.fingerprint).upper() in owner.said
    assert owner.server.route.ca_file == str(owner.folder / "btcpay-ca.pem")


def test_a_certificate_nobody_vouches_for_never_sees_the_key(
    owner: Owner, serve: Serve, certificates: Certificates
) -> None:
    server, other = serve(tls=certificates.right), serve()
    # The file of no CA, a certificate that cannot vouch for itself, none at all, and then another address.
    answers = (server.url, "1", "/nowhere.pem", "", server.url, "2", server.url, "")
    assert owner.pair(*answers, other.url, KEY) == 0
    assert "still not trusted" in owner.said
    assert server.log == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_ca_file_that_is_none_is_named_and_the_server_is_not_called_away(
    owner: Owner, serve: Serve, certificates: Certificates, language: str
) -> None:
    words = owner.words = WORDS[language]
    server, key = serve(tls=certificates.right), certificates.right[1]
    assert owner.pair(server.url, "1", "/nowhere/ca.pem", key, certificates.ca, KEY) == 0
    assert words("pair.wrong.ca_no_file", file="/nowhere/ca.pem") in owner.heard
    assert words("pair.wrong.ca_no_certificate", file=key) in owner.heard
    assert words("problem.unreachable") not in owner.said


def test_a_ca_file_in_the_home_folder_is_found(
    owner: Owner, serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(certificates.ca.parent))
    assert owner.pair(serve(tls=certificates.right).url, "1", "~/ca.pem", KEY) == 0
    assert owner.server.route.ca_file == str(owner.folder / "btcpay-ca.pem")


def test_an_onion_address_is_reached_through_tor(owner: Owner, serve: Serve) -> None:
    answers = ("pay.onion", "8.8.8.8:9050", "pay.onion", "", KEY, serve().url, KEY)
    assert owner.pair(*answers) == 0
    assert "[127.0.0.1:9050]" in owner.said
    assert "BTCPay cannot be reached" in owner.said


def test_a_configuration_with_mistakes_is_left_to_its_owner(owner: Owner, serve: Serve) -> None:
    server = serve()
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8") + "\ncolour: blue\n"
    owner.config.write_text(text, encoding="utf-8")
    owner.answers = [server.url, KEY]
    terminal = pair.Terminal(owner.heard.append, owner.answer, owner.answer, colored=False)
    tour = Tour(Here(lambda _: None, lambda: (800, 480), ASSETS / "sounds", lambda: int(time.time())))
    place = pair.Place(owner.config, ROOT / "kiosk.yaml", owner.scratch)
    assert pair.Conversation(terminal, WORDS["en"], tour).hold(place, WORDS, None) == 2
    assert "colour" in owner.said
    assert owner.config.read_text(encoding="utf-8") == text


def test_mistakes_that_pairing_cannot_mend_are_told_before_the_first_question(
    owner: Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    owner.config.write_text((ROOT / "kiosk.yaml").read_text(encoding="utf-8") + "\ncolour: blue\n", encoding="utf-8")
    assert app.main(["pair", "--config", str(owner.config)]) == 2
    assert "colour" in capsys.readouterr().err


def test_a_half_written_server_block_is_mended(
    owner: Owner, serve: Serve, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8")
    owner.config.write_text(text.replace("server: demo\n", "server:\n  url: https://\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{server.url}\n{KEY}\n"))
    assert pair.main(["--config", str(owner.config)]) == 0
    assert owner.server.route.url == server.url
    assert KEY not in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_asked(owner: Owner) -> None:
    terminal = pair.Terminal(owner.heard.append, owner.answer, owner.answer, colored=False)
    tour = Tour(Here(lambda _: None, lambda: (800, 480), ASSETS / "sounds", lambda: int(time.time())))
    place = pair.Place(Path("/proc/kiosk.yaml"), ROOT / "kiosk.yaml", owner.scratch)
    assert pair.Conversation(terminal, WORDS["en"], tour).hold(place, WORDS, None) == 2
    (said,) = owner.heard
    assert said.startswith("Nothing can be written in /proc (")
    assert f"The folder belongs to {Path('/proc').owner()}." in said


@pytest.mark.parametrize("questions", range(3))
def test_ctrl_c_at_any_question_leaves_everything_as_it_was(owner: Owner, serve: Serve, questions: int) -> None:
    server = serve(permissions={*LEAST, f"{CREATE}:Zzz", f"{VIEW}:Zzz"})
    answers = [server.url, KEY, "1"][:questions]
    with pytest.raises(KeyboardInterrupt):
        owner.pair(*answers, CTRL_C)
    assert list(owner.folder.iterdir()) == []


# --- a real terminal -------------------------------------------------------------------------------------------------


def _as_from_a_shell() -> None:
    """Heed Ctrl-C: whatever runs these tests in the background has it ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def on_a_terminal(arguments: list[str], answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run the command on a pseudo-terminal, type each answer once its question stands there; (code, all of it)."""
    mine, its = pty.openpty()
    environment = os.environ | {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1"}
    # setsid makes it the terminal that Ctrl-C is pressed on.
    command = ["setsid", "--ctty", sys.executable, "run_kiosk.py", "pair", *arguments]
    till = subprocess.Popen(
        command, cwd=ROOT, stdin=its, stdout=its, stderr=its, env=environment, preexec_fn=_as_from_a_shell
    )
    os.close(its)
    seen, asked, typed = "", 0, ""
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        if not select.select([mine], [], [], 1)[0]:
            if typed == "\x03":
                # Ctrl-C between the question and the reading is noticed with the next key only: it is pressed again.
                os.write(mine, typed.encode())
            continue
        try:
            more = os.read(mine, 65536)
        except OSError:  # the other end was closed
            break
        seen += more.decode(errors="replace")
        if answers and answers[0][0] in seen[asked:]:
            asked = len(seen)
            typed = answers.pop(0)[1]
            os.write(mine, typed.encode())
    code = till.wait(timeout=20)
    os.close(mine)  # not before: that would hang up on it
    return code, seen


def test_the_key_is_not_shown_on_a_real_terminal(tmp_path: Path, serve: Serve) -> None:
    server = serve()
    config = tmp_path / "kiosk.yaml"
    answers = [("Address of the server", server.url + "\n"), ("it is not shown", KEY + "\n")]
    code, seen = on_a_terminal(["--config", str(config)], answers)
    assert code == 0, seen
    assert KEY not in seen
    assert "\x1b[48;5;231m" in seen  # the QR is black on white
    assert isinstance(load(config, WORDS).server, BTCPayServer)


def test_ctrl_c_on_a_real_terminal_says_that_nothing_was_changed(tmp_path: Path) -> None:
    code, seen = on_a_terminal(["--config", str(tmp_path / "kiosk.yaml")], [("Address of the server", "\x03")])
    assert code == 130
    assert "Nothing was changed." in seen
    assert "Traceback" not in seen
    assert list(tmp_path.iterdir()) == []
