"""The optional MediaPipe backend: same answer every time, quiet, offline, strict about stamps."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.pose.backend import StampError
from apsa_perception.sources.video import VideoReader

pytest.importorskip("mediapipe", reason="bootstrap.py --with oracle installs MediaPipe")
from apsa_perception.pose.mediapipe_backend import MediaPipeBackend

FRAMES = 25
CLIP = "squat_front.mp4"


def digest(backend: MediaPipeBackend, path: Path) -> str:
    """Hash of every array of the clip's first frames."""
    hashed = hashlib.sha256()
    with VideoReader(path) as video:
        for stamp, rgb in islice(video, FRAMES):
            for pose in backend.detect(rgb, stamp):
                for values in pose:
                    hashed.update(np.ascontiguousarray(values).tobytes())
    return hashed.hexdigest()


def test_two_instances_a_reset_one_and_another_process_agree_to_the_last_bit(
    clip: Callable[[str], Path],
) -> None:
    path = clip(CLIP)
    one, two = MediaPipeBackend(), MediaPipeBackend()
    expected = digest(one, path)
    assert digest(two, path) == expected
    one.reset()
    assert digest(one, path) == expected
    script = (
        f"import runpy; names = runpy.run_path({__file__!r}); from pathlib import Path; "
        f"print(names['digest'](names['MediaPipeBackend'](), Path({str(path)!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected
    assert done.stderr == ""


def test_big_pictures_give_pixels_of_the_picture_given(clip: Callable[[str], Path]) -> None:
    with VideoReader(clip(CLIP)) as video:
        _, rgb = next(iter(video))
    small = MediaPipeBackend().detect(rgb, 1_000_000)[0]
    big = MediaPipeBackend().detect(rgb.repeat(3, axis=0).repeat(3, axis=1), 1_000_000)[0]
    np.testing.assert_allclose(big.pixels / 3, small.pixels, atol=6)
    np.testing.assert_allclose(big.positions, small.positions, atol=0.05)


def test_refuses_a_stamp_that_does_not_follow_and_goes_on() -> None:
    backend = MediaPipeBackend()
    blank = np.zeros((120, 160, 3), np.uint8)
    assert backend.detect(blank, 2_000_000) == []
    for stamp in (2_000_000, 2_000_999, 1_000_000):
        with pytest.raises(StampError, match=f"stamp {stamp} ns is not later than 2000000 ns"):
            backend.detect(blank, stamp)
    assert backend.detect(blank, 2_001_000) == []
    backend.reset()
    assert backend.detect(blank, 0) == []
