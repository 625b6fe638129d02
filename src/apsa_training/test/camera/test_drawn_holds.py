"""Errors of holds on drawn people, from the direction that shows them best."""

import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import ErrorCode
from apsa_perception.pose.backend import PoseBackend
from apsa_perception.pose.litert_backend import LiteRtBackend
from support.drawn_postures import PITCH_DEG, draw, frames
from support.held_postures import HOLDS
from support.poses import Pose
from support.runs import EXERCISES
from support.side_planks import SIDE_PLANKS

HELD_S = 2.5
RATE_HZ = 8.0
SIDE_PLANK = SIDE_PLANKS["right_forearm"]
PLACES: dict[str, tuple[Pose, float]] = {
    **{name: (hold.rest, hold.turn_deg) for name, hold in HOLDS.items()},
    "side_plank": (SIDE_PLANK.resting, SIDE_PLANK.front_deg),
}
"""Where each hold begins, and the direction of the camera."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> PoseBackend:
    """The pose model."""
    return LiteRtBackend("full", 1)


def run(name: str, pose: Pose, backend: PoseBackend) -> Run:
    """Draw a person who takes a position and holds it, and assess what is seen."""
    rest, yaw_deg = PLACES[name]
    steps = ((0.0, rest), (0.3, rest), (1.2, pose), (1.2 + HELD_S, pose))
    drawn = draw(name, steps, yaw_deg, backend, RATE_HZ)
    settings = AssessmentSettings(camera_pitch_deg=PITCH_DEG)
    return offline.assess(frames(drawn, true=False), name, EXERCISES, settings)


@pytest.mark.parametrize(
    ("name", "error", "pose"),
    [
        *(
            (name, error, pose)
            for name in (
                *("hamstring_stretch", "plank", "wall_sit"),
                *("single_leg_stance", "tandem_stance"),
            )
            for error, pose in HOLDS[name].wrong.items()
            if error is not ErrorCode.PELVIS_DROP  # a drawn pelvis tips with the trunk only
        ),
        ("side_plank", ErrorCode.HIPS_LOW, SIDE_PLANK.sagging),
    ],
)
def test_the_error_of_a_drawn_hold_is_reported_while_it_is_timed(
    name: str, error: ErrorCode, pose: Pose, backend: PoseBackend
) -> None:
    found = run(name, pose, backend)
    assert found.live_codes == {error}
    # The last full second is published, and a drawn position is recognised a little late.
    assert found.holds[-1].held_s == pytest.approx(HELD_S, abs=1.5)


def test_a_drawn_hamstring_stretch_done_right_has_no_error(backend: PoseBackend) -> None:
    found = run("hamstring_stretch", HOLDS["hamstring_stretch"].pose, backend)
    assert found.live_codes == set()
    assert found.holds[-1].held_s == pytest.approx(HELD_S, abs=1.0)
