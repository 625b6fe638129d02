"""A screen with a real clip, opened in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import languages
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.stream.views import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import CuePriority, Grade, NotJudgedReason
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult, QualityResult, RepetitionResult
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.programmes.library import ProgrammeLibrary
from support import chromium
from support.feedback_cases import CUE_FOLDER, book, error, live, repetition, session

MARKS = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]
BOTTOM_S = 1.0
SIZES = [(1280, 800), (390, 844), (844, 390), (1920, 1080)]
KNEES = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)


@dataclass(frozen=True)
class Shot:
    """The bottom of a squat with caved-in knees."""

    picture: npt.NDArray[np.uint8]
    skeleton: Skeleton

    def view(self, stamp_ns: int, erroneous: bool = False) -> View:
        """The shot as the frame of a stamp."""
        height, width = self.picture.shape[:2]
        knees = replace(error(), joints=KNEES)
        measures = (MeasureResult("knee_angle", 95.0, "deg"),)
        errors = replace(
            live(0.0, *([knees] if erroneous else []), measures=measures), stamp_ns=stamp_ns
        )
        return View(stamp_ns, (self.skeleton,), (width, height), self.picture, errors)


def take_shot(clip: Path) -> Shot:
    """The lowest frame of the clip with its skeleton."""
    video = cv2.VideoCapture(str(clip))
    step_s = 1.0 / video.get(cv2.CAP_PROP_FPS)
    estimator = PoseEstimator(open_backend())
    for index in range(round(BOTTOM_S / step_s)):
        picture = cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2RGB)
        skeletons = estimator.process(picture, round(index * step_s * 1e9))
    estimator.close()
    return Shot(np.asarray(picture, dtype=np.uint8), skeletons[0])


def make_screen(
    asked: list[str] | None = None, port: int = 0, locale: str = "en", **context: Any
) -> ScreenOutput:
    """A screen whose buttons note what was asked for; ``context``: of the output."""
    noted = asked if asked is not None else []
    names = ("start", "pause", "stop", "calibrate", "exercise", "language")
    names += ("programme", "skip", "repeat", "person", "rate", "delete_person")
    names += ("choose_person", "assess_range", "record_reference", "set_target", "targets")
    names += ("set_plan", "remove_plan", "set_limit")
    commands = {
        name: (lambda value="", name=name: noted.append(f"{name} {value}".strip()))
        for name in names
    }
    exercises = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
    programmes = ProgrammeLibrary(exercises, CUE_FOLDER.parent / "programmes")
    given = OutputContext(
        book(locale),
        ScreenSettings(port=port),
        print,
        commands,
        languages=languages(CUE_FOLDER),
        **{"exercises": exercises, "programmes": programmes, **context},
    )
    return ScreenOutput.open(given)


@asynccontextmanager
async def opened(screen: ScreenOutput) -> AsyncIterator[chromium.Page]:
    """The page of a screen with an empty storage; the screen is closed at the end."""
    try:
        async with chromium.browse() as page:
            await page.open(screen.server.url)
            await page.wait_for("document.getElementById('count-label').textContent")
            yield page
    finally:
        await asyncio.to_thread(screen.close)


def show_scores(screen: ScreenOutput, *scores: float, first: int = 1) -> None:
    """Repetitions with these scores, each of them called good."""
    for index, score in enumerate(scores, first):
        for event in repetition(3.0 * index, index):
            if isinstance(event, QualityResult):
                event = replace(event, score=score)
            screen.show_event(event)  # type: ignore[arg-type]


async def text(page: chromium.Page, name: str) -> str:
    """Text of an element."""
    return str(await page.run(f"document.getElementById('{name}').textContent"))


def fill(screen: ScreenOutput) -> None:
    """A session with a good, a fair, a poor repetition and one that was not judged."""
    screen.show_event(session(target=10))
    grades = [Grade.GOOD, Grade.FAIR, Grade.NOT_JUDGED, Grade.POOR]
    for index, grade in enumerate(grades, 1):
        hidden = grade is Grade.NOT_JUDGED
        reason = NotJudgedReason.JOINTS_HIDDEN if hidden else NotJudgedReason.NONE
        for event in repetition(3.0 * index, index, grade=grade, reason=reason):
            if isinstance(event, RepetitionResult):
                event = replace(event, measure="knee_angle", rest_value=160.0)
            screen.show_event(event)  # type: ignore[arg-type]
    sentence, *_ = book().texts("knee_valgus")
    screen.show_cue(CueResult(1, 1, CuePriority.FORM, "knee_valgus", sentence, "en"))
