"""The topics of the assessment: type of their messages, and the result that a message becomes.

In the order in which the results of one stamp follow from each other, which results files keep.
"""

from collections.abc import Callable, Mapping
from typing import Any

from apsa_msgs.msg import ExerciseErrorArray, ExerciseQuality, Hold, Repetition, Session

from apsa_feedback.stream.events import Result
from apsa_perception.ros.hold_conversion import hold_from_msg
from apsa_perception.ros.result_conversion import (
    errors_from_msg,
    quality_from_msg,
    repetition_from_msg,
)
from apsa_perception.ros.session_conversion import session_from_msg

RESULT_TOPICS: Mapping[str, tuple[type, Callable[[Any], Result]]] = {
    "session": (Session, session_from_msg),
    "repetitions": (Repetition, repetition_from_msg),
    "quality": (ExerciseQuality, quality_from_msg),
    "holds": (Hold, hold_from_msg),
    "errors": (ExerciseErrorArray, errors_from_msg),
}
