"""The parameter ``own_limits``: the limits of the person, which are kept in a file."""

from pathlib import Path

from rclpy.parameter import Parameter

from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import limits_path
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.sentences import Sentence
from apsa_perception.ros.lifecycle import CoachNode

_NAME = "own_limits"


class LimitParameter:
    """Shows the limits that apply, and keeps those that are set.

    Args:
        node: the node, which has the parameter.
        folder: folder of the personal ranges.
        exercises: whose limits can be changed.

    Attributes:
        shows: whether the parameter changes because it shows other limits, not at a request.

    Raises:
        ValueError: the parameter was set before the node is configured.
    """

    def __init__(self, node: CoachNode, folder: Path, exercises: ExerciseLibrary) -> None:
        self._node = node
        self._folder = folder
        self._exercises = exercises
        self.shows = False
        if node.settings.own_limits:
            raise ValueError(
                "own_limits is set before the start; expected an empty text: the limits of a "
                "person are read from ranges_dir"
            )

    def show(self, limits: PersonalLimits) -> None:
        """Give the parameter the limits that apply now."""
        self.shows = True
        try:
            self._node.set_parameters([Parameter(_NAME, value=limits.text)])
        finally:
            self.shows = False

    def keep(self, text: str, person: str, before: PersonalLimits) -> None:
        """Check limits that are asked for and write them to the file of the person.

        Written here, before they apply, so that a full disk refuses the request.

        Args:
            text: as ``PersonalLimits.text``.
            person: the pseudonym; empty: none.
            before: the limits until now.

        Raises:
            ValueError: they cannot be used, nobody is chosen, or the file cannot be written.
        """
        limits = PersonalLimits.of_text(text)
        if limits == before:
            return
        if not person:
            raise ValueError(Sentence.NOBODY_CHOSEN.text())
        limits.check(self._exercises, before)
        limits.save(limits_path(self._folder, person))
