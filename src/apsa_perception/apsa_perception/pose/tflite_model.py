"""A TensorFlow Lite model of this package: checked file, one thread, no output to stderr."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.paths import share_dir
from apsa_perception.pose.quiet import stderr_discarded
from apsa_perception.pose.single_precision import SingleArray

SHA256 = {
    "pose_detection.tflite": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    "pose_landmark_lite.tflite": "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    "pose_landmark_full.tflite": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    "pose_landmark_heavy.tflite": (
        "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe"
    ),
}
"""Checksums of the files; ``models/blazepose.md`` has their origin."""


def model_folders() -> list[Path]:
    """Where models may be: the installed share folder, then the checkout."""
    folders = [Path(__file__).resolve().parents[2] / "models"]
    with suppress(LookupError, OSError):  # not installed, or no install is sourced
        folders.insert(0, share_dir("apsa_perception") / "models")
    return folders


def read_model(name: str, folders: list[Path] | None = None) -> bytes:
    """Return the content of a model file.

    Args:
        name: one of ``SHA256``.
        folders: where to look for it; None: ``model_folders``.

    Raises:
        ValueError: the file is missing, cannot be read or is damaged; one sentence.
    """
    folders = model_folders() if folders is None else folders
    places = [folder / name for folder in folders]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        looked = " or ".join(str(folder) for folder in folders)
        raise ValueError(f"the pose model {name} is not in {looked}; install apsa_perception again")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the pose model {path} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise ValueError(
            f"the pose model {path} is damaged: its SHA-256 is not {SHA256[name][:12]}...; "
            "restore the file or install apsa_perception again"
        )
    return content


class TfliteModel:
    """An opened model with one square picture as its input.

    One thread is as fast as two for these models, and the result does not depend on the number of
    cores.

    Args:
        name: one of ``SHA256``.
        low: input value of black.
        high: input value of white.
        outputs: which outputs of the file are read.

    Raises:
        ValueError: the file is missing or damaged.
    """

    def __init__(self, name: str, low: float, high: float, outputs: Sequence[int]) -> None:
        content = read_model(name)
        with stderr_discarded():
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        details = self._interpreter.get_input_details()[0]
        self._input = self._interpreter.tensor(details["index"])
        found = self._interpreter.get_output_details()
        self._outputs = [found[number]["index"] for number in outputs]
        step = float(np.float32((high - low) / 255.0))
        self._levels = (np.arange(256) * step + low).astype(np.float32)

    def run(self, rgb: RgbImage) -> list[SingleArray]:
        """Return the outputs, each without its first axis, of length 1.

        Args:
            rgb: ``(S, S, 3)`` uint8, of the size of the input.
        """
        # No view of a tensor is kept: the interpreter would refuse to run.
        cv2.LUT(rgb, self._levels, dst=self._input()[0])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in self._outputs]
