"""Which errors of an error set are new."""

from apsa_perception.model.codes import ErrorCode, ErrorScope
from apsa_perception.model.results import ErrorResult, ErrorSet


class NewErrors:
    """Finds each error once: when it is raised live, or with the repetition that revealed it."""

    def __init__(self) -> None:
        self._live: frozenset[ErrorCode] = frozenset()
        self._in_repetition: set[ErrorCode] = set()

    def update(self, errors: ErrorSet) -> tuple[ErrorResult, ...]:
        """Return the errors of the set that were not returned before."""
        codes = frozenset(error.code for error in errors.errors)
        if errors.scope is ErrorScope.LIVE:
            known: frozenset[ErrorCode] | set[ErrorCode] = self._live
            self._live = codes
            self._in_repetition |= codes
        else:
            known = self._in_repetition
            self._in_repetition = set(self._live)
        return tuple(error for error in errors.errors if error.code not in known)
