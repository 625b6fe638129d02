"""What an import of the runtime costs: heavy libraries only where they are needed."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "scipy",
    "ai_edge_litert",
    "mediapipe",
    "cv2",
    "matplotlib",
    "sklearn",
    "pandas",
    "rosbags",
    "jinja2",
)


def loaded_by(code: str) -> set[str]:
    """Heavy libraries that a new process has loaded after the code."""
    report = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", report], check=True, capture_output=True, text=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_assessment_node_imports_no_heavy_library() -> None:
    assert loaded_by("import apsa_perception.nodes.assessment_node") == set()


def test_an_assessment_by_rules_loads_no_heavy_library() -> None:
    code = """
from support.figures import library, repeat, squat
from apsa_perception.assessment.offline import assess

run = assess(repeat(lambda stamp, way: [squat(stamp, way)], 2), "squat", library())
assert len(run.qualities) == 2
"""
    assert loaded_by(f"import sys; sys.path[:0] = {sys.path!r}\n{code}") == set()


@pytest.mark.parametrize(
    "module", ["assessment.assessor", "apsa.background", "pose.backend", "exercises.library"]
)
def test_the_core_imports_neither_torch_nor_a_pose_model(module: str) -> None:
    loaded = loaded_by(f"import apsa_perception.{module}")
    assert not {"torch", "ai_edge_litert", "mediapipe"} & loaded
