"""What the watch keeps from frame to frame gives the answers that its whole window gives."""

from dataclasses import replace

import numpy as np

from apsa_perception.assessment.body_plausibility import implausible_body
from apsa_perception.assessment.plausibility_watch import HOLD_S, WINDOW_S, PlausibilityWatch
from support.figures import figure, posture_of

FRAME_S = 0.04
IN_WINDOW = round(WINDOW_S / FRAME_S) + 1
CHECKED = 3
"""The watch looks every tenth of a second, which is at every third frame of these."""


def test_two_minutes_have_the_answers_of_their_windows() -> None:
    rng = np.random.default_rng(7)
    watch, bodies, seen = PlausibilityWatch(), [], []
    expected, found = [], []
    implausible_s = -np.inf
    for index in range(3000):
        body = figure(
            round(index * FRAME_S * 1e9), knee_deg=(130.0 + 40.0 * np.cos(index / 10),) * 2
        )
        noise_m = 0.15 if index % 700 > 600 else 0.001
        body = replace(body, positions=body.positions + rng.normal(0.0, noise_m, (20, 3)))
        posture = posture_of(body)
        bodies.append(body.positions)
        seen.append(posture.seen)
        unusable = watch.update(body, posture)
        if index % CHECKED == 0 and index >= IN_WINDOW:
            most = np.sum(seen[-IN_WINDOW:], axis=0) > 0.5 * IN_WINDOW
            if implausible_body(np.array(bodies[-IN_WINDOW:]), most):
                implausible_s = index * FRAME_S
            expected.append(index * FRAME_S - implausible_s <= HOLD_S)
            found.append(unusable)
    assert found == expected
    assert 50 < sum(found) < len(found) - 500
