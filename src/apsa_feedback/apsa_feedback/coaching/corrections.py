"""Remembers which errors the person was told about, and when one of them is gone."""

from dataclasses import dataclass

from apsa_perception.model.codes import ErrorCode, Grade
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult


@dataclass
class _Named:
    """An error the person was told about."""

    since_ns: int
    measure: str
    clean_repetitions: int = 0


class CorrectionTracker:
    """Finds the errors that were named and have been gone for whole repetitions since.

    A repetition speaks for a correction only if it began after the error was named, was judged,
    and the measure that had shown the error could be had: an error that could not be seen is not
    an error that was corrected.

    Args:
        clean_repetitions: repetitions in a row without the error that make a correction.
    """

    def __init__(self, clean_repetitions: int) -> None:
        self.clean_repetitions = clean_repetitions
        self._named: dict[ErrorCode, _Named] = {}

    def clear(self) -> None:
        """Forget everything: another person, another session."""
        self._named.clear()

    def name(self, code: ErrorCode, measure: str, stamp_ns: int) -> None:
        """Note that the person was told about an error."""
        self._named[code] = _Named(stamp_ns, measure)

    def corrected(
        self, repetition: RepetitionResult, quality: QualityResult | None, errors: ErrorSet
    ) -> list[ErrorCode]:
        """Return the errors that count as corrected with this repetition, lowest code first."""
        if quality is None or quality.grade is Grade.NOT_JUDGED:
            return []
        present = {error.code for error in errors.errors}
        gone = []
        for code, named in sorted(self._named.items()):
            if code in present:
                named.clean_repetitions = 0
            elif repetition.start_ns >= named.since_ns and _visible(named.measure, errors):
                named.clean_repetitions += 1
                if named.clean_repetitions >= self.clean_repetitions:
                    gone.append(code)
        for code in gone:
            del self._named[code]
        return gone


def _visible(measure: str, errors: ErrorSet) -> bool:
    judged = [result.judged for result in errors.measures if result.name == measure]
    return any(judged) or not judged
