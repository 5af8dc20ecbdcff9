"""The till as an appliance: what script/install lays down, and that systemd accepts it.

Rule: everything happens in a folder that stands for a machine's file system. What needs a running systemd, a console or
a Raspberry Pi was tried by hand and is told in docs/pi.md.
"""

import hashlib
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos import config as configs
from pos import words as wordbook

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("assets", "deploy", "docs", "pos", "script")
FILES = ("run_kiosk.py", "kiosk.yaml", "setup.cfg", "pyproject.toml", "LICENSE", "README.md", "README.ja.md")
JOURNAL = "var/lib/bar-kiosk/journal.db"
CONFIG = "etc/bar-kiosk/kiosk.yaml"
MOST_EXPOSED = 20
"""What `systemd-analyze security` may say of the till at worst, in tenths; 100 is a service without any protection."""

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not installed: apt-get install systemd"
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A checkout, and an empty file system to install it into."""

    checkout: Path
    root: Path

    def run(self, script: str, *options: str, answer: str = "") -> str:
        """Run a script on the file system and give what it said."""
        command = [self.checkout / "script" / script, "--root", self.root, *options]
        done = subprocess.run(command, input=answer, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 2), done.stderr
        return done.stderr

    def configure(self, text: str = "till: OURS\njournal: /var/lib/bar-kiosk/journal.db\n") -> None:
        """Be the owner who has set the till up, and has sold something."""
        (self.root / CONFIG).write_text(text, encoding="utf-8")
        (self.root / JOURNAL).write_bytes(b"every payment")

    def install(self, *options: str) -> str:
        """Install without any packages."""
        return self.run("install", "--no-packages", *options)

    def tree(self) -> Mapping[str, str]:
        """Tell everything that lies there, with its owner, mode, and content."""
        return {str(path.relative_to(self.root)): _seen(path) for path in sorted(self.root.rglob("*"))}


def _seen(path: Path) -> str:
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and os.access(path, os.R_OK) else ""
    return f"{status.st_uid}:{status.st_gid} {status.st_mode:o} {status.st_mtime_ns} {content}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout, root = tmp_path / "checkout", tmp_path / "root"
    root.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, checkout / part, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in FILES:
        shutil.copy(ROOT / name, checkout / name)
    return Machine(checkout, root)


def steps(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("  ")]


# Installing


def test_installing_again_changes_nothing_and_says_so(machine: Machine) -> None:
    machine.install()
    before = machine.tree()
    assert "opt/bar-kiosk/run_kiosk.py" in before
    said = machine.install()
    assert machine.tree() == before
    assert steps(said) == []
    assert "nothing was done" in said


def test_dry_run_says_every_step_and_changes_nothing(machine: Machine) -> None:
    planned = machine.install("--dry-run")
    assert machine.tree() == {}
    assert steps(planned) == steps(machine.install())


def test_installed_till_asks_for_its_configuration_on_the_screen(machine: Machine) -> None:
    machine.install()
    assert not (machine.root / CONFIG).exists()


def test_what_it_makes_one_from_is_full_screen_and_keeps_the_journal_where_it_may_write(machine: Machine) -> None:
    machine.install()
    words = {language: wordbook.load(language, ROOT / "assets" / "words") for language in wordbook.LANGUAGES}
    config = configs.load(machine.root / "opt/bar-kiosk/kiosk.yaml", words)
    assert config.journal == Path("/", JOURNAL)
    assert config.kiosk


def test_nobody_else_reads_the_configuration_or_the_journal_or_writes_the_program(machine: Machine) -> None:
    machine.install()
    for private in ("etc/bar-kiosk", "var/lib/bar-kiosk"):
        assert (machine.root / private).stat().st_mode & 0o077 == 0, private
    program = [path for path in (machine.root / "opt").rglob("*") if not path.is_symlink()]
    assert program
    assert [path for path in program if path.stat().st_mode & 0o022] == []


def test_new_program_keeps_the_owners_configuration_and_lays_the_new_one_beside_it(machine: Machine) -> None:
    machine.install()
    machine.configure()
    assert "nothing was done" in machine.install()
    shipped = machine.checkout / "kiosk.yaml"
    shipped.write_text(shipped.read_text(encoding="utf-8") + "# a new setting\n", encoding="utf-8")
    machine.install()
    assert (machine.root / CONFIG).read_text(encoding="utf-8").startswith("till: OURS")
    assert (machine.root / JOURNAL).read_bytes() == b"every payment"
    assert "# a new setting" in (machine.root / "opt/bar-kiosk/kiosk.yaml").read_text(encoding="utf-8")
    beside = (machine.root / f"{CONFIG}.new").read_text(encoding="utf-8")
    assert "# a new setting" in beside
    assert "journal: /var/lib/bar-kiosk/journal.db" in beside
    assert "nothing was done" in machine.install()


def test_as_many_changes_are_told_as_were_made(machine: Machine) -> None:
    said = machine.install()
    assert f"Changes: {len(steps(said))}." in said
    machine.configure()
    shipped = machine.checkout / "kiosk.yaml"
    shipped.write_text(shipped.read_text(encoding="utf-8") + "# a new setting\n", encoding="utf-8")
    said = machine.install()
    assert [step.split()[-1] for step in steps(said)] == ["/etc/bar-kiosk/kiosk.yaml.new", "/opt/bar-kiosk"]
    assert "Changes: 2." in said


def test_what_is_laid_beside_the_configuration_is_told_and_laid_there_once(machine: Machine) -> None:
    machine.install()
    machine.configure()
    (machine.root / "opt/bar-kiosk/kiosk.yaml").write_text("shop: edited in the wrong place\n", encoding="utf-8")
    assert "Changes: 1." in machine.install()
    assert "nothing was done" in machine.install()


def test_what_a_new_program_no_longer_has_is_gone(machine: Machine) -> None:
    machine.install()
    (machine.checkout / "pos" / "sound.py").unlink()
    machine.install()
    assert not (machine.root / "opt/bar-kiosk/pos/sound.py").exists()


def test_install_that_was_cut_off_is_made_whole(machine: Machine) -> None:
    machine.install()
    whole = set(machine.tree())
    app = machine.root / "opt/bar-kiosk"
    app.rename(app.with_name("bar-kiosk.old"))
    (app.with_name("bar-kiosk.new") / "pos").mkdir(parents=True)
    machine.install()
    assert set(machine.tree()) == whole


def test_journal_outside_the_state_folder_is_pointed_out(machine: Machine) -> None:
    machine.install()
    machine.configure("till: K1\njournal: var/journal.db\n")
    assert "ATTENTION" in machine.install()


# Taking it off again


def test_uninstalling_keeps_the_configuration_and_the_journal(machine: Machine) -> None:
    machine.install()
    machine.configure()
    planned = steps(machine.run("uninstall", "--dry-run"))
    assert (machine.root / "opt/bar-kiosk").exists()
    said = machine.run("uninstall")
    assert steps(said) == planned
    left = {path for path in machine.tree() if "bar-kiosk" in path}
    assert left == {"etc/bar-kiosk", CONFIG, "var/lib/bar-kiosk", JOURNAL}
    assert "nothing to do" in machine.run("uninstall")


@pytest.mark.parametrize(("answer", "kept"), [("", True), ("yes\n", True), ("DELETE\n", False)])
def test_purge_deletes_the_journal_only_when_told_so_in_full(machine: Machine, answer: str, kept: bool) -> None:
    machine.install()
    machine.configure()
    machine.run("uninstall", "--purge", answer=answer)
    assert (machine.root / JOURNAL).exists() == kept
    assert (machine.root / CONFIG).exists() == kept
    assert (machine.root / "opt/bar-kiosk").exists() == kept


# What systemd and labwc make of it


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("screen", ["labwc", "x11"])
def test_systemd_accepts_the_units(machine: Machine, screen: str) -> None:
    machine.install("--screen", screen)
    _stand_ins(machine.root)
    command = ["systemd-analyze", "verify", f"--root={machine.root}", "bar-kiosk.service", "bar-kiosk-screen.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "bar-kiosk" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_till_is_locked_into_what_it_needs() -> None:
    unit = ROOT / "deploy/systemd/bar-kiosk.service"
    command = ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_labwc_is_left_no_key_and_no_button_of_its_own() -> None:
    """With no binding at all it would take its own: Alt+F4, a terminal, a menu."""
    rules = ET.parse(ROOT / "deploy/labwc/rc.xml").getroot()  # noqa: S314 our own file
    assert rules.find("keyboard/keybind") is not None
    assert rules.find("mouse/context/mousebind") is not None
    assert rules.find("keyboard/default") is None
    assert rules.find("mouse/default") is None
    assert {action.get("name") for action in rules.iter("action")} == {"None"}


def _stand_ins(root: Path) -> None:
    """Put what the units name into the file system: systemd's own units, and programs that only have to be there."""
    shutil.copytree("/usr/lib/systemd/system", root / "usr/lib/systemd/system", symlinks=True)
    for program in ("opt/bar-kiosk/.venv/bin/python", "usr/bin/labwc", "usr/bin/xinit", "bin/sh"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", root / program)
