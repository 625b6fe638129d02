"""A session as text, so that a node that crashed can continue it."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from apsa_perception.biomechanics.posture import BodyReference
from apsa_perception.model.codes import (
    ExerciseKind,
    ExerciseSide,
    Missing,
    RatingState,
    SessionEvent,
    SessionState,
    SetEnd,
)
from apsa_perception.model.results import SessionStatus, SetRating

FORMAT = "apsa-session/1"


@dataclass(frozen=True)
class SavedSession:
    """What a session needs to continue.

    Attributes:
        status: its status as it was published.
        number: which session it is.
        body_id: the exerciser; 0: nobody yet.
        reference: the exerciser's own upright posture; None if not calibrated.
        plan: the programme and the position in it as plain values; None: no session was started.
        person_left: whether another person was chosen after the last set ended.
    """

    status: SessionStatus
    number: int
    body_id: int
    reference: BodyReference | None
    plan: dict[str, Any] | None = None
    person_left: bool = False

    def to_json(self) -> str:
        """Return it as JSON."""
        reference = None
        if self.reference is not None:
            rest = [[*key, value] for key, value in self.reference.rest_values.items()]
            reference = {
                "up": self.reference.up.tolist(),
                "bone_lengths": self.reference.bone_lengths.tolist(),
                "rest_values": rest,
            }
        return json.dumps(
            {
                "format": FORMAT,
                "status": asdict(self.status),
                "number": self.number,
                "body_id": self.body_id,
                "reference": reference,
                "plan": self.plan,
                "person_left": self.person_left,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "SavedSession":
        """Return what ``to_json`` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise ValueError(f"format is {content['format']!r}; expected {FORMAT!r}")
            return cls(
                _status(content["status"]),
                int(content["number"]),
                int(content["body_id"]),
                _reference(content["reference"]),
                content.get("plan"),
                content.get("person_left") is True,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it is not a saved session: {error!r}") from None


def _status(content: dict[str, Any]) -> SessionStatus:
    return SessionStatus(
        **{
            **content,
            "state": SessionState(content["state"]),
            "event": SessionEvent(content["event"]),
            "exercise_side": ExerciseSide(content["exercise_side"]),
            "set_end": SetEnd(content["set_end"]),
            "missing": Missing(content["missing"]),
            "exercise_kind": ExerciseKind(content["exercise_kind"]),
            "rating": _rating(content["rating"]),
        }
    )


def _rating(content: dict[str, Any]) -> SetRating:
    return SetRating(**{**content, "state": RatingState(content["state"])})


def _reference(content: dict[str, Any] | None) -> BodyReference | None:
    if content is None:
        return None
    return BodyReference(
        np.array(content["up"], dtype=np.float64),
        np.array(content["bone_lengths"], dtype=np.float64),
        {(name, side): value for name, side, value in content["rest_values"]},
    )
