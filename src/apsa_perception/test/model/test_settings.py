"""Settings: one place for default, bounds and description."""

from dataclasses import dataclass, field

import pytest

from apsa_perception.model.settings import build, check, setting, settings_of


@dataclass(frozen=True)
class Inner:
    """A group within a group."""

    cutoff: float = setting(1.0, "[Hz] cutoff", 0.05, 30.0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Outer:
    """A group."""

    count: int = setting(0, "repetitions", 0, 10)
    transport: str = setting("raw", "how images arrive", choices=("raw", "compressed"))
    names: tuple[str, ...] = setting(("a",), "names", choices=("a", "b"))
    filter: Inner = field(default_factory=Inner)

    def __post_init__(self) -> None:
        check(self)


def test_names_of_inner_groups_are_dotted() -> None:
    found = settings_of(Outer)
    assert list(found) == ["count", "transport", "names", "filter.cutoff"]
    assert found["filter.cutoff"].expected == "0.05 to 30"


def test_a_group_is_built_from_dotted_names() -> None:
    built = build(Outer, {"count": 3, "filter.cutoff": 2.0})
    assert (built.count, built.transport, built.filter.cutoff) == (3, "raw", 2.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": 11}, "count is 11; expected 0 to 10"),
        ({"filter.cutoff": float("nan")}, "cutoff is nan; expected 0.05 to 30"),
        ({"transport": "h264"}, "transport is 'h264'; expected one of raw, compressed"),
        ({"names": ("a", "c")}, r"names is \('a', 'c'\); expected one of a, b"),
        ({"counts": 1}, "there is no setting counts"),
        ({"filter.beta": 1.0}, "there is no setting beta"),
    ],
)
def test_what_is_not_allowed_is_one_sentence(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(Outer, values)
