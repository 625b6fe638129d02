"""The person that was chosen while a node runs, for when it continues after a crash."""

from rclpy.parameter import Parameter

from apsa_perception.assessment.personal_ranges import check_pseudonym
from apsa_perception.model.files import private_folder, write_private
from apsa_perception.model.paths import path_or_none
from apsa_perception.ros.lifecycle import CoachNode


class KeptPerson:
    """Keeps the pseudonym beside the session of a node, until the node ends as intended.

    A failure is reported and costs only the choice after a crash.

    Args:
        node: the node, whose settings have ``state_dir``.
        parameter: name of its parameter with the pseudonym.

    Attributes:
        name: the pseudonym in use; empty: none.
    """

    def __init__(self, node: CoachNode, parameter: str) -> None:
        self._node = node
        self._parameter = parameter
        self.name: str = node.get_parameter(parameter).value
        folder = path_or_none(node.settings.state_dir)
        self._path = folder / f"{node.NAME}.person" if folder else None

    def restore(self) -> None:
        """Set the parameter to what was kept, if anything was."""
        if self._path is None or not self._path.exists():
            return
        try:
            kept = self._path.read_text(encoding="utf-8")
            if kept:
                check_pseudonym(kept)
        except (OSError, ValueError) as error:
            self._failed(f"{self._path} cannot be used: {error}")
            return
        self.name = kept
        self._node.set_parameters([Parameter(self._parameter, value=kept)])

    def keep(self, name: str) -> None:
        """Replace what is kept."""
        self.name = name
        if self._path is None:
            return
        try:
            private_folder(self._path.parent)
            write_private(self._path, name, durable=False)
        except OSError as error:
            self._failed(f"{self._path} cannot be written ({error.strerror or error})")

    def remove(self) -> None:
        """Keep nothing: the node ends as intended."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _failed(self, sentence: str) -> None:
        self._node.diagnostics.drop("kept person", sentence)
