"""Suggestions for a name that does not exist: exercises, programmes, names in YAML files."""

import difflib
import re
from collections.abc import Collection, Mapping

_SPELLING = 0.75
"""Least similarity of a misspelt name, 0..1 (``difflib``): our choice; sqat and squat have 0.89."""

_LEAST, _MOST = 2, 3
"""Letters that a name must have, and names that are suggested."""


def alike(wanted: str, names: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the names that somebody may mean by another one, sorted; none, if none is like it.

    What is called so comes before what is spelt similarly, and that before what begins a word of
    its name with it. Upper case, the plural and what joins words make no difference.

    Args:
        wanted: the name that does not exist.
        names: what else people call each of the existing names.
    """
    spellings: dict[str, set[str]] = {}
    for name, others in names.items():
        for each in (name, *others):
            spellings.setdefault(_plain(each), set()).add(name)
    plain = _plain(wanted)
    if len(plain) < _LEAST:
        return ()
    near = (
        [plain] * (plain in spellings)
        or difflib.get_close_matches(plain, spellings, _MOST, _SPELLING)
        or [each for each in spellings if f" {plain}" in f" {each}"][:_MOST]
    )
    return tuple(sorted({name for each in near for name in spellings[each]}))


def spelt_like(wanted: str, names: Collection[str]) -> str:
    """Return the name that is spelt most like one that does not exist; empty if none is."""
    return next(iter(difflib.get_close_matches(wanted, names, 1, _SPELLING)), "")


def expectation(wanted: object, names: Collection[str], page: str = "") -> str:
    """Return what is expected instead of a name that does not exist, with what it may mean.

    Args:
        wanted: what was written instead of a name.
        names: the existing names.
        page: documentation page that lists many names; empty: the sentence lists them.
    """
    near = " or ".join(alike(wanted, dict.fromkeys(names, ()))) if isinstance(wanted, str) else ""
    every = f"one of the {len(names)} in {page}" if page else f"one of {', '.join(names)}"
    return f"did you mean {near}? Expected {every}" if near else f"expected {every}"


def _plain(name: str) -> str:
    """A name in small letters and in singular, without what joins its words."""
    return " ".join(re.split(r"[\s_-]+", name.casefold())).strip().removesuffix("s")
