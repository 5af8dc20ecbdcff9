"""No image of a process that holds a key."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import ctypes, os, resource
from pos.memory import keep_private
keep_private()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.abort()
"""


def test_till_that_crashes_leaves_no_image_of_its_memory(tmp_path: Path) -> None:
    unlimited = resource.getrlimit(resource.RLIMIT_CORE)[1]
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (unlimited, unlimited)),
    )
    assert run.stdout.strip() == "(0, 0) 0"
    assert run.returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []
