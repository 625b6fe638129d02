"""Demonstration of a movement by a person, and the repetitions in it.

The movement is found automatically: the sided angle with the largest excursion from its start,
relative to the error that is assumed for it: by the measured errors a squat would be one of the
thighs, not of the knees. Angles of the legs take precedence where their excursion is large: people
who squat may raise the arms as far, but people who raise the arms do not squat.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from apsa_perception.biomechanics.legs import LEGS
from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.recorded_pose import RecordedPose, pose_of
from apsa_perception.model.body_frame import to_body_frame
from apsa_perception.model.codes import ExerciseSide, RequestError, RequestErrorCode, Side
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter

LEAST_SEEN = 0.7
"""Least share of frames in which a measure must have been taken to be used."""
FIRST_FRAMES = 5
"""Number of first frames that show rest."""

_MIN_EXCURSION = 2.0  # assumed errors of the measure
_MIN_LEG_EXCURSION = 3.0  # the same, for legs to take precedence
_LEG_MEASURES = frozenset(measure.name for measure in LEGS)
_MIN_PARTICIPATION = 0.5
_MAX_GAP_S = 1.0
_SHORTEST_S = 0.3
_LONGEST_S = 60.0


@dataclass(frozen=True)
class Movement:
    """The demonstrated movement.

    Attributes:
        measure: name of the measure that moves.
        sides: its sides that move.
        rest: value at rest.
        excursion: signed change from rest to the turning point.
    """

    measure: str
    sides: ExerciseSide
    rest: float
    excursion: float


class Demonstration:
    """Collects the demonstration frame by frame, starting at rest."""

    def __init__(self) -> None:
        self._stamps: list[int] = []
        self._rows: list[list[float]] = []
        self._leans_deg: list[float] = []
        self._bodies: list[FloatArray] = []
        self._ups: list[FloatArray] = []
        self._keys: list[tuple[str, Side]] = []
        self._views: set[View] = set()

    def add(self, stamp_ns: int, posture: Posture) -> None:
        """Add a frame; stamps increase."""
        results = take_measures(posture, MEASURES)
        self._keys = [(one.name, one.side) for one in results]
        self._rows.append([one.value for one in results])
        self._stamps.append(stamp_ns)
        self._bodies.append(posture.positions)
        self._ups.append(posture.up)
        self._leans_deg.append(posture.standing_lean_deg)
        self._views |= set(View) if posture.depth_measured else {posture.view}

    @property
    def standing_lean_deg(self) -> float:
        """Median lean of the body in the frames in which it stood straight; NaN without any."""
        stood = [lean for lean in self._leans_deg if math.isfinite(lean)]
        return abs(median(stood)) if stood else math.nan

    @property
    def views(self) -> tuple[View, ...]:
        """Views that occurred; all if depth was measured or no view is known."""
        known = [view for view in View if view is not View.UNKNOWN]
        return tuple(view for view in known if view in self._views) or tuple(known)

    def series(self, name: str, side: Side) -> FloatArray:
        """Values ``(T,)`` of a measure, NaN where it was not judged."""
        column = self._keys.index((name, side))
        return np.array([row[column] for row in self._rows])

    def poses(self, segments: Sequence[Segment]) -> tuple[RecordedPose, RecordedPose] | None:
        """Return the median body at the start and at the turning point of repetitions.

        None if it is not known where the person faces.
        """
        try:
            bodies = to_body_frame(np.stack(self._bodies), np.median(self._ups, axis=0))
        except ValueError:
            return None
        moments = ([one.start_ns for one in segments], [one.peak_ns for one in segments])
        start, turn = (
            np.median(bodies[np.searchsorted(self._stamps, stamps)], axis=0) for stamps in moments
        )
        return pose_of(start), pose_of(turn)

    def movement(self) -> Movement:
        """Return the movement.

        Raises:
            RequestError: no excursion is larger than its error.
        """
        excursions: dict[str, dict[Side, tuple[float, float]]] = {}
        far: dict[str, float] = {}
        for name, measure in MEASURES.items() if self._rows else ():
            if not measure.sided or measure.unit != "deg":
                continue
            values = {side: self.series(name, side) for side in measure.sides}
            excursions[name] = {
                side: _rest_and_excursion(one)
                for side, one in values.items()
                if np.isfinite(one).mean() > LEAST_SEEN
            }
            farthest = max((abs(size) for _, size in excursions[name].values()), default=0.0)
            far[name] = farthest / measure.assumed_error  # the same for every angle in space
        legs = {
            name: size
            for name, size in far.items()
            if name in _LEG_MEASURES and size >= _MIN_LEG_EXCURSION
        }
        best = max(legs or far, key=lambda name: far[name], default="")
        if not best or far[best] < _MIN_EXCURSION:
            raise RequestError(
                RequestErrorCode.TOO_FEW_REPETITIONS,
                Sentence.NO_MOVEMENT.text(),
            )
        return _with_sides(best, excursions[best])

    def repetitions(self, movement: Movement) -> list[Segment]:
        """Return the complete repetitions, from rest to rest."""
        motion = PrimaryMotion(
            measure=movement.measure,
            sides=movement.sides,
            rest_limit=movement.rest + 0.4 * movement.excursion,
            target=movement.rest + movement.excursion,
            min_excursion=0.5 * abs(movement.excursion),
            min_duration_s=_SHORTEST_S,
            max_duration_s=_LONGEST_S,
        )
        segmenter = Segmenter(motion, _MAX_GAP_S)
        left, right = (self.series(motion.measure, side) for side in (Side.LEFT, Side.RIGHT))
        rows = zip(self._stamps, left.tolist(), right.tolist(), strict=True)
        found = [segmenter.update(*row) for row in rows]
        return [segment for segment in found if segment is not None]

    def count(self) -> int:
        """Return the number of complete repetitions; 0 without a movement."""
        try:
            return len(self.repetitions(self.movement()))
        except ValueError:
            return 0


def _with_sides(name: str, excursions: dict[Side, tuple[float, float]]) -> Movement:
    """The movement, with those sides of the measure that take part in it."""
    largest = max((size for _, size in excursions.values()), key=abs)
    rests = {
        side: rest
        for side, (rest, size) in excursions.items()
        if size / largest > _MIN_PARTICIPATION
    }
    sides = ExerciseSide.BOTH
    if len(rests) == 1:
        sides = ExerciseSide.LEFT if Side.LEFT in rests else ExerciseSide.RIGHT
    return Movement(name, sides, float(np.mean(list(rests.values()))), largest)


def _rest_and_excursion(values: FloatArray) -> tuple[float, float]:
    """Value at rest and signed excursion to the farther end, without outliers."""
    seen = values[np.isfinite(values)]
    rest = float(np.median(seen[:FIRST_FRAMES]))
    low, high = (float(end) - rest for end in np.percentile(seen, [5, 95]))
    return rest, high if high > -low else low
