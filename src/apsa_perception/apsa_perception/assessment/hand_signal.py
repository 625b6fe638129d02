"""A raised hand as a request: start, pause or go on without touching anything."""

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import Phase
from apsa_perception.model.joints import Joint
from apsa_perception.model.time import NS_PER_S

HELD_NS = 2 * NS_PER_S
# Our choice: clear of the head, so that drinking, scratching and waving at face height are none.
_ABOVE_HEAD_M = 0.05
_SIDES = (
    (Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.RIGHT_SHOULDER),
    (Joint.RIGHT_WRIST, Joint.LEFT_WRIST, Joint.LEFT_SHOULDER),
)
_ARMS = frozenset({Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST})


class HandSignal:
    """Recognises one hand that is held above the head for two seconds, once until it is lowered."""

    def __init__(self) -> None:
        self._since_ns: int | None = None
        self._given = False

    def update(self, stamp_ns: int, posture: Posture | None) -> bool:
        """Process a frame; return True when the signal is given."""
        if posture is None or not _one_hand_raised(posture):
            self._since_ns, self._given = None, False
            return False
        if self._since_ns is None:
            self._since_ns = stamp_ns
        if self._given or stamp_ns - self._since_ns < HELD_NS:
            return False
        self._given = True
        return True


def may_signal(exercise: ExerciseDefinition, phase: Phase) -> bool:
    """Whether a raised hand cannot be a part of the exercise that is being done."""
    joints = {*exercise.joints, *MEASURES[exercise.measures[0]].joints}
    return joints.isdisjoint(_ARMS) and phase in (Phase.REST, Phase.UNKNOWN)


def _one_hand_raised(posture: Posture) -> bool:
    positions, up = posture.positions, posture.up
    for hand, other, other_shoulder in _SIDES:
        height = float((positions[hand] - positions[Joint.HEAD]) @ up)
        other_height = float((positions[other] - positions[other_shoulder]) @ up)
        if posture.seen[hand] and height > _ABOVE_HEAD_M and other_height < 0.0:
            return True
    return False
