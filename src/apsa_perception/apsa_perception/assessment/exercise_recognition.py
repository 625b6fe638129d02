"""Recognises the exercise of a session, or notices that it is another one than asked for."""

import math
from collections.abc import Iterable

from apsa_perception.apsa.domain import Domain
from apsa_perception.assessment.sideways import SidewaysWatch
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.auto import AUTO_EXERCISE
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.recognition.model import RecognitionModel
from apsa_perception.recognition.watch import Recognised, RecognitionWatch

_SAME = {"lunge": "inline_lunge"}
"""Families of the coach that the data sets have under another name."""

_ALIKE: tuple[frozenset[str], ...] = (frozenset({"squat", "sit_to_stand"}),)
"""Families of one movement from other starts: nobody is told to do the other one."""

_ALIKE_TO_ONE_CAMERA = (
    frozenset(
        {
            "shoulder_abduction",
            "shoulder_flexion",
            "shoulder_forward_elevation",
            "shoulder_scaption",
        }
    ),
)
"""Families that differ by the direction of the arm, which one camera often mistakes."""

_MOST_ASKED = 0.001
"""Probability of the exercise asked for below which the movement is another one."""

_TRUSTED_NS = to_nanoseconds(10.0)
"""Once it is settled what is done, nobody is watched so long after a repetition was counted."""

_SETTLED = 4
"""Repetitions that were counted after which it is settled, whatever was recognised."""


class ExerciseRecognition:
    """Follows the exerciser for any exercise that the model knows.

    Watching costs more than the assessment. So nobody is watched while repetitions are counted and
    it is settled what is done: the exercise asked for was recognised, the model lacks it, or there
    were enough repetitions to tell since another exercise was recognised.

    Of an exercise that the model lacks, no repetition that is counted is taken for another one.

    Args:
        model: the recogniser.
        exercises: all exercises; those that the model knows may be recognised.
        max_gap_s: as of the segmenter.

    Attributes:
        instead: title of the exercise that is done instead of the one asked for; empty: none.
    """

    def __init__(
        self, model: RecognitionModel, exercises: Iterable[ExerciseDefinition], max_gap_s: float
    ) -> None:
        self._families = frozenset(model.families)
        known = tuple(exercises)
        self._watch = RecognitionWatch(known, model, max_gap_s)
        self._titles = {one.name: one.title for one in known}
        self._family = ""
        self._sideways = SidewaysWatch(AUTO_EXERCISE.posture)
        self.reset()

    def ask_for(self, exercise: ExerciseDefinition) -> None:
        """Compare with this exercise from now on."""
        self._family = _SAME.get(exercise.family, exercise.family)
        self.reset()

    def reset(self) -> None:
        """Forget everything: another person, or a new start."""
        self._watch.reset()
        self._sideways.reset()
        self._noticed = ""
        self.instead = ""
        self._confirmed = False
        self._counted_ns = -_TRUSTED_NS
        self._settled = self._family not in self._families
        self._counted = 0

    def interrupt(self) -> None:
        """Drop the movement in progress."""
        self._watch.interrupt()

    def note_counted(self, end_ns: int) -> None:
        """Note the end of a repetition that the coach counted, in the frame that completes it.

        ``instead`` ends with a repetition before which, since the last one, nothing was recognised:
        so a recognition that was wrong soon costs no more scores.
        """
        if not self._confirmed:
            self.instead = ""
        self._confirmed = False
        self._counted_ns = end_ns
        self._counted += 1
        self._settled = self._settled or self._counted >= _SETTLED

    def update(self, skeleton: Skeleton, posture: Posture) -> Recognised | None:
        """Process a frame; return the exercise that its last repetition reveals, if any."""
        if self._settled and skeleton.stamp_ns - self._counted_ns < _TRUSTED_NS:
            return None
        found = self._watch.update(skeleton, posture)
        if found is not None and self._family in self._families:
            self._confirmed = self._is_ruled_out_by(found)
            self.instead = self._titles[found.exercise] if self._confirmed else ""
            if self._confirmed:
                self._settled, self._counted = False, 0
        return found

    def turned_picture(self, stamp_ns: int, posture: Posture) -> str:
        """Process a frame before an exercise is recognised.

        Returns:
            A sentence if the picture is turned, so that no exercise can be recognised; else empty.
        """
        return self._sideways.update(stamp_ns, posture)

    def is_another(self, found: Recognised, held_s: float) -> bool:
        """Whether what was recognised is not the exercise asked for; true once for each.

        An exercise that the model does not know may look like one that it knows. So it is another
        one only if the coach did not count the repetitions, or time a hold, meanwhile.

        Args:
            found: what was recognised.
            held_s: seconds of the hold in progress.
        """
        if self._family == found.family:
            self._noticed, self._settled = "", True
            return False
        if found.family == self._noticed or self._is_alike(found):
            return False
        if self._family in self._families:
            another = self._is_ruled_out_by(found)
        else:
            another = self._counted_ns < found.segments[0].start_ns and not held_s
        if another:
            self._noticed = found.family
        return another

    def _is_ruled_out_by(self, found: Recognised) -> bool:
        """Whether the exercise asked for, which the model knows, is not what was done."""
        improbable = found.likelihoods[self._family] < math.log(_MOST_ASKED)
        return improbable and not self._is_alike(found)

    def _is_alike(self, found: Recognised) -> bool:
        """Whether what was recognised is not told apart from the exercise asked for."""
        alike = _ALIKE + _ALIKE_TO_ONE_CAMERA if found.domain is Domain.CAMERA else _ALIKE
        return any({self._family, found.family} <= each for each in alike)
