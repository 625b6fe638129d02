"""Pose backends of other packages: found by name, refused with one sentence."""

from pathlib import Path

import pytest

from apsa_perception.pose.backend import DEFAULT_BACKEND, installed, open_backend

MODULE = '''
class StillBackend:
    """Finds nobody."""

    name = "still_life"

    def detect(self, rgb, stamp_ns):
        return []

    def reset(self):
        pass

    def close(self):
        pass


class NoBackend:
    name = "nothing"
'''
SIZES = '''
class SizedBackend:
    """Has two models."""

    MODELS = ("small", "full")

    def __init__(self, model):
        self.name = f"sized_{model}"

    def detect(self, rgb, stamp_ns):
        return []

    def reset(self):
        pass

    def close(self):
        pass
'''
ENTRIES = """[apsa_perception.pose_backends]
still = still_pose:StillBackend
sized = still_pose:SizedBackend
empty = still_pose:NoBackend
broken = no_such_package:Backend
"""


@pytest.fixture
def third_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with four backends, two of them unusable."""
    (tmp_path / "still_pose.py").write_text(MODULE + SIZES)
    metadata = tmp_path / "still_pose-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: still_pose\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRIES)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_default_is_installed() -> None:
    assert DEFAULT_BACKEND in installed()


@pytest.mark.usefixtures("third_party")
def test_a_backend_of_another_package_is_opened_by_name() -> None:
    assert {"still", DEFAULT_BACKEND} <= set(installed())
    backend = open_backend("still")
    assert backend.name == "still_life"


@pytest.mark.usefixtures("third_party")
def test_a_model_is_chosen_where_a_backend_has_several() -> None:
    assert open_backend("sized").name == "sized_full"
    assert open_backend("sized", "small").name == "sized_small"
    assert open_backend("still", "heavy").name == "still_life"
    with pytest.raises(
        ValueError, match=r"does not load: pose model is 'heavy'; expected one of small, full$"
    ):
        open_backend("sized", "heavy")


@pytest.mark.usefixtures("third_party")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing", "pose backend 'missing' is not installed; expected one of .*litert.*"),
        ("broken", r"pose backend 'broken' \(no_such_package:Backend\) does not load: .*"),
        ("empty", r"pose backend 'empty' \(still_pose:NoBackend\) lacks methods of PoseBackend"),
    ],
)
def test_an_unusable_backend_is_refused_with_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        open_backend(name)
