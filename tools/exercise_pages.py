"""Generates the tables of docs/measures.md and docs/exercises.md from code and exercise files.

python tools/exercise_pages.py
"""

from collections.abc import Collection
from pathlib import Path

from apsa_perception.apsa.weight_file import read_weight_file
from apsa_perception.assessment.repetition_measures import REPETITION_MEASURES
from apsa_perception.biomechanics.measure import Measure
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.typical_errors import TYPICAL_ERRORS
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from generated_blocks import with_blocks


def measure_table() -> str:
    """The measures of a frame as a Markdown table."""
    head = (
        "| name | unit | definition | camera views that support it | typical error, of a change "
        "| depth sensor |\n"
        "|---|---|---|---|---|---|\n"
    )
    return head + "".join(_measure_row(measure) for measure in MEASURES.values())


def repetition_table() -> str:
    """The measures of a repetition as a Markdown table."""
    head = (
        "| name | unit | definition | camera views that support it | error |\n"
        "|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| `{quantity.value}` | {measure.unit or 'of the primary measure'} | "
        f"{measure.definition.rstrip('.')} | {measure.visible_from} | {measure.error} |\n"
        for quantity, measure in REPETITION_MEASURES.items()
    )


def exercise_table(library: ExerciseLibrary, families: Collection[str]) -> str:
    """The exercises as a Markdown table; the families are those that the network knows."""
    head = (
        "| name | title | counted or timed by | sides | views | score | errors |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(_exercise_row(exercise, families) for exercise in library)


def pages(root: Path) -> dict[Path, str]:
    """Both pages with up-to-date tables, by path."""
    library = ExerciseLibrary.load(root / "config" / "exercises")
    header, _ = read_weight_file(root / "models" / "apsa.safetensors")
    tables = {
        "measures": measure_table(),
        "repetition_measures": repetition_table(),
        "exercises": exercise_table(library, header["families"]),
    }
    paths = [root / "docs" / name for name in ("measures.md", "exercises.md")]
    return {path: with_blocks(path.read_text(encoding="utf-8"), tables) for path in paths}


def _measure_row(measure: Measure) -> str:
    sides = "; left, right" if measure.sided else ""
    views = "all" if measure.views == ALL_VIEWS else _views(measure.views)
    definition = measure.definition.rstrip(".") + sides
    return (
        f"| `{measure.name}` | {measure.unit} | {definition} | {views} | "
        f"{_typical_errors(measure)} | {measure.assumed_error:g} |\n"
    )


def _typical_errors(measure: Measure) -> str:
    """Errors by the turn of the body, of the value and in brackets of its change."""
    table = TYPICAL_ERRORS.get(measure.name)
    if table is None:
        return f"assumed: {measure.assumed_error:g}"
    return ", ".join(f"{turn:g}°: {value:g} ({change:g})" for turn, value, change in table)


def _exercise_row(exercise: ExerciseDefinition, families: Collection[str]) -> str:
    codes = [rule.code for rule in exercise.live_rules]
    codes += [rule.code for rule in exercise.repetition_rules]
    errors = ", ".join(dict.fromkeys(code.name.lower() for code in codes))
    sides = exercise.side.name.lower()
    known = exercise.judged_as in families
    score = f"network: {exercise.judged_as.replace('_', ' ')}" if known else "rules"
    by = f"`{exercise.measures[0]}`"
    if exercise.hold is not None:
        score = "none: time"
        by = ", ".join(dict.fromkeys(f"`{each.measure}`" for each in exercise.hold.position))
    return (
        f"| `{exercise.name}` | {exercise.title} | {by} | {sides} | "
        f"{_views(exercise.views)} | {score} | {errors} |\n"
    )


def _views(views: frozenset[View]) -> str:
    return ", ".join(view.value for view in View if view in views)


def main() -> None:
    """Rewrite the tables of the checkout in the current folder."""
    for path, text in pages(Path()).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
