"""Waiting for a processor, beside another process that wants the same one."""

import os
import subprocess
import sys
import time

from apsa_perception.imaging.processor_wait import ProcessorWait


def compute(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_a_thread_that_shares_its_processor_waits_for_half_of_the_time() -> None:
    allowed = os.sched_getaffinity(0)
    processor = min(allowed)
    hog = f"import os; os.sched_setaffinity(0, {{{processor}}})\nwhile True: pass"
    other = subprocess.Popen([sys.executable, "-c", hog])
    try:
        os.sched_setaffinity(0, {processor})
        compute(0.5)
        wait = ProcessorWait()
        assert wait.share() == 0.0
        compute(1.0)
        assert 0.3 < wait.share() <= 1.0
        wait.share()
        time.sleep(0.5)
        assert wait.share() < 0.1
    finally:
        os.sched_setaffinity(0, allowed)
        other.kill()
        other.wait()
