"""One exercise file: reading, with the line of every mistake, and writing."""

import math
import re
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.auto import AUTO
from apsa_perception.exercises.definition import (
    BodyPosture,
    ExerciseDefinition,
    Limits,
    LiveRule,
    RepetitionQuantity,
    RepetitionRule,
)
from apsa_perception.exercises.figure_file import read_figure
from apsa_perception.exercises.hold import Hold
from apsa_perception.exercises.hold_file import MEASURES_PAGE, read_hold
from apsa_perception.model.codes import (
    ErrorCode,
    ExerciseSide,
    Phase,
    RequestError,
    RequestErrorCode,
    Severity,
)
from apsa_perception.model.files import private_folder, write_private
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.yaml_reader import Reader, read_yaml
from apsa_perception.repetition.primary_motion import PrimaryMotion

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SUFFIXES = (".yaml", ".yml")
"""Suffixes of exercise files."""

_JOINTS_PAGE = "docs/messages.md"
_JOINTS = {joint.name.lower(): joint for joint in Joint}
_CODES = {code.name.lower(): code for code in ErrorCode if code is not ErrorCode.UNSPECIFIED}
_VIEWS = {view.value: view for view in View if view is not View.UNKNOWN}
_PHASES = {phase.name.lower(): phase for phase in Phase if phase is not Phase.UNKNOWN}
_MEASURES = {name: name for name in MEASURES}
_SIDES = {sides.name.lower(): sides for sides in ExerciseSide}
_POSTURES = {posture.value: posture for posture in BodyPosture}
_CHECKED_SIDES = {"any": False, "held": True}
_QUANTITIES = {quantity.value: quantity for quantity in RepetitionQuantity}
# An error of a hold is checked while it lasts, against fixed limits.
_WHILE_HELD: dict[str, Any] = {
    "phases": frozenset({Phase.PEAK}),
    "from_progress": 0.0,
    "to_progress": 1.0,
    "relative_to_rest": False,
    "rest_excuse": None,
}
_LARGEST, _LARGEST_DEG, _LONGEST_S = 1000.0, 180.0, 120.0


def is_name(name: str) -> bool:
    """Whether a text is allowed as the name of an exercise and its file; paths never are."""
    return _NAME.fullmatch(name) is not None


def check_name(folder: Path, name: str) -> Path:
    """Return the path of a new exercise's file.

    Raises:
        RequestError: the name is not allowed, or the file exists.
    """
    if not is_name(name):
        raise RequestError(
            RequestErrorCode.INVALID_NAME,
            Sentence.NAME_OF_EXERCISE.text(name=repr(name)),
        )
    for path in (folder / f"{name}{suffix}" for suffix in SUFFIXES):
        if path.exists():
            raise RequestError(
                RequestErrorCode.EXERCISE_EXISTS, Sentence.FILE_EXISTS.text(path=path)
            )
    return folder / f"{name}.yaml"


def write_exercise(folder: Path, name: str, text: str) -> Path:
    """Write ``<folder>/<name>.yaml`` and return its path; nothing is overwritten.

    Raises:
        RequestError: the name is not allowed, the file exists or cannot be written, or the text is
            not an exercise; no file is left behind.
    """
    path = check_name(folder, name)
    try:
        private_folder(folder)
        with TemporaryDirectory(dir=folder, prefix=f".{name}.") as draft_folder:
            draft = Path(draft_folder) / path.name
            write_private(draft, text)
            load_exercise(draft)
            path.touch(exist_ok=False)  # refuses what another process wrote meanwhile
            try:
                draft.replace(path)
            except OSError:
                path.unlink()
                raise
    except OSError as error:
        raise RequestError(
            RequestErrorCode.NOT_WRITTEN, Sentence.NOT_WRITTEN.text(path=path, why=error.strerror)
        ) from error
    return path


def load_exercise(path: Path) -> ExerciseDefinition:
    """Load one exercise file.

    Raises:
        RequestError: the file has a mistake; the message gives file, line, key and what is
            expected.
    """
    try:
        return _exercise(path)
    except ValueError as error:
        raise RequestError(RequestErrorCode.EXERCISE_FILE, str(error)) from error


def _exercise(path: Path) -> ExerciseDefinition:
    if not is_name(path.stem) or path.stem == AUTO:
        raise ValueError(
            f"{path.name} is not allowed as the name of an exercise file; expected a small letter, "
            f"then small letters, digits and underscores, such as wall_squat.yaml, but not {AUTO}"
        )
    reader = read_yaml(path)
    name = reader.text("name")
    if name != path.stem:
        raise reader.refuse("name", f"the name of the file, {path.stem!r}")
    family = _name(reader, "family", name)
    if reader.has("primary") == reader.has("hold"):
        raise reader.needs(
            "either 'primary', whose repetitions are counted, or 'hold', whose time is measured"
        )
    primary = hold = None
    repetition_rules: tuple[RepetitionRule, ...] = ()
    if reader.has("hold"):
        hold = read_hold(reader.inner("hold"))
        live_rules = tuple(_live_rule(rule, hold) for rule in reader.inner_list("live_errors"))
        measures = tuple(limit.measure for limit in hold.position)
    else:
        primary = _primary(reader.inner("primary"))
        live_rules = tuple(_live_rule(rule) for rule in reader.inner_list("live_errors"))
        repetition_rules = tuple(
            _repetition_rule(rule, primary) for rule in reader.inner_list("repetition_errors")
        )
        measures = (primary.measure,)
    measures += tuple(rule.measure for rule in live_rules)
    if reader.has("measures"):
        measures += reader.choices("measures", _MEASURES, MEASURES_PAGE)
    exercise = ExerciseDefinition(
        name=name,
        family=family,
        judged_as=_name(reader, "judged_as", family),
        title=reader.text("title"),
        description=reader.text("description"),
        views=frozenset(reader.choices("views", _VIEWS)),
        joints=reader.choices("joints", _JOINTS, _JOINTS_PAGE),
        motion=primary,
        hold=hold,
        measures=tuple(dict.fromkeys(measures)),
        live_rules=live_rules,
        repetition_rules=repetition_rules,
        posture=(
            reader.choice("posture", _POSTURES) if reader.has("posture") else BodyPosture.UPRIGHT
        ),
        rules_suffice=reader.flag("rules_suffice", True),
        aliases=_aliases(reader),
        search_words=reader.texts("search_words") if reader.has("search_words") else (),
        figure=read_figure(reader.inner("figure")) if reader.has("figure") else None,
    )
    reader.finish()
    return exercise


def _name(reader: Reader, key: str, default: str) -> str:
    name = reader.text(key) if reader.has(key) else default
    if not is_name(name):
        raise reader.refuse(key, "small letters, digits and underscores")
    return name


def _aliases(reader: Reader) -> tuple[str, ...]:
    names = reader.texts("aliases") if reader.has("aliases") else ()
    if not all(is_name(name) for name in names):
        raise reader.refuse("aliases", "a list of names of small letters, digits and underscores")
    return names


def _primary(reader: Reader) -> PrimaryMotion:
    measure = reader.choice("measure", _MEASURES, MEASURES_PAGE)
    if not MEASURES[measure].sided:
        sided = ", ".join(name for name in MEASURES if MEASURES[name].sided)
        raise reader.refuse("measure", f"one of {sided}")
    largest = _LARGEST_DEG if MEASURES[measure].unit == "deg" else _LARGEST
    rest_limit = reader.number("rest_limit", -largest, largest)
    target = reader.number("target", -largest, largest)
    if rest_limit == target:
        raise reader.refuse("target", "a value other than rest_limit")
    if largest == _LARGEST_DEG and max(abs(rest_limit), abs(target)) <= math.pi:
        raise reader.refuse("target", "degrees; this and rest_limit look like radians")
    min_duration_s = reader.number("min_duration_s", 0.1, _LONGEST_S)
    motion = PrimaryMotion(
        measure=measure,
        sides=reader.choice("sides", _SIDES),
        rest_limit=rest_limit,
        target=target,
        min_excursion=reader.number("min_excursion", 1e-3, largest),
        min_duration_s=min_duration_s,
        max_duration_s=reader.number("max_duration_s", min_duration_s, _LONGEST_S),
        leave_fraction=reader.number("leave_fraction", 0.05, 0.5, PrimaryMotion.leave_fraction),
        return_fraction=reader.number("return_fraction", 0.05, 0.5, PrimaryMotion.return_fraction),
        peak_fraction=reader.number("peak_fraction", 0.5, 0.95, PrimaryMotion.peak_fraction),
        other_side_share=reader.number(
            "other_side_share", 0.0, 1.0, PrimaryMotion.other_side_share
        ),
    )
    reader.finish()
    return motion


def _live_rule(reader: Reader, hold: Hold | None = None) -> LiveRule:
    rule = LiveRule(
        code=reader.choice("code", _CODES, MEASURES_PAGE),
        measure=reader.choice("measure", _MEASURES, MEASURES_PAGE),
        limits=_limits(reader),
        # "either_way" is the key of files written for version 0.1.
        bidirectional=reader.flag("bidirectional", reader.flag("either_way", False)),
        hysteresis=reader.number("hysteresis", 0.0, _LARGEST),
        raise_s=reader.number("raise_s", 0.0, 10.0),
        clear_s=reader.number("clear_s", 0.0, 10.0),
        joints=reader.choices("joints", _JOINTS, _JOINTS_PAGE),
        **(_in_movement(reader) if hold is None else _while_held(reader, hold)),
    )
    reader.finish()
    return rule


def _while_held(reader: Reader, hold: Hold) -> dict[str, Any]:
    """When in a hold an error is checked, and of which side."""
    held_side = reader.has("side") and reader.choice("side", _CHECKED_SIDES)
    if held_side and (
        hold.sides is ExerciseSide.BOTH or not MEASURES[str(reader.raw("measure"))].sided
    ):
        raise reader.refuse("side", "any: held needs a hold, and a measure, of one side at a time")
    return {**_WHILE_HELD, "held_side": held_side}


def _in_movement(reader: Reader) -> dict[str, Any]:
    """When in a movement an error is checked, and whether against rest."""
    return {
        "phases": frozenset(reader.choices("phases", _PHASES)),
        "from_progress": (start := reader.number("from_progress", 0.0, 1.0, 0.0)),
        "to_progress": reader.number("to_progress", start, 1.0, 1.0),
        "relative_to_rest": reader.flag("relative_to_rest", False),
        "rest_excuse": (
            reader.number("rest_excuse", 0.0, _LARGEST) if reader.has("rest_excuse") else None
        ),
    }


def _repetition_rule(reader: Reader, primary: PrimaryMotion) -> RepetitionRule:
    rule = RepetitionRule(
        code=reader.choice("code", _CODES, MEASURES_PAGE),
        quantity=reader.choice("quantity", _QUANTITIES),
        limits=_limits(reader),
        joints=reader.choices("joints", _JOINTS, _JOINTS_PAGE),
    )
    if rule.quantity is RepetitionQuantity.PEAK and rule.limits.sign == primary.sign:
        side = "below" if primary.sign > 0 else "above"
        raise reader.needs(f"{side!r}: otherwise every repetition would be an error")
    reader.finish()
    return rule


def _limits(reader: Reader) -> Limits:
    if reader.has("above") == reader.has("below"):
        raise reader.needs("either 'above' or 'below' with the limits")
    key, sign = ("above", 1.0) if reader.has("above") else ("below", -1.0)
    inner = reader.inner(key)
    steps = tuple(
        (severity, inner.number(severity.name.lower(), -_LARGEST, _LARGEST))
        for severity in Severity
        if inner.has(severity.name.lower())
    )
    if not steps:
        raise inner.needs("at least one of mild, moderate, severe")
    inner.finish()
    limits = [sign * limit for _, limit in steps]
    if any(later <= earlier for earlier, later in pairwise(limits)):
        raise reader.refuse(key, "limits farther out for more severe errors")
    return Limits(sign, steps)
