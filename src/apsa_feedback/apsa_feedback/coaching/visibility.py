"""Whether the coach sees enough of the person to say anything, and the hint if it does not."""

from apsa_feedback.stream.events import SkeletonFrame
from apsa_perception.model.codes import NotJudgedReason
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import ErrorSet, QualityResult
from apsa_perception.model.skeleton import Skeleton

_LEGS = ((Joint.LEFT_KNEE, Joint.LEFT_ANKLE), (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE))
_ARMS = ((Joint.LEFT_ELBOW, Joint.LEFT_WRIST), (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST))


class EvidenceWatch:
    """Follows who is there and what can be judged, and gives one hint after a while.

    The first measure of an error set is the exercise's primary one; while it is not judged, the
    evidence is poor.

    Args:
        hint_after_s: how long nobody must be seen, or the evidence be poor, before a hint.
    """

    def __init__(self, hint_after_s: float) -> None:
        self.hint_after_s = hint_after_s
        self.clear()

    def clear(self) -> None:
        """Begin anew: another session, or the clock ran back."""
        self._absent_since: int | None = None
        self._poor_since: int | None = None
        self._hinted_absence = False
        self._skeletons: tuple[Skeleton, ...] = ()
        self.body_id = 0

    @property
    def sufficient(self) -> bool:
        """Whether somebody is there and the primary measure can be had."""
        return self.body_id != 0 and self._poor_since is None

    def see_frame(self, frame: SkeletonFrame) -> None:
        """Note who was found in a frame."""
        self._skeletons = frame.skeletons

    def see_live(self, errors: ErrorSet) -> str | None:
        """Note the live errors of a frame; return the key of the hint that is due, if any."""
        now = errors.stamp_ns
        self.body_id = errors.body_id
        if not self.body_id:
            self._poor_since = None
            self._absent_since = now if self._absent_since is None else self._absent_since
            if self._hinted_absence or now - self._absent_since < round(self.hint_after_s * 1e9):
                return None
            self._hinted_absence = True
            return "nobody_there"
        self._absent_since = None
        self._hinted_absence = False
        if _primary_judged(errors):
            self._poor_since = None
            return None
        self._poor_since = now if self._poor_since is None else self._poor_since
        return (
            self._reason_hint()
            if now - self._poor_since >= round(self.hint_after_s * 1e9)
            else None
        )

    def see_quality(self, quality: QualityResult) -> str | None:
        """Return the key of the hint for a repetition that could not be judged, if any helps."""
        if quality.not_judged_reason is NotJudgedReason.JOINTS_HIDDEN:
            return self._hidden_hint() or "not_visible"
        return "turn" if quality.not_judged_reason is NotJudgedReason.VIEW else None

    def _reason_hint(self) -> str:
        if self._skeleton() is None:
            return "not_visible"
        return self._hidden_hint() or "turn"

    def _hidden_hint(self) -> str | None:
        skeleton = self._skeleton()
        if skeleton is None:
            return None
        if _hidden(skeleton, _ARMS):
            return "step_back"
        return "step_back_legs" if _hidden(skeleton, _LEGS) else None

    def _skeleton(self) -> Skeleton | None:
        return next((s for s in self._skeletons if s.body_id == self.body_id), None)


def _primary_judged(errors: ErrorSet) -> bool:
    if not errors.measures:
        return True
    primary = errors.measures[0].name
    return any(measure.judged for measure in errors.measures if measure.name == primary)


def _hidden(skeleton: Skeleton, limbs: tuple[tuple[Joint, ...], ...]) -> bool:
    """Whether no limb is seen whole."""
    return not any(all(skeleton.observed[joint] for joint in limb) for limb in limbs)
