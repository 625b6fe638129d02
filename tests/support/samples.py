"""The shipped repetitions and weights, loaded once."""

from functools import cache

from apsa_perception.apsa.prediction import QualityPrediction
from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionData, MotionSequence
from support.paths import ROOT

SAMPLE = ROOT / "tests" / "data" / "irds_sample.npz"
SPREAD = ROOT / "tests" / "data" / "irds_spread.npz"
"""Every 52nd recording of IRDS."""
DRAWN = ROOT / "tests" / "data" / "drawn" / "irds_camera.npz"
"""The same repetitions as a camera saw them."""
WEIGHTS = ROOT / "models" / "apsa.safetensors"


@cache
def sample() -> MotionData:
    return load_packed(SAMPLE)


@cache
def spread() -> MotionData:
    return load_packed(SPREAD)


@cache
def drawn() -> MotionData:
    return load_drawn(DRAWN)


@cache
def model() -> QualityModel:
    return QualityModel.load(WEIGHTS)


def named(part: str) -> MotionSequence:
    return next(s for s in sample().sequences if s.name.startswith(part))


def judge(sequence: MotionSequence, **changes: object) -> QualityPrediction:
    arguments: dict[str, object] = {
        "positions": sequence.positions,
        "stamps_s": sequence.stamps_s,
        "confidence": sequence.confidence,
        "observed": sequence.confidence >= 0.5,
        "exercise": sequence.exercise,
        "up": DEFAULT_UP,
    }
    return model().judge(**(arguments | changes))  # type: ignore[arg-type]
