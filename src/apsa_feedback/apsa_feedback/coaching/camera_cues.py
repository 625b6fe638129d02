"""What the coach says of a picture that is turned."""

from apsa_feedback.coaching.cue_keys import CueKey
from apsa_perception.model.codes import Missing
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.sentences import Sentence, said


def turned_key(sentence: str) -> CueKey:
    """Return the key of the cue to turn the camera.

    Args:
        sentence: that of the message, which says how the picture is turned; empty: not known.
    """
    found = said(sentence)
    upside_down = found is not None and found.sentence is Sentence.UPSIDE_DOWN
    return CueKey.CAMERA_UPSIDE_DOWN if upside_down else CueKey.CAMERA_SIDEWAYS


def waits_upside_down(status: SessionStatus) -> bool:
    """Whether a start waits until a picture that is upside down has been turned."""
    turned = status.missing is Missing.UPRIGHT_CAMERA
    return turned and turned_key(status.message) is CueKey.CAMERA_UPSIDE_DOWN
