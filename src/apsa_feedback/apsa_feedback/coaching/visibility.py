"""Whether enough of the person is visible to judge them, and the hint if not."""

from collections.abc import Mapping

from apsa_feedback.coaching.camera_cues import turned_key
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.stream.events import SkeletonFrame
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import ExerciseSide, NotJudgedReason, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import ErrorSet, MeasureResult, QualityResult
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds

_SIDE_OF = {ExerciseSide.LEFT: Side.LEFT, ExerciseSide.RIGHT: Side.RIGHT}
_Limbs = Mapping[Side, tuple[Joint, ...]]
_LEGS: _Limbs = {
    Side.LEFT: (Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    Side.RIGHT: (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
}
_ARMS: _Limbs = {
    Side.LEFT: (Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    Side.RIGHT: (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
}
_ARM_JOINTS = frozenset(joint for limb in _ARMS.values() for joint in limb)


class VisibilityWatch:
    """Tracks whether a person is visible well enough, and returns a hint after a while if not.

    The first measure of an error set is the exercise's primary one; while it is not judged, the
    visibility is poor. In an exercise for one side only that side counts.

    Args:
        hint_after_s: how long the person must be absent, or the visibility poor, before a hint.

    Attributes:
        exercise_side: which sides of the body the exercise is for.
    """

    def __init__(self, hint_after_s: float) -> None:
        self.hint_after_s = hint_after_s
        self.exercise_side = ExerciseSide.BOTH
        self.clear()

    def clear(self) -> None:
        """Reset: another session, or the clock ran back."""
        self._absent_since: int | None = None
        self._poor_since: int | None = None
        self._hinted_absence = False
        self._measured_joints: frozenset[Joint] = frozenset()
        self._skeletons: tuple[Skeleton, ...] = ()
        self.body_id = 0

    @property
    def sufficient(self) -> bool:
        """Whether a person is visible and the primary measure is judged."""
        return self.body_id != 0 and self._poor_since is None

    def add_frame(self, frame: SkeletonFrame) -> None:
        """Take the people detected in a frame."""
        self._skeletons = frame.skeletons

    def add_live(self, errors: ErrorSet) -> CueKey | None:
        """Take the live errors of a frame; return the key of the hint that is due, if any."""
        now = errors.stamp_ns
        self.body_id = errors.body_id
        if not self.body_id:
            self._poor_since = None
            self._absent_since = now if self._absent_since is None else self._absent_since
            if self._hinted_absence or now - self._absent_since < to_nanoseconds(self.hint_after_s):
                return None
            self._hinted_absence = True
            return CueKey.NOBODY_THERE
        self._absent_since = None
        self._hinted_absence = False
        primary = self._primary(errors)
        self._measured_joints = frozenset(
            joint
            for measure in primary
            if measure.name in MEASURES
            for joint in MEASURES[measure.name].joints_of(measure.side)
        )
        if not primary or any(measure.judged for measure in primary):
            self._poor_since = None
            return None
        self._poor_since = now if self._poor_since is None else self._poor_since
        due = now - self._poor_since >= to_nanoseconds(self.hint_after_s)
        return self._reason_hint() if due else None

    def add_quality(self, quality: QualityResult) -> CueKey | None:
        """Return the key of the hint for a repetition that was not judged, if a hint can help."""
        if quality.not_judged_reason is NotJudgedReason.JOINTS_HIDDEN:
            behind = Sentence.JOINTS_HIDDEN.is_said_by(quality.reason)
            return self._hidden_hint() or (CueKey.TURN if behind else CueKey.NOT_VISIBLE)
        if quality.not_judged_reason is NotJudgedReason.SIDEWAYS:
            return turned_key(quality.reason)
        return CueKey.TURN if quality.not_judged_reason is NotJudgedReason.VIEW else None

    def _primary(self, errors: ErrorSet) -> list[MeasureResult]:
        """The primary measure of the sides that the exercise is for."""
        side = _SIDE_OF.get(self.exercise_side)
        return [
            measure
            for measure in errors.measures
            if measure.name == errors.measures[0].name and (side is None or measure.side is side)
        ]

    def _reason_hint(self) -> CueKey:
        if self._skeleton() is None:
            return CueKey.NOT_VISIBLE
        return self._hidden_hint() or CueKey.TURN

    def _hidden_hint(self) -> CueKey | None:
        skeleton = self._skeleton()
        if skeleton is None:
            return None
        if self._hidden(skeleton, _ARMS):
            return CueKey.STEP_BACK
        legs_matter = self._measured_joints.isdisjoint(_ARM_JOINTS)
        return CueKey.STEP_BACK_LEGS if legs_matter and self._hidden(skeleton, _LEGS) else None

    def _hidden(self, skeleton: Skeleton, limbs: _Limbs) -> bool:
        """Return whether no limb that can make the movement is completely observed.

        In an exercise for one side, the other side's limb can only replace it if the exercise does
        not measure this kind of limb.
        """
        side = _SIDE_OF.get(self.exercise_side)
        if side is not None and not self._measured_joints.isdisjoint(limbs[side]):
            return not skeleton.observed[list(limbs[side])].all()
        return not any(skeleton.observed[list(limb)].all() for limb in limbs.values())

    def _skeleton(self) -> Skeleton | None:
        return next((s for s in self._skeletons if s.body_id == self.body_id), None)
