"""Garbage collection while a process starts."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting_objects() -> Iterator[None]:
    """Collect no garbage meanwhile, and leave what exists then out of later collections.

    For imports: hundreds of thousands of objects that live as long as the process. Python would
    walk through all of them each time that their number has grown by a quarter, and once more at
    the end of the process: for torch a quarter of the processor time of its import.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
