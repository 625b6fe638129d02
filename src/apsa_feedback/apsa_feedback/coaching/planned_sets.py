"""What the programme of a session plans for its present set."""

from apsa_perception.model.results import SessionStatus
from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.library import ProgrammeLibrary


class PlannedSets:
    """Finds the programme and the present set of a session.

    A file is read once in a run of its programme, because an edit takes effect at the next start.

    Args:
        programmes: the programmes; None: they are not known.
    """

    def __init__(self, programmes: ProgrammeLibrary | None) -> None:
        self._programmes = programmes
        self._read: tuple[str, str] = ("", "")
        self._programme: Programme | None = None

    def programme(self, status: SessionStatus) -> Programme | None:
        """Return the programme of a session; None without one, or if it is not known."""
        if self._programmes is None or not status.programme:
            return None
        run = (status.programme, status.programme_run_id)
        if run != self._read:
            self._read, self._programme = run, self._programmes.known(status.programme)
        return self._programme

    def present(self, status: SessionStatus) -> PlannedSet | None:
        """Return the set of a session, in a rest the one that has ended; None if not known."""
        programme = self.programme(status)
        if programme is None:
            return None
        return programme.set_at(status.exercise, status.exercise_number, status.set_number)

    def is_warm_up(self, status: SessionStatus) -> bool:
        """Whether the set of a session is a warm-up."""
        planned = self.present(status)
        return planned is not None and planned.warm_up
