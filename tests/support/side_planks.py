"""Side planks as constructed postures: in line, with sagging hips, and resting on the side."""

from dataclasses import dataclass, replace

from support.fitness import mirrored
from support.poses import Pose


def _on_right_side(
    legs_deg: float, trunk_deg: float, hand: bool = False, arm_deg: float = 0.0
) -> Pose:
    """A person on the right side, head higher than the feet.

    Args:
        legs_deg: slope of the legs.
        trunk_deg: slope of the trunk; higher than that of the legs: the hips sag.
        hand: whether the arm below is straight, else the forearm points to the front.
        arm_deg: of the arm below, from vertical towards the head.
    """
    return Pose(
        lean=legs_deg - 90.0, roll=90.0, side_lean=trunk_deg - legs_deg,
        hip_abduction=(-4.0, -4.0), knee_flexion=(3.0, 3.0), shoulder_flexion=(0.0, 0.0),
        shoulder_abduction=(5.0, 90.0 - trunk_deg + arm_deg), elbow_flexion=(5.0, 0.0),
        elbow_ahead=(0.0, 0.0 if hand else 90.0),
    )  # fmt: skip


_RESTING = _on_right_side(7.0, 37.0)
_HEAD_PROPPED = _on_right_side(5.0, 19.0, arm_deg=60.0)


@dataclass(frozen=True)
class SidePlank:
    """A side plank whose arm below is vertical and ends at the height of the ankle below.

    Attributes:
        line: the body in one line.
        sagging: the pelvis 8 cm below the line neck-ankles, 0.06 of its length.
        resting: on the hip and the forearm.
        head_propped: lying on the side, the head on a hand.
        front_deg: direction of a camera before the person, as of a viewpoint.
    """

    line: Pose
    sagging: Pose
    resting: Pose = _RESTING
    head_propped: Pose = _HEAD_PROPPED
    front_deg: float = -90.0

    def steps(self, held_s: float, wrong: bool = False) -> tuple[tuple[float, Pose], ...]:
        """Lying down, up into the position, and down again, with the second of each posture."""
        pose = self.sagging if wrong else self.line
        up, down = 5.0, 5.0 + held_s
        return (
            (0.0, self.head_propped), (1.5, self.head_propped), (2.5, self.resting),
            (4.0, self.resting), (up, pose), (down, pose), (down + 1.0, self.resting),
            (down + 2.5, self.resting), (down + 3.5, self.head_propped),
            (down + 5.0, self.head_propped),
        )  # fmt: skip

    def on_left_side(self) -> "SidePlank":
        """Left and right exchanged."""
        poses = (self.line, self.sagging, self.resting, self.head_propped)
        return SidePlank(*(replace(mirrored(p), roll=-p.roll) for p in poses), -self.front_deg)


_FOREARM = SidePlank(_on_right_side(18.75, 18.75), _on_right_side(12.5, 28.5))
_HAND = SidePlank(_on_right_side(30.25, 30.25, hand=True), _on_right_side(23.75, 39.75, hand=True))
SIDE_PLANKS = {
    "right_forearm": _FOREARM,
    "right_hand": _HAND,
    "left_forearm": _FOREARM.on_left_side(),
    "left_hand": _HAND.on_left_side(),
}
"""By the side and the part of the arm that carry the body."""
