"""The action of the assessment node: an exercise or a programme in one call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apsa_msgs.action import RunExercise
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.task import Future

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.goal_progress import GoalProgress, Progress, is_done
from apsa_perception.assessment.subject_chooser import Selection
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import (
    ErrorScope,
    RequestError,
    RequestErrorCode,
    SessionState,
)
from apsa_perception.model.results import AssessmentResult, ErrorSet, SessionStatus
from apsa_perception.programmes.goal import programme_of
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.programmes.run import ProgrammeRun
from apsa_perception.ros.goal_conversion import goal_from_msg, progress_to_msg, summary_to_msg
from apsa_perception.ros.lifecycle import CoachNode

ACTION = "run_exercise"


@dataclass
class _Goal:
    """An accepted goal.

    Attributes:
        handle: its handle.
        run: the run of its programme; None: it could not start.
        progress: what was done for it.
        published: the moment of the last feedback.
        end: how it ended, as a transition of the handle and the result.
    """

    handle: ServerGoalHandle
    run: ProgrammeRun | None = None
    progress: GoalProgress = field(default_factory=GoalProgress)
    published: Progress = field(default_factory=Progress)
    end: Future = field(default_factory=Future)

    def finish(
        self,
        transition: Callable[[ServerGoalHandle], None],
        message: str,
        code: RequestErrorCode = RequestErrorCode.NONE,
    ) -> None:
        """End the goal."""
        success = transition is ServerGoalHandle.succeed
        result = summary_to_msg(self.progress.summary, success, code, message)
        self.end.set_result((transition, result))


class ExerciseAction:
    """Offers ``run_exercise``: starts a session for each goal and follows its results.

    A goal that cannot start aborts and changes nothing. One that can takes the place of the goal
    or the session before.

    Args:
        node: the node that offers it; its settings have the usual number of repetitions.
        assessor: returns the present assessor.
        publish: publishes a result, and passes it to ``take``.
        exercises: the exercises that a goal can name.
        programmes: the programmes that a goal can name.
    """

    def __init__(
        self,
        node: CoachNode,
        assessor: Callable[[], Assessor],
        publish: Callable[[AssessmentResult], None],
        exercises: ExerciseLibrary,
        programmes: ProgrammeLibrary,
    ) -> None:
        self._node = node
        self._assessor = assessor
        self._publish = publish
        self._exercises = exercises
        self._programmes = programmes
        self._goal: _Goal | None = None
        self._accepted: dict[bytes, _Goal] = {}
        self._server = ActionServer(
            node,
            RunExercise,
            ACTION,
            self._execute,
            goal_callback=self._answer,
            handle_accepted_callback=self._begin,
            cancel_callback=self._cancel,
        )

    def take(self, result: AssessmentResult, frame_id: str) -> None:
        """Follow a result that the node has published."""
        goal = self._goal
        if goal is None:
            return
        live = isinstance(result, ErrorSet) and result.scope is ErrorScope.LIVE
        if not live and not isinstance(result, SessionStatus):
            goal.progress.add(result)
            return
        if self._assessor().plan.run is not goal.run:
            self._end(
                ServerGoalHandle.abort,
                "another exercise or programme was started, or the clock was set back",
                RequestErrorCode.SESSION_REPLACED,
            )
            return
        goal.progress.add(result)
        if goal.progress.now != goal.published:
            goal.published = goal.progress.now
            message = progress_to_msg(goal.published, result.stamp_ns, frame_id)
            goal.handle.publish_feedback(message)
        if isinstance(result, SessionStatus) and result.state is SessionState.CLOSED:
            if is_done(result):
                self._end(ServerGoalHandle.succeed, result.message)
            else:
                self.give_up(result.message)

    def give_up(self, message: str) -> None:
        """Abort the goal, if there is one: its session has ended, or no frame will follow."""
        self._end(ServerGoalHandle.abort, message, RequestErrorCode.SESSION_STOPPED)

    def close(self) -> None:
        """Destroy the action."""
        self._server.destroy()

    def _end(self, *how: Any) -> None:
        goal, self._goal = self._goal, None
        if goal is not None:
            goal.finish(*how)

    def _answer(self, _: RunExercise.Goal) -> GoalResponse:
        return GoalResponse.ACCEPT if self._node.has_begun else GoalResponse.REJECT

    def _begin(self, handle: ServerGoalHandle) -> None:
        goal = self._accepted[bytes(handle.goal_id.uuid)] = _Goal(handle)
        handle.execute()
        try:
            status = self._start(goal)
        except ValueError as error:
            goal.finish(ServerGoalHandle.abort, str(error), RequestError.code_of(error))
            return
        for result in self._assessor().take_interrupted():
            self._publish(result)
        self._end(
            ServerGoalHandle.abort,
            "another goal took its place",
            RequestErrorCode.SESSION_REPLACED,
        )
        self._goal = goal
        self._publish(status)

    def _start(self, goal: _Goal) -> SessionStatus:
        """Start the session of a goal; ``ValueError``, and no change, if that cannot be."""
        assessor = self._assessor()
        wanted = goal_from_msg(goal.handle.request)
        programme = programme_of(
            wanted,
            self._exercises,
            self._programmes,
            assessor.status.exercise,
            self._node.settings.target_repetitions,
        )
        if wanted.body_id:
            assessor.select_person(Selection(body_id=wanted.body_id))
        status = assessor.start_programme(programme)
        goal.run = assessor.plan.run
        return status

    def _cancel(self, handle: ServerGoalHandle) -> CancelResponse:
        """End the session of a goal; one that is over is not cancelled any more."""
        goal = self._goal
        if goal is None or goal.handle != handle:
            return CancelResponse.REJECT
        status = self._assessor().stop()
        for result in self._assessor().take_interrupted():
            self._publish(result)
        self._end(ServerGoalHandle.canceled, "the goal was cancelled; the session has ended")
        self._publish(status)
        return CancelResponse.ACCEPT

    async def _execute(self, handle: ServerGoalHandle) -> RunExercise.Result:
        """Wait for the end of a goal, which frames and requests bring about."""
        transition, result = await self._accepted.pop(bytes(handle.goal_id.uuid)).end
        transition(handle)
        return result
