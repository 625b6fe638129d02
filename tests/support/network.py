"""A network that gives a fixed answer."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray


@dataclass(frozen=True)
class Answer:
    """What a network says."""

    score: float = 0.9
    confidence: float = 0.8
    abstained: bool = False
    reason: str = ""
    joints_hidden: bool = False
    resembles: str = ""
    inference_ms: float = 1.5
    joint_relevance: FloatArray = field(
        default_factory=lambda: np.eye(JOINT_COUNT)[Joint.LEFT_KNEE]
    )


class Network:
    """Always says the same and remembers what it was asked."""

    name = "always"
    version = "3"

    def __init__(self, answer: Answer, exercises: tuple[str, ...] = ("squat",)) -> None:
        self.exercises = exercises
        self.answer = answer
        self.unknown_sources: tuple[str, ...] = ()
        self.views = ALL_VIEWS
        self.asked: list[dict[str, Any]] = []

    def judged_views(self, exercise: str, source: str) -> frozenset[View]:
        known = exercise in self.exercises and source not in self.unknown_sources
        return self.views if known else frozenset()

    def judge(self, **question: Any) -> Answer:
        self.asked.append(question)
        return self.answer
