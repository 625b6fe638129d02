"""Whose reports the feedback node writes and shows: chosen, deleted, and kept after a crash."""

from collections.abc import Callable
from pathlib import Path

from rclpy.parameter import Parameter

from apsa_feedback.outputs.report.stored_files import people_of
from apsa_perception.assessment.personal_ranges import check_pseudonym, people_with_ranges
from apsa_perception.model.sentences import Sentence
from apsa_perception.ros.kept_person import KeptPerson
from apsa_perception.ros.lifecycle import CoachNode

_PARAMETER = "report.person"


class CoachedPerson:
    """The person of the feedback node.

    Args:
        node: the node.
        folder: folder of the reports; None: there are none.
        ranges: folder of the personal ranges.
        delete: deletes what the outputs store about a person; returns whether all of them could.
    """

    def __init__(
        self,
        node: CoachNode,
        folder: Path | None,
        ranges: Path,
        delete: Callable[[str], bool],
    ) -> None:
        self._node = node
        self._folder = folder
        self._ranges = ranges
        self._delete = delete
        self._kept = KeptPerson(node, _PARAMETER)
        self._kept.restore()

    @property
    def name(self) -> str:
        """The pseudonym; empty: none."""
        return self._kept.name

    def people(self) -> list[str]:
        """Pseudonyms of the people who have reports or ranges, and of the present one, sorted."""
        known = people_of(self._folder) if self._folder else []
        return sorted({*known, *people_with_ranges(self._ranges), self.name} - {""})

    def choose(self, person: str) -> None:
        """Set the parameter; raises ``ValueError`` as ``check``."""
        (outcome,) = self._node.set_parameters([Parameter(_PARAMETER, value=person)])
        if not outcome.successful:
            raise ValueError(outcome.reason)

    def keep(self, person: str) -> None:
        """Note that the parameter has changed."""
        self._kept.keep(person)

    def delete(self, person: str) -> None:
        """Delete the reports of the person; they are asked for by the pseudonym on the page.

        Raises:
            ValueError: it is another person, or something cannot be deleted.
        """
        if not person or person != self.name:
            raise ValueError(Sentence.OTHER_PERSON.text())
        if not self._delete(person):
            raise ValueError(Sentence.REPORTS_NOT_DELETED.text(person=person))
        self._node.get_logger().info(f"the reports of {person} are deleted")

    def close(self) -> None:
        """Keep nothing: the node ends as intended."""
        self._kept.remove()


def check(person: str) -> None:
    """Refuse what is neither empty nor a pseudonym.

    Raises:
        RequestError: the text is not a pseudonym.
    """
    if person:
        check_pseudonym(person)
