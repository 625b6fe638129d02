"""What the coach says of a movement that does not go back to the start, such as pulses."""

from apsa_feedback.coaching.cue_keys import CueKey
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseSide

_SHOULDER_HEIGHT_DEG = 90.0


def return_key(exercise: ExerciseDefinition | None) -> CueKey:
    """Return the key of the cue to go back to the start, in the words of the exercise.

    Args:
        exercise: its definition; None: it is not known.
    """
    motion = exercise.motion if exercise else None
    if exercise is None or motion is None:
        return CueKey.RETURN_TO_REST
    bends, together = motion.sign < 0.0, motion.sides is ExerciseSide.BOTH
    match motion.measure:
        case "elbow_angle" if bends:
            return CueKey.RETURN_ARMS_STRAIGHT
        case "shoulder_elevation" if not bends and motion.rest_limit < _SHOULDER_HEIGHT_DEG:
            return CueKey.RETURN_ARMS_DOWN
        case _ if exercise.lying:
            return CueKey.RETURN_TO_REST
        case "depth":
            return CueKey.RETURN_STANDING
        case "knee_angle" if bends:
            return CueKey.RETURN_STANDING
        case "knee_angle" if together:
            return CueKey.RETURN_SEATED
        case "hip_angle" if bends:
            return CueKey.RETURN_STANDING if together else CueKey.RETURN_FOOT_DOWN
    return CueKey.RETURN_TO_REST
