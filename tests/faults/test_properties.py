"""Any input is used or refused: no uncaught exception, nothing that takes more than two seconds.

Short here; ``make fuzz`` runs each for longer.
"""

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from hypothesis import HealthCheck, given, settings

from support.fuzz_targets import NAMES, opened
from support.fuzzing import Target

pytestmark = pytest.mark.faults
EXAMPLES = {"weights": 15, "bags": 40, "skeletons": 40}


def run(target: Target, examples: int) -> None:
    """Check so many inputs, the same ones each time."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def check(given_input: object) -> None:
        target.timed(given_input)

    check()


@pytest.mark.parametrize("name", NAMES)
def test_any_input_is_used_or_refused(name: str) -> None:
    with opened(name) as target:
        run(target, EXAMPLES.get(name, 100))
