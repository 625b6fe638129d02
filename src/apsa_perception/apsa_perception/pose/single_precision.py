"""Functions that round as MediaPipe's C++ code does, in single precision."""

from typing import Any

import numpy as np
import numpy.typing as npt

SingleArray = npt.NDArray[np.float32]


def sigmoid(logits: npt.NDArray[Any]) -> SingleArray:
    """Logistic function.

    The exponential is computed in double precision and rounded, which is what the C library gives;
    NumPy's own in single precision is less exact.
    """
    with np.errstate(over="ignore"):
        powers = np.exp(-logits.astype(np.float64)).astype(np.float32)
    return np.asarray(np.float32(1.0) / (np.float32(1.0) + powers))


def running_sum(values: npt.NDArray[Any]) -> SingleArray:
    """Sum over the first axis, in its order: NumPy's own sum adds in pairs."""
    return np.asarray(np.cumsum(values, axis=0, dtype=np.float32)[-1])
