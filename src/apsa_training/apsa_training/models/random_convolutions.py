"""Random dilated convolutions with proportions of positive values, on relative joint signals.

A compact variant of MiniRocket (Dempster, Schmidt, Webb, KDD 2021): kernels of length 9 with
weights -1 and 2, dilations over the window, biases from quantiles of the training output, random
channel subsets. Its figures are not MiniRocket's.

Not from aeon: it was measured with NumPy 1.26, and aeon 1.6, the only release for scikit-learn 1.9,
needs NumPy 2.
"""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import torch

from apsa_perception.apsa.features import features_of
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.optimisation import tensors
from apsa_training.fitting.reference import estimate_reference

_KERNEL = 9
_DILATIONS = (1, 2, 3)
_QUANTILES = 8
_CHANNELS_EACH = 5
_CLIP = 6.0


def convolution_features(data: WindowSet, learn: Rows, seed: int = 0) -> npt.NDArray[np.float32]:
    """``(N, 84 kernels * 3 dilations * 8 biases)`` proportions of positive values.

    Args:
        data: windows.
        learn: training rows, for the reference (their correct repetitions) and the biases.
        seed: of the channels and quantiles.
    """
    windows, _, _ = tensors(data)
    with torch.no_grad():
        signals = features_of(windows)
    correct = learn[data.correct[learn] == 1]
    flat = signals.flatten(1).numpy()
    reference = estimate_reference(
        flat[correct], data.family[correct], data.subject[correct], len(data.families)
    )
    relative = (flat - reference.centre[data.family]) / reference.spread[data.family]
    signal = torch.from_numpy(relative.astype(np.float32)).clamp(-_CLIP, _CLIP)
    signal = signal.view(signals.shape).transpose(1, 2)
    rng = np.random.default_rng(seed)
    rows = torch.from_numpy(learn)
    found = []
    for dilation in _DILATIONS:
        for positive in combinations(range(_KERNEL), 3):
            weights = torch.full((_KERNEL,), -1.0)
            weights[list(positive)] = 2.0
            channels = rng.choice(signal.shape[1], _CHANNELS_EACH, replace=False)
            mixed = signal[:, torch.from_numpy(channels)].sum(1, keepdim=True)
            response = torch.nn.functional.conv1d(
                mixed, weights.view(1, 1, -1), padding="same", dilation=dilation
            )[:, 0]
            levels = torch.from_numpy(rng.random(_QUANTILES).astype(np.float32))
            biases = torch.quantile(response[rows].flatten()[::7], levels)
            found.append((response[:, :, None] > biases).float().mean(1))
    return torch.cat(found, dim=1).numpy()
