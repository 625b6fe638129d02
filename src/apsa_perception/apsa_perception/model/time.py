"""Conversion between stamps in nanoseconds and durations in seconds."""

from typing import cast, overload

import numpy as np
import numpy.typing as npt

NS_PER_S = 1_000_000_000


@overload
def to_seconds(nanoseconds: int) -> float: ...


@overload
def to_seconds(nanoseconds: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]: ...


def to_seconds(
    nanoseconds: int | npt.NDArray[np.int64],
) -> float | npt.NDArray[np.float64]:
    """Return nanoseconds as seconds."""
    return cast("float | npt.NDArray[np.float64]", nanoseconds * 1e-9)


def to_nanoseconds(seconds: float) -> int:
    """Return seconds as nanoseconds, rounded to the nearest."""
    return round(seconds * 1e9)
