"""Groups of the exercises, by which people look for one."""

from apsa_perception.biomechanics.arms import ARMS
from apsa_perception.biomechanics.legs import LEGS
from apsa_perception.exercises.definition import ExerciseDefinition

OWN = "own"
"""Group of the exercises in the user's own folder, which the library knows."""

AUTO_GROUP = "auto"
"""Group of the choice to recognise the exercise."""

GROUPS = (AUTO_GROUP, OWN, "legs", "arms", "trunk", "floor", "holds")
"""All groups, in the order in which they are shown."""

_REGIONS = {
    **{measure.name: "legs" for measure in LEGS},
    **{measure.name: "arms" for measure in ARMS},
}


def region_of(exercise: ExerciseDefinition) -> str:
    """Return the group of an exercise: a hold, on the floor, or the part of the body that moves."""
    if exercise.hold is not None:
        return "holds"
    if exercise.motion is None:
        return AUTO_GROUP
    if exercise.lying:
        return "floor"
    return _REGIONS.get(exercise.motion.measure, "trunk")
