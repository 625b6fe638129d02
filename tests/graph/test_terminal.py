"""What `make coach` runs, as somebody at a terminal sees it."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.paths import ROOT

pytestmark = pytest.mark.slow

COACH = [sys.executable, "-m", "apsa_feedback.commands.coach", "--sample"]
LIMIT_S = 60.0


def test_control_c_ends_with_the_summary_and_code_zero(tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    params.write_text("/**/video_source:\n  ros__parameters:\n    lossless: false\n")
    sample = tmp_path / "squat.mp4"
    sample.symlink_to(ROOT / "samples" / "squat.mp4")
    chosen = {"EXERCISE": "squat", "OUTPUTS": "none", "RATE": "1", "PARAMS": str(params)}
    pid, terminal = pty.fork()
    if pid == 0:
        # Whoever runs the tests in the background may have it ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # A shell in between stands for make: it would fail if the signal reached it.
        shell = ["sh", "-c", '"$@"; echo "code $?"', "sh", *COACH, str(sample)]
        os.execvpe("sh", shell, {**os.environ, **chosen})
    shown, interrupted, ended = b"", False, False
    give_up = time.monotonic() + LIMIT_S
    while not ended and time.monotonic() < give_up:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            ended = True
        if not interrupted and b"repetition" in shown:
            os.write(terminal, b"\x03")
            interrupted = True
    if not ended:
        os.killpg(os.tcgetpgrp(terminal), signal.SIGKILL)
    os.waitpid(pid, 0)
    text = shown.decode()
    assert interrupted
    assert ended
    assert "Session summary" in text
    assert "code 0" in text
    left = subprocess.run(["pgrep", "-f", str(sample)], capture_output=True, text=True).stdout
    assert left == ""
