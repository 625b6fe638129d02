"""The choice to recognise the exercise instead of naming it."""

from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import ExerciseDefinition

AUTO = "auto"
"""Name of the choice to recognise the exercise."""

AUTO_EXERCISE = ExerciseDefinition(
    name=AUTO,
    family=AUTO,
    judged_as=AUTO,
    title="Recognise the exercise",
    description="Do two repetitions of an exercise. The coach recognises it and then counts.",
    views=frozenset({View.FRONTAL, View.OBLIQUE, View.SIDE}),
    joints=(),
    motion=None,
    hold=None,
    measures=(),
    live_rules=(),
    repetition_rules=(),
)
"""The session's exercise until one is recognised: nothing is counted."""
