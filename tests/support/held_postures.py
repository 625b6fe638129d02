"""Holds as constructed postures: where they begin and end, the position, done right and wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apsa_perception.model.codes import ErrorCode, Side
from support.figures import Frames
from support.fitness import STANDING, SUPINE
from support.poses import KNEELING, PLANK, WALL_SIT, Pose, through


@dataclass(frozen=True)
class HeldPosture:
    """How a hold is done.

    Attributes:
        rest: where it begins and ends.
        pose: the position.
        wrong: the position with each of its errors.
        turn_deg: how the person is turned to the camera: 0 faces it, 90 shows the left side.
        side: the side that holds the position.
    """

    rest: Pose
    pose: Pose
    wrong: Mapping[ErrorCode, Pose]
    turn_deg: float = 90.0
    side: Side = Side.BOTH

    def frames(self, held_s: float, error: ErrorCode | None = None) -> Frames:
        """Frames of the hold, right or with an error, before and after it at rest."""
        return through(*self.steps(held_s, error), turn_deg=self.turn_deg)

    def steps(
        self, held_s: float, error: ErrorCode | None = None
    ) -> tuple[tuple[float, Pose], ...]:
        """The seconds at which rest and the position are reached."""
        pose = self.pose if error is None else self.wrong[error]
        down = 2.5 + held_s
        return (
            (0.0, self.rest), (1.5, self.rest), (2.5, pose), (down, pose), (down + 1.0, self.rest),
            (down + 2.5, self.rest),
        )  # fmt: skip


BRIDGE = Pose(
    lean=-110.0, hip_flexion=(3.0, 3.0), knee_flexion=(88.0, 88.0),
    shoulder_flexion=(-20.0, -20.0), shoulder_abduction=(15.0, 15.0),
)  # fmt: skip
_SAGGING_BRIDGE = replace(
    BRIDGE, lean=-103.0, hip_flexion=(25.0, 25.0), knee_flexion=(100.0, 100.0)
)
_ON_RIGHT_LEG = Pose(hip_flexion=(25.0, 0.0), knee_flexion=(70.0, 3.0))
_HEEL_TO_TOE = Pose(hip_flexion=(9.0, -9.0), hip_abduction=(-7.0, -7.0))
_BENT_FORWARD = Pose(
    lean=70.0, hip_flexion=(80.0, 80.0), knee_flexion=(3.0, 3.0), shoulder_flexion=(70.0, 70.0)
)
_HEEL_TO_SEAT = Pose(
    hip_flexion=(-3.0, 0.0), knee_flexion=(135.0, 3.0), ankle_flexion=(40.0, 0.0),
    shoulder_flexion=(-25.0, 5.0), shoulder_abduction=(2.0, 10.0), elbow_flexion=(3.0, 10.0),
)  # fmt: skip
_LEFT_LEG_BEHIND = Pose(
    lean=12.0, hip_flexion=(-18.0, 47.0), knee_flexion=(3.0, 55.0), ankle_flexion=(-30.0, -20.0),
    shoulder_flexion=(95.0, 95.0), shoulder_abduction=(3.0, 3.0),
)  # fmt: skip
_OVER_TO_THE_LEFT = Pose(side_lean=25.0, shoulder_abduction=(15.0, 170.0))

HOLDS = {
    "bridge_hold": HeldPosture(SUPINE, BRIDGE, {ErrorCode.HIPS_LOW: _SAGGING_BRIDGE}),
    "calf_stretch": HeldPosture(
        STANDING, _LEFT_LEG_BEHIND,
        {
            ErrorCode.KNEE_BENT: replace(
                _LEFT_LEG_BEHIND, hip_flexion=(-3.0, 47.0), knee_flexion=(35.0, 55.0)
            )
        },
        side=Side.LEFT,
    ),
    "hamstring_stretch": HeldPosture(
        STANDING, _BENT_FORWARD,
        {
            ErrorCode.KNEE_BENT: replace(
                _BENT_FORWARD, hip_flexion=(98.0, 98.0), knee_flexion=(35.0, 35.0)
            )
        },
    ),
    "plank": HeldPosture(
        KNEELING, PLANK,
        {
            ErrorCode.HIPS_LOW: replace(PLANK, lean=62.0, hip_flexion=(-32.0, -32.0)),
            ErrorCode.HIPS_HIGH: replace(PLANK, lean=96.0, hip_flexion=(36.0, 36.0)),
        },
    ),
    "quadriceps_stretch": HeldPosture(
        STANDING, _HEEL_TO_SEAT,
        {
            ErrorCode.TRUNK_LEAN_FORWARD: replace(
                _HEEL_TO_SEAT, lean=35.0, hip_flexion=(32.0, 35.0), shoulder_flexion=(10.0, 20.0)
            )
        },
        side=Side.LEFT,
    ),
    "side_stretch": HeldPosture(
        STANDING, _OVER_TO_THE_LEFT,
        {
            ErrorCode.INSUFFICIENT_RANGE: replace(
                _OVER_TO_THE_LEFT, shoulder_abduction=(15.0, 95.0)
            )
        },
        0.0, Side.RIGHT,
    ),
    "single_leg_stance": HeldPosture(
        STANDING, _ON_RIGHT_LEG,
        {
            ErrorCode.TRUNK_LEAN_LATERAL: replace(_ON_RIGHT_LEG, side_lean=24.0),
            ErrorCode.PELVIS_DROP: replace(_ON_RIGHT_LEG, pelvis_drop=20.0),
        },
        0.0, Side.RIGHT,
    ),
    "tandem_stance": HeldPosture(
        STANDING, _HEEL_TO_TOE,
        {ErrorCode.TRUNK_LEAN_LATERAL: replace(_HEEL_TO_TOE, side_lean=24.0)}, 0.0,
    ),
    "wall_sit": HeldPosture(
        STANDING, WALL_SIT,
        {
            ErrorCode.INSUFFICIENT_DEPTH: replace(
                WALL_SIT, hip_flexion=(55.0, 55.0), knee_flexion=(60.0, 60.0)
            ),
            ErrorCode.TRUNK_LEAN_FORWARD: replace(WALL_SIT, lean=30.0, hip_flexion=(118.0, 118.0)),
        },
    ),
}  # fmt: skip
"""By the name of the exercise; side planks are in ``side_planks``."""
