"""A pairing is written completely or not at all."""

import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pos.config import BTCPayServer, KeyFromFile, Secret, load
from pos.core.route import Route
from pos.errors import ConfigError, PairingError
from pos.pairing import Settings, must_be_writable, write
from pos.words import Words

from .conftest import KEY, ROOT

TEMPLATE = ROOT / "kiosk.yaml"
URL = "https://pay.example"
SETTINGS = Settings(Route(URL), "Store1", Secret(KEY))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.yaml"


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_missing_file_is_made_from_the_shipped_one(path: Path, words: Mapping[str, Words]) -> None:
    written = write(path, TEMPLATE, SETTINGS, words)
    assert load(path, words) == written.config
    assert written.config.server == BTCPayServer(Route(URL), "Store1", KeyFromFile(path.parent / "btcpay.key"))
    assert written.backup is None
    assert written.key_file.read_text() == KEY + "\n"
    assert stat.S_IMODE(written.key_file.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(files(path.parent)) == {"kiosk.yaml", "btcpay.key"}


def test_an_empty_file_is_made_from_the_shipped_one(path: Path, words: Mapping[str, Words]) -> None:
    path.write_text("\n")
    write(path, TEMPLATE, SETTINGS, words)
    assert load(path, words).till == "K1"


def test_the_key_stands_in_its_own_file_only(path: Path, words: Mapping[str, Words]) -> None:
    written = write(path, TEMPLATE, SETTINGS, words)
    assert [name for name, content in files(path.parent).items() if KEY.encode() in content] == ["btcpay.key"]
    assert KEY not in repr((SETTINGS, written))


def test_a_file_that_is_there_is_edited_and_kept_as_it_was_beside_it(path: Path, words: Mapping[str, Words]) -> None:
    text = TEMPLATE.read_text(encoding="utf-8").replace("till: K1", "till: K7")
    path.write_text(text, encoding="utf-8")
    path.chmod(0o640)
    written = write(path, TEMPLATE, SETTINGS, words)
    assert written.config.till == "K7"
    assert written.backup == path.with_name("kiosk.yaml.before-pairing")
    assert written.backup.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_pairing_again_leaves_the_old_key_for_the_old_configuration(path: Path, words: Mapping[str, Words]) -> None:
    write(path, TEMPLATE, SETTINGS, words)
    second = write(path, TEMPLATE, Settings(Route(URL), "Store2", Secret(KEY[::-1])), words)
    assert second.key_file.name == "btcpay-2.key"
    assert second.backup is not None
    old = path.with_name("old.yaml")
    shutil.copy(second.backup, old)
    server = load(old, words).server
    assert isinstance(server, BTCPayServer)
    assert isinstance(server.key, KeyFromFile)
    assert server.key.path.read_text() == KEY + "\n"


def test_a_ca_file_comes_along_wherever_it_was(path: Path, tmp_path: Path, words: Mapping[str, Words]) -> None:
    stick = tmp_path / "usb stick"
    stick.mkdir()
    ca = stick / "our ca.pem"
    ca.write_text("-----BEGIN CERTIFICATE-----\n")
    route = Route(URL, ca_file=str(ca), fingerprint="ab" * 32)
    server = write(path, TEMPLATE, Settings(route, "Store1", Secret(KEY)), words).config.server
    assert isinstance(server, BTCPayServer)
    assert server.route == replace(route, ca_file=str(path.parent / "btcpay-ca.pem"))


def test_an_onion_address_is_written_with_its_proxy(path: Path, words: Mapping[str, Words]) -> None:
    route = Route("http://pay.onion", proxy="socks5h://127.0.0.1:9050")
    server = write(path, TEMPLATE, Settings(route, "Store1", Secret(KEY)), words).config.server
    assert isinstance(server, BTCPayServer)
    assert server.route == route
    assert "socks_proxy: 127.0.0.1:9050" in path.read_text(encoding="utf-8")


def test_a_link_to_the_configuration_stays_a_link(path: Path, tmp_path: Path, words: Mapping[str, Words]) -> None:
    real = tmp_path / "etc" / "kiosk.yaml"
    real.parent.mkdir()
    shutil.copy(TEMPLATE, real)
    path.symlink_to(real)
    write(path, TEMPLATE, SETTINGS, words)
    assert path.is_symlink()
    assert isinstance(load(real, words).server, BTCPayServer)


# --- what stops it leaves everything as it was -----------------------------------------------------------------------


def refused(path: Path, words: Mapping[str, Words], template: Path = TEMPLATE) -> str:
    before = files(path.parent)
    with pytest.raises(PairingError) as caught:
        write(path, template, SETTINGS, words)
    assert files(path.parent) == before
    return caught.value.reason


def test_a_mistake_elsewhere_in_the_file_is_told_by_its_own_name_and_nothing_is_changed(
    path: Path, words: Mapping[str, Words]
) -> None:
    path.write_text(TEMPLATE.read_text(encoding="utf-8") + "\ncolour: blue\n", encoding="utf-8")
    before = files(path.parent)
    with pytest.raises(ConfigError) as caught:
        write(path, TEMPLATE, SETTINGS, words)
    assert [complaint.file for complaint in caught.value.complaints] == [str(path)]
    assert files(path.parent) == before


def test_a_file_without_a_server_line_is_not_guessed_at(path: Path, words: Mapping[str, Words]) -> None:
    path.write_text("till: K1\n")
    assert refused(path, words) == "no_server_line"


def test_a_server_line_inside_a_text_is_not_taken_for_the_block(path: Path, words: Mapping[str, Words]) -> None:
    # The line that is found belongs to a name over several lines, the real one is quoted.
    text = TEMPLATE.read_text(encoding="utf-8").replace("server: demo\n", '"server": demo\n', 1)
    path.write_text(text.replace("shop: GAME BAR\n", 'shop: "GAME\nserver: x\n  BAR"\n'), encoding="utf-8")
    before = files(path.parent)
    with pytest.raises((PairingError, ConfigError)):
        write(path, TEMPLATE, SETTINGS, words)
    assert files(path.parent) == before


def test_a_file_in_another_encoding_is_not_touched(path: Path, words: Mapping[str, Words]) -> None:
    path.write_bytes("shop: ゲームバー\nserver: demo\n".encode("shift_jis"))
    assert refused(path, words) == "not_utf8"


def test_without_the_shipped_file_nothing_is_made_up(path: Path, words: Mapping[str, Words]) -> None:
    assert refused(path, words, path.with_name("nowhere.yaml")) == "no_template"


def test_a_folder_that_cannot_be_written_is_told(words: Mapping[str, Words]) -> None:
    with pytest.raises(PairingError) as caught:
        write(Path("/proc/kiosk.yaml"), TEMPLATE, SETTINGS, words)
    assert (caught.value.reason, caught.value.values["folder"]) == ("not_writable", "/proc")


def test_whether_a_folder_can_be_written_is_seen_without_leaving_anything_in_it(path: Path, tmp_path: Path) -> None:
    must_be_writable(path)
    assert files(path.parent) == {}
    with pytest.raises(PairingError) as caught:
        must_be_writable(Path("/proc/kiosk.yaml"))
    assert caught.value.reason == "not_writable"
    assert caught.value.values["owner"] == Path("/proc").owner()
    with pytest.raises(PairingError) as caught:
        must_be_writable(tmp_path / "none" / "kiosk.yaml")
    assert (caught.value.reason, caught.value.values) == ("no_folder", {"folder": str(tmp_path / "none")})


def test_a_ca_file_that_is_not_there_is_told_and_the_key_is_taken_away_again(
    path: Path, words: Mapping[str, Words]
) -> None:
    with pytest.raises(PairingError) as caught:
        write(path, TEMPLATE, Settings(Route(URL, ca_file="/nowhere.pem"), "Store1", Secret(KEY)), words)
    assert (caught.value.reason, caught.value.values) == ("ca_no_file", {"file": "/nowhere.pem"})
    assert files(path.parent) == {}


class _Impatient(dict[str, Words]):
    """Words that are interrupted as soon as the new file is read back."""

    def __getitem__(self, language: str) -> Words:
        raise KeyboardInterrupt


def test_ctrl_c_in_the_middle_of_writing_leaves_everything_as_it_was(path: Path) -> None:
    shutil.copy(TEMPLATE, path)
    before = files(path.parent)
    with pytest.raises(KeyboardInterrupt):
        write(path, TEMPLATE, SETTINGS, _Impatient())
    assert files(path.parent) == before


def test_the_key_is_private_from_its_first_byte(path: Path, words: Mapping[str, Words]) -> None:
    before = os.umask(0)
    try:
        written = write(path, TEMPLATE, SETTINGS, words)
    finally:
        os.umask(before)
    assert stat.S_IMODE(written.key_file.stat().st_mode) == 0o600
