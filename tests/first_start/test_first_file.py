"""The first kiosk.yaml: complete, with its comments, private, or not there at all."""

import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pos import config as configs
from pos.config import BTCPayServer, DemoServer, KeyFromFile, Secret
from pos.first_start.first_file import Place, connect, practise
from pos.first_start.pages import Connect, NotSaved, Practise, Saved
from pos.words import Words

from .conftest import KEY, ROOT

STORE = "9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776"
WISH = Connect(1, "en", "https://btcpay.example.com", Secret(KEY), STORE)


def test_practice_is_the_shipped_file_in_the_chosen_language(place: Place, words: Mapping[str, Words]) -> None:
    assert practise(Practise(1, "en"), place, words) == Saved()
    config = configs.load(place.path, words)
    assert (config.language, config.kiosk, config.server) == ("en", True, DemoServer())
    ours, shipped = place.path.read_text().splitlines(), (ROOT / "kiosk.yaml").read_text().splitlines()
    assert len([line for line, other in zip(ours, shipped, strict=True) if line != other]) == 2
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600
    assert [path.name for path in place.path.parent.iterdir()] == ["kiosk.yaml"]


def test_whoever_practises_does_so_without_the_server_that_the_shipped_file_was_paired_with(
    place: Place, words: Mapping[str, Words], tmp_path: Path
) -> None:
    paired = replace(place, template=tmp_path / "paired.yaml")
    paired.template.write_text((ROOT / "kiosk.yaml").read_text().replace("  # network: mainnet", "  network: mainnet"))
    real = f"server:\n  url: https://btcpay.example.com\n  store_id: {STORE}\n  key_environment: THE_KEY\n"
    paired.template.write_text(paired.template.read_text().replace("server: demo\n", real))
    assert practise(Practise(1, "en"), paired, words) == Saved()
    config = configs.load(place.path, words)
    assert (config.server, config.lightning.network) == (DemoServer(), "regtest")


def test_in_a_window_the_till_stays_in_a_window(place: Place, words: Mapping[str, Words]) -> None:
    assert practise(Practise(1, "ja"), replace(place, full_screen=False), words) == Saved()
    assert not configs.load(place.path, words).kiosk


def test_a_real_server_is_written_with_the_key_in_a_file_of_its_own(place: Place, words: Mapping[str, Words]) -> None:
    assert connect(WISH, place, words) == Saved()
    config = configs.load(place.path, words)
    assert isinstance(config.server, BTCPayServer)
    assert (config.language, config.kiosk, config.server.store_id) == ("en", True, STORE)
    assert isinstance(config.server.key, KeyFromFile)
    assert config.server.key.path.read_text() == KEY + "\n"
    assert stat.S_IMODE(config.server.key.path.stat().st_mode) == 0o600
    assert KEY not in place.path.read_text()
    assert "# " in place.path.read_text()


def test_of_a_file_that_is_there_only_the_server_is_changed(place: Place, words: Mapping[str, Words]) -> None:
    place.path.parent.mkdir()
    place.path.write_text((ROOT / "kiosk.yaml").read_text().replace("shop: GAME BAR", "shop: MY BAR"))
    assert connect(WISH, place, words) == Saved()
    config = configs.load(place.path, words)
    assert (config.shop, config.language, config.kiosk) == ("MY BAR", "ja", False)


@pytest.mark.parametrize("missing", ["the shipped file", "the folder's rights"])
def test_what_cannot_be_written_leaves_nothing(
    place: Place, words: Mapping[str, Words], tmp_path: Path, missing: str
) -> None:
    if missing == "the shipped file":
        place = replace(place, template=tmp_path / "nowhere.yaml")
    else:
        (tmp_path / "etc").write_text("a file where the folder should be")
    for answer in (practise(Practise(1, "en"), place, words), connect(WISH, place, words)):
        assert isinstance(answer, NotSaved)
        assert answer.wrong
    assert not place.path.exists()
    assert list(tmp_path.rglob("*.key")) == []


def test_a_shipped_file_with_a_mistake_is_not_taken_over(
    place: Place, words: Mapping[str, Words], tmp_path: Path
) -> None:
    broken = tmp_path / "shipped.yaml"
    broken.write_text((ROOT / "kiosk.yaml").read_text() + "\ncolour: blue\n")
    place = replace(place, template=broken)
    for answer in (practise(Practise(1, "en"), place, words), connect(WISH, place, words)):
        assert isinstance(answer, NotSaved)
        assert "colour" in answer.wrong
    assert list(place.path.parent.iterdir()) == []
