"""Sounds through programs found on PATH, which here write down how they were called."""

import logging
import os
import subprocess
from pathlib import Path

import pytest

from pos import sound
from pos.sound import Player


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Collect the processes a player begins."""
    processes: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(sound.subprocess, "Popen", Kept)
    return processes


def install(path: Path, name: str, script: str = 'echo "$0 $@" >> "$0.log"') -> Path:
    program = path / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def finish(begun: list[subprocess.Popen[bytes]]) -> None:
    for process in begun:
        process.wait(10)


@pytest.mark.parametrize(("name", "options"), [("pw-play", ""), ("paplay", ""), ("aplay", "-q ")])
def test_sound_is_played_by_what_there_is(
    path: Path, begun: list[subprocess.Popen[bytes]], name: str, options: str
) -> None:
    program = install(path, name)
    Player(Path("/sounds"), enabled=True).play("paid")
    finish(begun)
    assert program.with_name(f"{name}.log").read_text() == f"{program} {options}/sounds/paid.wav\n"


def test_pipewire_comes_before_alsa(path: Path, begun: list[subprocess.Popen[bytes]]) -> None:
    install(path, "aplay")
    install(path, "pw-play")
    Player(Path("/sounds"), enabled=True).play("paid")
    finish(begun)
    assert (path / "pw-play.log").exists()
    assert not (path / "aplay.log").exists()


def test_machine_without_a_player_is_told_of_once_and_sells_on(
    path: Path, caplog: pytest.LogCaptureFixture, begun: list[subprocess.Popen[bytes]]
) -> None:
    player = Player(Path("/sounds"), enabled=True)
    player.play("paid")
    player.play("paid")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert begun == []


def test_player_that_is_switched_off_is_silent(
    path: Path, caplog: pytest.LogCaptureFixture, begun: list[subprocess.Popen[bytes]]
) -> None:
    install(path, "aplay")
    Player(Path("/sounds"), enabled=False).play("paid")
    assert (begun, caplog.records) == ([], [])


def test_player_that_cannot_be_started_is_worth_a_warning_and_no_more(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program = install(path, "aplay")
    player = Player(Path("/sounds"), enabled=True)
    program.unlink()
    player.play("paid")
    assert [record.getMessage().split()[0] for record in caplog.records] == ["sound=paid"]


def test_player_that_fails_is_not_worth_an_error(path: Path, begun: list[subprocess.Popen[bytes]]) -> None:
    install(path, "aplay", "exit 7")
    player = Player(Path("/sounds"), enabled=True)
    player.play("paid")
    finish(begun)
    player.play("paid")
    finish(begun)
    assert [process.returncode for process in begun] == [7, 7]


def test_sound_is_not_waited_for_and_leaves_no_zombie(path: Path, begun: list[subprocess.Popen[bytes]]) -> None:
    pipe = path / "pipe"
    os.mkfifo(pipe)
    install(path, "aplay", f'read line < "{pipe}"')
    player = Player(Path("/sounds"), enabled=True)
    player.play("paid")
    assert begun[0].poll() is None
    pipe.write_text("go\n")
    finish(begun)
    player.play("attention")
    pipe.write_text("go\n")
    finish(begun)
    assert len(begun) == 2
