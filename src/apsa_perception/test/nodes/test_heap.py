"""Freed memory does not stay with the process in pieces."""

import ctypes
import subprocess
import sys

import pytest

CHECK = """
import ctypes
from pathlib import Path
from apsa_perception.ros.heap import Heap

def own_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
large = []
for _ in range(1000):  # 100 MB in blocks with a small one behind each
    large.append(libc.malloc(100_000))
    libc.memset(large[-1], 1, 100_000)
    libc.malloc(64)
for each in large:
    libc.free(each)
freed = own_mb()
later = Heap(every_s=3600.0)
later.tend()
kept = own_mb()
Heap(every_s=0.0).tend()
print(kept > freed - 5.0, own_mb() < freed - 80.0)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc")
def test_freed_memory_is_given_back_when_it_is_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
