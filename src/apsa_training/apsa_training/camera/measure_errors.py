"""The error of each biomechanical measure on drawn people, by view, pitch and clothes.

python -m apsa_training.camera.measure_errors --drawn FILE ... --json OUT

A measure as the coach takes it is compared with that of the true joint centres. The pitch of the
camera is known to both, so that what differs is the error of the pose estimation and, for measures
of a plane of the body, of the projection.
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_training.camera.drawn_files import load_drawings
from apsa_training.camera.measure_pairs import Pairs, pairs_of
from apsa_training.data.provenance import provenance, strict

BINS: dict[str, tuple[float, ...]] = {
    "turn_deg": (0.0, 15.0, 30.0, 60.0, 90.0),
    "yaw_deg": (0.0, 15.0, 30.0, 60.0, 90.0),
    "pitch_deg": (-3.0, 3.0, 8.0, 14.0, 20.0),
    "looseness_m": (0.0, 0.01, 0.02, 0.03),
}
"""Edges of the bins: turn of the body as the coach sees it, camera, cloth off the skin."""
_LEAST_FRAMES = 100
_ONE_SIGMA = 68.27

Summary = dict[str, float | int]
IntArray = npt.NDArray[np.int64]


def main(argv: list[str] | None = None) -> int:
    """Write the table of errors as JSON and print it; return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="python -m apsa_training.camera.measure_errors")
    parser.add_argument("--drawn", type=Path, required=True, nargs="+", help="packed drawings")
    parser.add_argument("--json", type=Path, required=True, help="where to write the figures")
    parser.add_argument("--seed", type=int, default=1, help="that they were drawn with")
    options = parser.parse_args(arguments)
    parts: list[Pairs] = []
    drawings: dict[str, int] = {}
    for path in options.drawn:
        source = path.stem.partition("_camera")[0]
        found = list(load_drawings(path))
        parts.append(pairs_of(found, source, options.seed, sum(drawings.values())))
        drawings[path.stem] = drawings.get(path.stem, 0) + len(found)
    pairs = np.concatenate(parts)
    measures = {name: measure_report(pairs[pairs["measure"] == name]) for name in MEASURES}
    report = {
        **provenance("apsa_training.camera.measure_errors", arguments),
        "drawings": drawings,
        "measures": measures,
    }
    options.json.write_text(_compact_json(report), encoding="utf-8")
    for name, groups in measures.items():
        for group in ("all", "turn_deg"):
            for turn, row in groups.get(group, {}).items():
                figures = "  ".join(f"{key} {value:g}" for key, value in row.items())
                print(f"{name:22s} {turn:>5s}  {figures}")
    return 0


def measure_report(pairs: Pairs) -> dict[str, dict[str, Summary]]:
    """The errors of one measure: in all, in each bin, of changes and of side differences."""
    errors = errors_of(pairs)
    predicted = pairs["uncertainty"]
    everything = np.ones(len(pairs), dtype=np.bool_)
    report = {"all": _by(errors, predicted, [("all", everything)])}
    for kind, edges in BINS.items():
        report[kind] = _by(errors, predicted, bins_of(pairs[kind], edges))
    for name, inside in bins_of(pairs["turn_deg"], BINS["turn_deg"]):
        if name in report["turn_deg"]:
            share = share_within_error_of_others(errors[inside], pairs["subject"][inside])
            report["turn_deg"][name]["within_one_of_others"] = _rounded(share)
    moving = pairs["moving"]
    report["movement"] = _by(errors, predicted, [("first posture", ~moving), ("moving", moving)])
    turns = bins_of(pairs["turn_deg"], BINS["turn_deg"])
    report["change"] = _by(change_errors(pairs, errors), None, turns)
    left, right = _both_sides(pairs)
    if len(left):
        between = _wrapped(errors[left] - errors[right], pairs)
        sides = bins_of(pairs["turn_deg"][left], BINS["turn_deg"])
        report["side_difference"] = _by(between, None, sides)
    return report


def errors_of(pairs: Pairs) -> FloatArray:
    """Seen minus true value, ``(N,)``; angles within -180..180."""
    return _wrapped(pairs["seen"] - pairs["true"], pairs)


def change_errors(pairs: Pairs, errors: FloatArray) -> FloatArray:
    """Error of the change since the first frame of the drawing, ``(N,)``; NaN before it moves."""
    keys = np.stack([pairs["drawing"], pairs["side"]], axis=1)
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    changes = _wrapped(errors - errors[first][group.reshape(-1)], pairs)
    changes[~pairs["moving"]] = np.nan
    return changes


def share_within_error_of_others(errors: FloatArray, subjects: npt.NDArray[np.str_]) -> float:
    """Share of the errors within the typical error of the other subjects; NaN for one subject."""
    size = np.abs(errors)
    within = [
        size[subjects == one] < np.percentile(size[subjects != one], _ONE_SIGMA)
        for one in np.unique(subjects)
        if (subjects != one).any()
    ]
    return float(np.concatenate(within).mean()) if within else math.nan


def _both_sides(pairs: Pairs) -> tuple[IntArray, IntArray]:
    """Indices of the left and the right value of the frames that have both."""
    frames = pairs["drawing"].astype(np.int64) << 32 | pairs["frame"]
    sides = [np.flatnonzero(pairs["side"] == int(side)) for side in (Side.LEFT, Side.RIGHT)]
    _, left, right = np.intersect1d(frames[sides[0]], frames[sides[1]], return_indices=True)
    return sides[0][left], sides[1][right]


def _wrapped(errors: FloatArray, pairs: Pairs) -> FloatArray:
    if not len(pairs) or MEASURES[str(pairs["measure"][0])].unit != "deg":
        return errors
    wrapped: FloatArray = np.remainder(errors + 180.0, 360.0) - 180.0
    return wrapped


def bins_of(values: FloatArray, edges: tuple[float, ...]) -> Iterator[tuple[str, BoolArray]]:
    """Name of each bin, and which of the values are in it; the last bin has its upper edge."""
    for low, high in pairwise(edges):
        inside = (values >= low) & ((values < high) | (high == edges[-1]))
        yield f"{low:g}-{high:g}" if low >= 0 else f"{low:g} to {high:g}", inside


def _by(
    errors: FloatArray,
    predicted: FloatArray | None,
    groups: Iterable[tuple[str, BoolArray]],
) -> dict[str, Summary]:
    known = np.isfinite(errors)
    return {
        name: _summary(
            errors[inside & known], None if predicted is None else predicted[inside & known]
        )
        for name, inside in groups
        if np.count_nonzero(inside & known) >= _LEAST_FRAMES
    }


def _summary(errors: FloatArray, predicted: FloatArray | None) -> Summary:
    """Figures of some errors.

    The typical error is not exceeded by 68 % of them, as a standard error is not by Gaussian ones;
    a few gross errors, such as swapped sides, determine the root mean square.
    """
    size = np.abs(errors)
    summary: Summary = {
        "frames": len(errors),
        "bias": _rounded(float(errors.mean().round(6))),
        "rms_error": _rounded(np.sqrt((errors**2).mean())),
        "typical_error": _rounded(np.percentile(size, _ONE_SIGMA)),
        "error_95": _rounded(np.percentile(size, 95.0)),
    }
    if predicted is not None:
        summary |= {
            "predicted": _rounded(np.median(predicted)),
            "within_one": _rounded((size < predicted).mean()),
            "within_two": _rounded((size < 2.0 * predicted).mean()),
        }
    return summary


def _rounded(value: float | np.floating[Any]) -> float:
    return float(f"{value:.3g}")


def _compact_json(report: dict[str, object]) -> str:
    """JSON with one line a summary."""
    text = json.dumps(strict(report), indent=1, allow_nan=False)
    return re.sub(r"\{[^{}]*\}", lambda found: " ".join(found[0].split()), text) + "\n"


if __name__ == "__main__":
    sys.exit(main())
