"""The services of the assessment node: requests to its session."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apsa_msgs.srv import (
    AssessRange,
    Calibrate,
    DeletePerson,
    PauseSession,
    RateSet,
    RecordReference,
    RepeatSet,
    SelectPerson,
    SetExercise,
    SkipSet,
    StartProgramme,
    StartSession,
    StopSession,
)
from rclpy.service import Service

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.session_requests import DEFAULT_CALIBRATION_S
from apsa_perception.exercises.auto import AUTO
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError
from apsa_perception.model.results import AssessmentResult, SessionStatus
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.requests import answer_from_msg, selection_from_msg


class SessionServices:
    """Offers the services; each answers with the outcome and publishes the session.

    Args:
        node: the node that offers them.
        assessor: returns the present assessor.
        publish: publishes a result.
        exercises: the exercises that can be chosen.
        programmes: the programmes that can be started.
        ranges_dir: folder of the personal ranges.
        adopt: judges by a person's ranges from now on.
    """

    def __init__(
        self,
        node: CoachNode,
        assessor: Callable[[], Assessor],
        publish: Callable[[AssessmentResult], None],
        exercises: ExerciseLibrary,
        programmes: ProgrammeLibrary,
        ranges_dir: Path,
        adopt: Callable[[PersonalRanges], SessionStatus],
    ) -> None:
        self._node = node
        self._assessor = assessor
        self._publish = publish
        self._exercises = exercises
        self._programmes = programmes
        self._ranges_dir = ranges_dir
        self._adopt = adopt
        self._offered = [
            self._offer(StartSession, "start_session", lambda r: assessor().start(r.exercise)),
            self._offer(PauseSession, "pause_session", lambda _: assessor().pause()),
            self._offer(StopSession, "stop_session", lambda _: assessor().stop()),
            node.create_service(SetExercise, "set_exercise", self._set_exercise),
            node.create_service(SelectPerson, "select_person", self._select_person),
            node.create_service(StartProgramme, "start_programme", self._start_programme),
            self._offer(SkipSet, "skip_set", lambda _: assessor().skip_set()),
            self._offer(RepeatSet, "repeat_set", lambda _: assessor().repeat_set()),
            self._offer(RateSet, "rate_set", lambda r: assessor().rate_set(answer_from_msg(r))),
            self._offer(
                Calibrate,
                "calibrate",
                lambda r: assessor().calibrate(r.duration or DEFAULT_CALIBRATION_S),
            ),
            self._offer(
                AssessRange,
                "assess_range",
                lambda r: self._assess_range(r.person or self._node.settings.person),
            ),
            self._offer(
                DeletePerson,
                "delete_person",
                lambda r: self._delete_person(r.person or self._node.settings.person),
            ),
            self._offer(
                RecordReference,
                "record_reference",
                lambda r: assessor().record_reference(r.name, r.title, r.repetitions),
            ),
        ]

    def close(self) -> None:
        """Destroy the services."""
        for service in self._offered:
            self._node.destroy_service(service)

    def _offer(self, kind: Any, name: str, change: Callable[[Any], SessionStatus]) -> Service:
        return self._node.create_service(
            kind, name, lambda request, response: self._answer(response, lambda: change(request))
        )

    def _answer(self, response: Any, change: Callable[[], SessionStatus]) -> Any:
        try:
            status = change()
        except ValueError as error:
            response.success, response.message = False, str(error)
            response.error_code = int(RequestError.code_of(error))
        else:
            response.success, response.message = True, status.message
            for result in self._assessor().take_interrupted():
                self._publish(result)
            self._publish(status)
        return response

    def _assess_range(self, person: str) -> SessionStatus:
        """Save the range of motion of the session as the person's own and use it."""
        known = PersonalRanges.load(self._ranges_dir, person)
        ranges = self._assessor().assessed_ranges(known)
        ranges.save(self._ranges_dir, person)
        return self._adopt(ranges)

    def _delete_person(self, person: str) -> SessionStatus:
        """Delete the personal ranges of a person; the session continues without them."""
        PersonalRanges.delete(self._ranges_dir, person)
        own = self._node.settings.person
        self._adopt(PersonalRanges.load(self._ranges_dir, own) if own else PersonalRanges())
        return self._assessor().note_ranges_deleted()

    def _set_exercise(
        self, request: SetExercise.Request, response: SetExercise.Response
    ) -> SetExercise.Response:
        response.exercises = [*self._exercises.names, AUTO]
        self._answer(response, lambda: self._assessor().set_exercise(request.exercise))
        return response

    def _start_programme(
        self, request: StartProgramme.Request, response: StartProgramme.Response
    ) -> StartProgramme.Response:
        response.programmes = list(self._programmes.names)
        self._answer(
            response,
            lambda: self._assessor().start_programme(self._programmes.get(request.programme)),
        )
        return response

    def _select_person(
        self, request: SelectPerson.Request, response: SelectPerson.Response
    ) -> SelectPerson.Response:
        self._answer(response, lambda: self._assessor().select_person(selection_from_msg(request)))
        response.body_id = self._assessor().selected_id
        return response
