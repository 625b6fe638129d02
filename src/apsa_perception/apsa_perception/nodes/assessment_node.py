"""Skeletons in; repetitions, quality, errors and the session out."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from apsa_msgs.msg import SkeletonArray
from rclpy.clock import Clock, ClockType
from rclpy.subscription import Subscription

from apsa_perception.apsa.background import BackgroundModel
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.session_file import SessionFile
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.bringup.node_settings import AssessmentNodeSettings, weights_of
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, path_or_none
from apsa_perception.model.results import AssessmentResult, SessionStatus
from apsa_perception.model.stamps import StampGate
from apsa_perception.nodes.exercise_action import ExerciseAction
from apsa_perception.nodes.limit_parameter import LimitParameter
from apsa_perception.nodes.other_coaches import OtherCoaches
from apsa_perception.nodes.result_publishers import ResultPublishers
from apsa_perception.nodes.session_services import SessionServices
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.recognition.model import RecognitionModel
from apsa_perception.ros.clock_watch import ClockWatch
from apsa_perception.ros.kept_person import KeptPerson
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import RESULTS, subscription
from apsa_perception.ros.skeleton_bytes import SkeletonReader
from apsa_perception.ros.stamp_bytes import read_stamp

_CHECK_S = 1.0


class AssessmentNode(CoachNode):
    """Counts and judges repetitions.

    Subscribes: skeletons.
    Publishes: errors for every frame, repetition and hold, quality, repetitions, holds, session
    (latched); dropped, the header of each frame that could not be used.
    Services: start_session, pause_session, stop_session, set_exercise, start_programme, skip_set,
    repeat_set, rate_set, calibrate, assess_range, record_reference, select_person.
    Action: run_exercise.
    """

    NAME = "assessment_node"
    SETTINGS = AssessmentNodeSettings
    settings: AssessmentNodeSettings

    def configure(self) -> None:
        self._own_exercises = path_or_none(self.settings.own_exercises_dir)
        self._library = ExerciseLibrary.load(
            path_or_none(self.settings.exercises_dir), self._own_exercises
        )
        self._programmes = ProgrammeLibrary.load(
            self._library,
            path_or_none(self.settings.programmes_dir),
            path_or_none(self.settings.own_programmes_dir),
        )
        weights = weights_of(self.settings)
        self._model = None if weights is None else BackgroundModel(weights)
        self._recognition = RecognitionModel.load()
        self._person = KeptPerson(self, "person")
        self._person.restore()
        self._ranges_dir = path_of(self.settings.ranges_dir)
        self._ranges = self._ranges_of(self.settings.person)
        self._limits = LimitParameter(self, self._ranges_dir, self._library)
        self._limits.show(self._ranges.own)
        self._assessor = self._new_assessor(0)
        self._choose(self.settings.exercise, self.settings.programme)
        self._saved = SessionFile(path_or_none(self.settings.state_dir), self.diagnostics.drop)
        self._resumed = self._resume()
        for problem in (*self._library.problems, *self._programmes.problems):
            self.get_logger().error(problem)
        self._frame_id = ""
        self._reader = SkeletonReader(self._on_refused)
        self._stamps = StampGate()
        self._results = ResultPublishers(self)
        # The assessor is looked up at each call: a restart replaces it.
        self._session_services = SessionServices(
            self,
            assessor=lambda: self._assessor,
            publish=self._publish,
            exercises=self._library,
            programmes=self._programmes,
            ranges_dir=self._ranges_dir,
            adopt=self._adopt,
        )
        self._exercise_action = ExerciseAction(
            self,
            assessor=lambda: self._assessor,
            publish=self._publish,
            exercises=self._library,
            programmes=self._programmes,
        )

    def _new_assessor(self, sessions: int) -> Assessor:
        """Return an assessor that numbers its sessions after so many."""
        settings = AssessmentSettings.of(self.settings)
        return Assessor(
            self._library,
            settings,
            self._model,
            ranges=self._ranges,
            own_exercises=self._own_exercises,
            programmes=self._programmes,
            sessions=sessions,
            recognition=self._recognition,
        )

    def _ranges_of(self, person: str) -> PersonalRanges:
        return PersonalRanges.load(self._ranges_dir, person) if person else PersonalRanges()

    def check_settings(self, settings: AssessmentNodeSettings) -> None:
        if settings.person != self._person.name:
            self._assessor.check_person_can_change()
            self._ranges_of(settings.person)
        elif not self._limits.shows:
            self._limits.keep(settings.own_limits, settings.person, self._ranges.own)

    def reconfigure(self) -> None:
        target = self._assessor.status.target_repetitions
        self._assessor.use_settings(AssessmentSettings.of(self.settings))
        changed = self._assessor.status.target_repetitions != target
        if self.settings.person != self._person.name:
            self._person.keep(self.settings.person)
            self._ranges = self._ranges_of(self.settings.person)
            self._assessor.change_person(self._ranges)
            self._limits.show(self._ranges.own)
            changed = True
        elif not self._limits.shows:
            self._use_limits(PersonalLimits.of_text(self.settings.own_limits))
        if changed:
            self._publish(self._assessor.take_status())

    def _resume(self) -> SessionStatus | None:
        """Continue the session of a process that crashed, if there is one; return its status."""
        saved = self._saved.read()
        if saved is None:
            return None
        try:
            self._assessor.resume(saved)
        except ValueError as error:
            self.diagnostics.drop("saved session", f"the session cannot be continued: {error}")
            return None
        self.get_logger().warning(
            f"the session continues after a crash, at {saved.status.repetitions} repetitions of "
            f"{saved.status.exercise}"
        )
        return saved.status

    def activate(self) -> None:
        if self._model is not None:
            self._model.load()
        self._others = OtherCoaches(self, after_crash=self._resumed is not None)
        self._clocks = ClockWatch(self, "skeletons")
        self.diagnostics.watch(self._clocks.warning)
        self._watch = self.create_timer(
            _CHECK_S, self._check, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def deactivate(self) -> None:
        self.diagnostics.expect(None)
        self.diagnostics.watch(None)
        self.destroy_timer(self._watch)
        self._exercise_action.give_up("the assessment node was deactivated")

    def _check(self) -> None:
        """Look for what is wrong without a frame: the network, and another coach.

        Raises:
            ParameterError: the network could not be loaded.
        """
        if self._model is not None and self._model.failure:
            raise ParameterError(self._model.failure)
        self._others.check()

    def begin(self) -> Sequence[Subscription]:
        self.diagnostics.expect("frames")
        # Not earlier: a latched message can arrive after the first errors.
        if self._resumed is not None:
            self._publish(self._resumed)
        elif self.settings.start_session:
            self._publish(self._assessor.start())
        return (
            subscription(
                self, SkeletonArray, "skeletons", self._on_skeletons, RESULTS, serialized=True
            ),
        )

    def cleanup(self) -> None:
        if self._model is not None:
            self._model.close()
        self._session_services.close()
        self._exercise_action.close()
        self._results.close()
        self._saved.remove()
        self._person.remove()
        self._limits.show(PersonalLimits())

    def _on_skeletons(self, data: bytes) -> None:
        stamp_ns, frame_id = read_stamp(data), ""
        self.diagnostics.arrived("frames")
        self._clocks.add(stamp_ns)
        refused = self.diagnostics.dropped("bodies")
        try:
            _, skeletons, frame_id, _ = self._reader.read(data)
            if self._stamps.check(stamp_ns):
                self._restart()
            results = self._assessor.update(stamp_ns, skeletons)
        except ValueError as error:
            self.diagnostics.drop("skeletons", str(error))
            self._results.drop(stamp_ns, frame_id)
            return
        if not skeletons and self.diagnostics.dropped("bodies") > refused:
            self._results.drop(stamp_ns, frame_id)  # it has errors, but of nobody
        self._stamps.accept(stamp_ns)
        self._frame_id = frame_id
        self.diagnostics.count("frames", stamp_ns)
        for result in results:
            self._publish(result)

    def _on_refused(self, sentence: str) -> None:
        self.diagnostics.drop("bodies", sentence)

    def _restart(self) -> None:
        self.get_logger().warning("the clock was set back: the session restarts")
        exercise = self._assessor.status.exercise
        programme = self._assessor.plan.programme
        for result in self._assessor.interrupt():
            self._publish(result)
        self._assessor = self._new_assessor(self._assessor.sessions)
        try:
            status = self._choose(exercise, programme)
            if self.settings.start_session:
                status = self._assessor.start()
            self._publish(status)
        except ValueError as error:
            # Its file was edited and has a mistake.
            self.diagnostics.drop("exercise", str(error))

    def _adopt(self, ranges: PersonalRanges) -> SessionStatus:
        """Judge by a person's ranges, also after a restart."""
        self._ranges = ranges
        self._limits.show(ranges.own)
        return self._assessor.use_ranges(ranges)

    def _use_limits(self, limits: PersonalLimits) -> None:
        """Judge by limits that were set for the person, also after a restart."""
        if limits != self._ranges.own:
            self._ranges = replace(self._ranges, own=limits)
            self._assessor.use_limits(limits)
            own = limits.text or "none"
            self.get_logger().info(f"limits of {self.settings.person}: {own}")

    def _choose(self, exercise: str, programme: str) -> SessionStatus:
        """Choose the programme, which begins with its first set, or without one the exercise."""
        if programme:
            return self._assessor.set_programme(self._programmes.get(programme))
        return self._assessor.set_exercise(exercise)

    def _publish(self, result: AssessmentResult) -> None:
        self._results.publish(result, self._frame_id)
        if isinstance(result, SessionStatus):
            self._saved.write(self._assessor.saved())
        self._exercise_action.take(result, self._frame_id)


def main() -> None:
    """Entry point."""
    sys.exit(run(AssessmentNode))
