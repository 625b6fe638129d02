"""Fitness exercises as constructed postures: rest, turning point, and one done wrong."""

from dataclasses import dataclass, replace

from apsa_perception.model.codes import ErrorCode
from support.figures import Frames
from support.poses import Pose, through

STANDING = Pose()
SUPINE = Pose(
    lean=-88.0, hip_flexion=(50.0, 50.0), knee_flexion=(100.0, 100.0), shoulder_flexion=(0.0, 0.0),
    shoulder_abduction=(15.0, 15.0),
)  # fmt: skip
HIGH_PLANK = Pose(
    lean=70.0, shoulder_flexion=(70.0, 70.0), shoulder_abduction=(0.0, 0.0),
    elbow_flexion=(5.0, 5.0),
)  # fmt: skip
ALL_FOURS = Pose(
    lean=85.0, hip_flexion=(85.0, 85.0), knee_flexion=(90.0, 90.0), ankle_flexion=(60.0, 60.0),
    shoulder_flexion=(85.0, 85.0), shoulder_abduction=(0.0, 0.0),
)  # fmt: skip
SEATED = Pose(hip_flexion=(88.0, 88.0), knee_flexion=(90.0, 90.0))
BENT = Pose(
    lean=45.0, hip_flexion=(60.0, 60.0), knee_flexion=(25.0, 25.0), shoulder_flexion=(45.0, 45.0),
    shoulder_abduction=(5.0, 5.0),
)  # fmt: skip
FLAT = replace(SUPINE, lean=-90.0, hip_flexion=(0.0, 0.0), knee_flexion=(0.0, 0.0))


@dataclass(frozen=True)
class Fitness:
    """How an exercise is done.

    Attributes:
        rest: the starting position.
        turn: the turning point of a good repetition.
        wrong: the turning point of a wrong one.
        error: what is wrong with it.
        turn_deg: how the person is turned to the camera: 0 faces it, 90 shows the left side.
        alternating: whether left and right take turns.
        movement_s: seconds of a repetition.
    """

    rest: Pose
    turn: Pose
    wrong: Pose
    error: ErrorCode
    turn_deg: float = 90.0
    alternating: bool = False
    movement_s: float = 2.0

    def frames(self, count: int, wrong: bool = False) -> Frames:
        """Frames of repetitions with half a second of rest between them."""
        return through(*self.steps(count, wrong), turn_deg=self.turn_deg)

    def steps(self, count: int, wrong: bool = False) -> list[tuple[float, Pose]]:
        """The seconds at which rest and turning points are reached."""
        steps = [(0.0, self.rest), (1.5, self.rest)]
        for index in range(count):
            pose = self.wrong if wrong else self.turn
            if self.alternating and index % 2:
                pose = mirrored(pose)
            start = steps[-1][0]
            half = self.movement_s / 2
            steps += [(start + half, pose), (start + 2 * half, self.rest)]
            steps.append((start + 2 * half + 0.5, self.rest))
        return steps


def mirrored(pose: Pose) -> Pose:
    """Left and right exchanged."""
    pairs = {name: value[::-1] for name, value in vars(pose).items() if isinstance(value, tuple)}
    return replace(pose, side_lean=-pose.side_lean, pelvis_drop=-pose.pelvis_drop, **pairs)


_RANGE = ErrorCode.INSUFFICIENT_RANGE
_PUSHED = replace(
    HIGH_PLANK, lean=84.0, shoulder_flexion=(-10.0, -10.0), elbow_flexion=(95.0, 95.0)
)
_SAGGING = {"hip_flexion": (-40.0, -40.0)}
_PRESS = Pose(
    shoulder_flexion=(20.0, 20.0), shoulder_abduction=(45.0, 45.0), elbow_flexion=(125.0, 125.0)
)
_OVERHEAD = Pose(shoulder_flexion=(170.0, 170.0), elbow_flexion=(10.0, 10.0))
_HINGED = Pose(
    lean=70.0, hip_flexion=(80.0, 80.0), knee_flexion=(22.0, 22.0), shoulder_flexion=(70.0, 70.0)
)
_KNEE_PLANK = replace(HIGH_PLANK, knee_flexion=(80.0, 80.0))
_WALL = Pose(
    lean=15.0, shoulder_flexion=(90.0, 90.0), shoulder_abduction=(5.0, 5.0),
    elbow_flexion=(5.0, 5.0),
)  # fmt: skip
_AT_WALL = replace(_WALL, lean=25.0, shoulder_flexion=(35.0, 35.0), elbow_flexion=(95.0, 95.0))
_PULLED = replace(BENT, shoulder_flexion=(-25.0, -25.0), elbow_flexion=(85.0, 85.0))
_STAR = Pose(hip_abduction=(20.0, 20.0), shoulder_abduction=(160.0, 160.0))
_KNEE_UP = Pose(hip_flexion=(85.0, 0.0), knee_flexion=(90.0, 5.0))
_PULLED_IN = replace(HIGH_PLANK, hip_flexion=(95.0, 0.0), knee_flexion=(100.0, 3.0))
_STRETCHED = replace(
    ALL_FOURS, hip_flexion=(0.0, 85.0), knee_flexion=(5.0, 90.0), shoulder_flexion=(85.0, 175.0)
)
_STEPPING = Pose(lean=10.0, hip_flexion=(60.0, 0.0), knee_flexion=(75.0, 5.0))
_ON_ONE_LEG = Pose(hip_flexion=(20.0, 3.0), knee_flexion=(70.0, 5.0))
_ONE_LEG_SQUAT = Pose(lean=20.0, hip_flexion=(70.0, 65.0), knee_flexion=(95.0, 75.0))
_ABDUCTED = Pose(hip_abduction=(30.0, 2.0))
_SLID = replace(FLAT, hip_flexion=(50.0, 0.0), knee_flexion=(100.0, 0.0))
_KICKED = replace(SEATED, knee_flexion=(8.0, 90.0))
_LIFTED = replace(SEATED, hip_flexion=(118.0, 88.0))

FITNESS: dict[str, Fitness] = {
    "push_up": Fitness(HIGH_PLANK, _PUSHED, replace(_PUSHED, **_SAGGING), ErrorCode.HIPS_LOW),
    "knee_push_up": Fitness(
        _KNEE_PLANK,
        replace(_PUSHED, knee_flexion=(80.0, 80.0)),
        replace(_KNEE_PLANK, elbow_flexion=(36.0, 36.0), shoulder_flexion=(40.0, 40.0)),
        _RANGE,
    ),
    "wall_push_up": Fitness(
        _WALL, _AT_WALL, _WALL.towards(_AT_WALL, 0.5), _RANGE
    ),
    "sit_up": Fitness(
        SUPINE,
        replace(SUPINE, lean=-20.0, hip_flexion=(118.0, 118.0)),
        replace(SUPINE, lean=-55.0, hip_flexion=(83.0, 83.0)),
        _RANGE,
    ),
    "hip_hinge": Fitness(STANDING, _HINGED, STANDING.towards(_HINGED, 0.6), _RANGE),
    "shoulder_press": Fitness(_PRESS, _OVERHEAD, _PRESS.towards(_OVERHEAD, 0.6), _RANGE, 0.0),
    "row": Fitness(BENT, _PULLED, replace(_PULLED, lean=15.0), ErrorCode.TRUNK_LEAN_BACK),
    "jumping_jack": Fitness(
        STANDING, _STAR, replace(_STAR, shoulder_abduction=(105.0, 105.0)), _RANGE, 0.0,
        movement_s=0.9,
    ),
    "high_knees": Fitness(
        STANDING, _KNEE_UP, replace(_KNEE_UP, hip_flexion=(45.0, 0.0)), _RANGE, 30.0, True, 0.6
    ),
    "mountain_climber": Fitness(
        HIGH_PLANK, _PULLED_IN, replace(_PULLED_IN, hip_flexion=(52.0, 0.0)), _RANGE, 90.0, True,
        1.0,
    ),
    "bird_dog": Fitness(
        ALL_FOURS, _STRETCHED, replace(_STRETCHED, hip_flexion=(45.0, 85.0)), _RANGE, 90.0, True,
        3.0,
    ),
    "step_up": Fitness(
        STANDING, _STEPPING, replace(_STEPPING, side_lean=24.0), ErrorCode.TRUNK_LEAN_LATERAL,
        0.0, True,
    ),
    "single_leg_squat_right": Fitness(
        _ON_ONE_LEG, _ONE_LEG_SQUAT,
        replace(_ONE_LEG_SQUAT, lean=62.0, hip_flexion=(112.0, 107.0)),
        ErrorCode.TRUNK_LEAN_FORWARD, 50.0,
    ),
    "standing_hip_abduction": Fitness(
        STANDING, _ABDUCTED, replace(_ABDUCTED, hip_abduction=(16.0, 2.0)), _RANGE, 0.0
    ),
    "heel_slide": Fitness(FLAT, _SLID, FLAT.towards(_SLID, 0.6), _RANGE),
    "seated_knee_extension": Fitness(SEATED, _KICKED, SEATED.towards(_KICKED, 0.6), _RANGE),
    "seated_march": Fitness(
        SEATED, _LIFTED, replace(_LIFTED, lean=-24.0, hip_flexion=(112.0, 64.0)),
        ErrorCode.TRUNK_LEAN_BACK, 45.0, True,
    ),
}  # fmt: skip
