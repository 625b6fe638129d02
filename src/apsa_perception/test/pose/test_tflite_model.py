"""Model files: found, checked, and refused with one sentence."""

import os
from pathlib import Path

import pytest

from apsa_perception.model.paths import share_dir
from apsa_perception.pose import tflite_model
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.tflite_model import SHA256, model_folders, read_model

LITE = "pose_landmark_lite.tflite"


@pytest.mark.parametrize("name", SHA256)
def test_every_model_is_in_the_install_and_in_the_checkout(name: str) -> None:
    installed, checkout = model_folders()
    assert installed == share_dir("apsa_perception") / "models"
    assert read_model(name, [installed]) == read_model(name, [checkout])


@pytest.mark.parametrize("prefixes", ["", "/no"])
def test_without_an_install_the_checkout_is_enough(
    prefixes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = model_folders()[-1]
    monkeypatch.setenv("AMENT_PREFIX_PATH", prefixes)
    assert model_folders() == [checkout]
    assert read_model(LITE)


def test_the_card_has_the_checksums() -> None:
    card = (share_dir("apsa_perception") / "models" / "blazepose.md").read_text()
    assert [name for name, value in SHA256.items() if f"`{name}`" not in card] == []
    assert [name for name, value in SHA256.items() if f"`{value}`" not in card] == []


def test_a_missing_model_is_named_with_the_places(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"^the pose model {LITE} is not in {tmp_path} or /no; "):
        read_model(LITE, [tmp_path, Path("/no")])


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_a_damaged_model_is_refused(tmp_path: Path, damage: str) -> None:
    content = read_model(LITE)
    changed = bytes([content[100] ^ 1])
    damaged = {
        "cut": content[:-1],
        "changed": content[:100] + changed + content[101:],
        "empty": b"",
    }[damage]
    (tmp_path / LITE).write_bytes(damaged)
    with pytest.raises(ValueError, match=rf"^the pose model {tmp_path}/{LITE} is damaged: .*"):
        read_model(LITE, [tmp_path])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_model_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / LITE).write_bytes(b"x")
    (tmp_path / LITE).chmod(0)
    with pytest.raises(ValueError, match=r"cannot be read: Permission denied$"):
        read_model(LITE, [tmp_path])


def test_the_backend_reports_a_damaged_model_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pose_detection.tflite").write_bytes(b"damaged")
    monkeypatch.setattr(tflite_model, "model_folders", lambda: [tmp_path])
    with pytest.raises(ValueError, match=r"^pose backend 'litert' \(.*\) does not load: the pose"):
        open_backend("litert")
