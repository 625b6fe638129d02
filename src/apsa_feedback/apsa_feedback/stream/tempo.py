"""The phases of repetitions against the tempo that is asked for, as page and report show them."""

import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apsa_feedback.stream.formatting import localised
from apsa_perception.exercises.tempo import BACK, HOLD, OUT
from apsa_perception.model.results import ErrorSet


class Phases(NamedTuple):
    """Measured seconds of a repetition, in the order of a tempo such as 3-1-2."""

    out_s: float
    hold_s: float
    back_s: float

    def against(self, tempo: str, words: Mapping[str, str]) -> str:
        """Return each phase with its seconds, and those asked for: ``Out 2.4 s (3) · ...``.

        Empty if the tempo is none.

        Args:
            tempo: asked for, such as 3-1-2.
            words: the words of the language.
        """
        names = (words["tempo_out"], words["tempo_hold"], words["tempo_back"])
        seconds_asked = tempo.split("-")
        if len(seconds_asked) != len(names):
            return ""
        parts = zip(names, self, seconds_asked, strict=True)
        shown = (f"{name} {seconds:.1f} s ({asked})" for name, seconds, asked in parts)
        whole = (phase.replace(" ", "\u00a0") for phase in shown)  # no line ends within one
        return localised(" · ".join(whole), words)


def phases_of(errors: ErrorSet) -> Phases | None:
    """Return the phases of a repetition from its measures; None if they were not measured."""
    values = {measure.name: measure.value for measure in errors.measures if measure.judged}
    if not all(name in values for name in (OUT, HOLD, BACK)):
        return None
    return Phases(values[OUT], values[HOLD], values[BACK])


def mean_phases(repetitions: Sequence[Phases]) -> Phases | None:
    """Return the mean over repetitions; None without any."""
    if not repetitions:
        return None
    return Phases(*(statistics.fmean(seconds) for seconds in zip(*repetitions, strict=True)))
