"""Settings as data classes: default, bounds and description of each value in one place.

A group of settings is a frozen data class whose fields are made by ``setting`` or are themselves
such data classes. ROS parameters, command lines, documentation and checks all derive from it.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")
_KEY = "setting"


@dataclass(frozen=True)
class Setting:
    """Description of one value.

    Attributes:
        default: the value unless another is given; its type is the type of the setting.
        help: what the value does, with its unit in brackets.
        low: smallest allowed number; None: no bound.
        high: largest allowed number; None: no bound.
        choices: allowed texts; empty: any.
        live: whether it can change while the coach runs.
    """

    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False

    @property
    def expected(self) -> str:
        """What is allowed, for messages and documentation; empty: anything of the type."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{self.low:g} or more"
        return f"{self.high:g} or less" if self.high is not None else ""

    def allows(self, value: Any) -> bool:
        """Whether a value of the right type is within the bounds or among the choices."""
        if self.choices:
            items: Sequence[Any] = [value] if isinstance(value, str) else value
            return all(item in self.choices for item in items)
        if self.low is None and self.high is None:
            return True
        return (
            math.isfinite(value)
            and (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
        )


def setting(
    default: Any,
    help: str,
    low: float | None = None,
    high: float | None = None,
    *,
    choices: Sequence[str] = (),
    live: bool = False,
) -> Any:
    """Return a data class field with its description; see ``Setting`` for the arguments."""
    described = Setting(default, help, low, high, tuple(choices), live)
    return field(default=default, metadata={_KEY: described})


def settings_of(group: type) -> dict[str, Setting]:
    """Descriptions of all values of a group by name; those of inner groups have dotted names."""
    found: dict[str, Setting] = {}
    hints = get_type_hints(group)
    for each in fields(group):
        if _KEY in each.metadata:
            found[each.name] = each.metadata[_KEY]
        elif is_dataclass(hints[each.name]):
            inner = settings_of(hints[each.name])
            found.update({f"{each.name}.{name}": described for name, described in inner.items()})
    return found


def build(group: type[T], values: Mapping[str, Any]) -> T:
    """Return a group with values by dotted name; what is not given keeps its default.

    Raises:
        ValueError: a value is not allowed, or a name is unknown; one sentence.
    """
    own: dict[str, Any] = {}
    inner: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        head, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(head, {})[rest] = value
        else:
            own[name] = value
    hints = get_type_hints(group)
    names = {each.name for each in fields(group)}  # type: ignore[arg-type]
    unknown = sorted({*own, *inner} - names)
    if unknown:
        raise ValueError(f"there is no setting {unknown[0]}; expected one of {', '.join(names)}")
    groups = {name: build(hints[name], given) for name, given in inner.items()}
    return group(**own, **groups)


def check(group: Any) -> None:
    """Refuse values outside their bounds; for the ``__post_init__`` of a group.

    Raises:
        ValueError: names the value and what is expected.
    """
    for each in dataclasses.fields(group):
        described = each.metadata.get(_KEY)
        value = getattr(group, each.name)
        if described is not None and not described.allows(value):
            raise ValueError(f"{each.name} is {value!r}; expected {described.expected}")
