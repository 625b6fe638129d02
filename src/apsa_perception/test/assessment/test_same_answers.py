"""The assessment gives the answers that it gave before it was made faster, field by field."""

import json
from typing import Any

import pytest

from support.assessed_sample import sample_rows
from support.paths import ROOT

pytestmark = pytest.mark.slow

RELEVANCE_TOLERANCE = 1e-4
"""Shares that sum to 1. Gradients in single precision, which jump where a deviation is clipped:
between two processors with other vector units the largest difference was 2.5e-5."""


def differences(found: Any, expected: Any, place: str) -> list[str]:
    if isinstance(expected, dict):
        return [
            line
            for key in expected.keys() | found.keys()
            for line in differences(found.get(key), expected.get(key), f"{place}.{key}")
        ]
    if isinstance(expected, list) and len(expected) == len(found):
        return [
            line
            for index, (one, other) in enumerate(zip(found, expected, strict=True))
            for line in differences(one, other, f"{place}[{index}]")
        ]
    most = RELEVANCE_TOLERANCE if "joint_relevance" in place else 1e-6
    near = isinstance(expected, float) and found == pytest.approx(expected, rel=1e-6, abs=most)
    return [] if near or found == expected else [f"{place}: {found!r}, expected {expected!r}"]


def test_the_answers_are_the_same() -> None:
    expected = json.loads((ROOT / "tests" / "data" / "assessed_sample.json").read_text())
    assert sum(len(rows["repetitions"]) for rows in expected.values()) > 30
    assert differences(sample_rows(), expected, "") == []
