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
    one = {min(allowed)}
    hog = f"import os; os.sched_setaffinity(0, {one}); print(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", hog], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            other.stdout.readline()
            os.sched_setaffinity(0, one)
            wait = ProcessorWait()
            assert wait.share() == 0.0
            compute(1.0)
            assert 0.3 < wait.share() <= 1.0
            time.sleep(2.0)  # long against the wait after it, which other programs lengthen
            assert wait.share() < 0.1
        finally:
            os.sched_setaffinity(0, allowed)
            other.kill()
