"""Changes of the weekly plan that a therapist asks for."""

from collections.abc import Callable
from pathlib import Path

from apsa_feedback.outputs.report.weekly_plan import WeeklyPlan
from apsa_feedback.outputs.report.weekly_plan_file import (
    entry_of,
    place_of,
    plan_path,
    read_plan,
    write_plan,
)
from apsa_perception.model.sentences import Sentence
from apsa_perception.programmes.library import ProgrammeLibrary


class PlanCommands:
    """Changes the plan of the person now.

    Args:
        folder: folder of the reports; None: nothing is stored about a person.
        person: returns the pseudonym; empty: none.
        programmes: which programmes can be planned.
    """

    def __init__(
        self, folder: Path | None, person: Callable[[], str], programmes: ProgrammeLibrary
    ) -> None:
        self._folder = folder
        self._person = person
        self._programmes = programmes

    def set(self, text: str) -> None:
        """Plan a programme, as ``entry_of`` takes it; raises ValueError with one sentence."""
        entry = entry_of(text)
        self._programmes.get(entry.programme)
        self._change(lambda plan: plan.with_programme(entry))

    def remove(self, text: str) -> None:
        """Remove an entry, as ``place_of`` takes it; raises ValueError with one sentence."""
        place = place_of(text)
        self._change(lambda plan: plan.without(*place))

    def _change(self, changed: Callable[[WeeklyPlan], WeeklyPlan]) -> None:
        person = self._person()
        if self._folder is None or not person:
            raise ValueError(Sentence.PLAN_OF_NOBODY.text())
        plan = changed(read_plan(self._folder, person))
        try:
            write_plan(self._folder, person, plan)
        except OSError as error:
            raise ValueError(
                Sentence.NOT_WRITTEN.text(
                    path=plan_path(self._folder, person), why=error.strerror or error
                )
            ) from error
