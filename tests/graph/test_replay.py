"""Bags replay through the same nodes and give the same answer every time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.bags import image_bag
from support.figures import Frames
from support.skeleton_bags import clip_bag

from .conftest import Outcome, run_coach, without_wall_clock

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("storage", "compressed"), [("mcap", True), ("sqlite3", False)])
def test_two_replays_of_an_image_bag_are_identical(
    clip: Callable[[str], Path], tmp_path: Path, storage: Any, compressed: bool
) -> None:
    source = clip("squat_front_knees_in.mp4")
    bag = image_bag(tmp_path / "bag", source, storage, compressed, width=480)
    outcomes = [run_coach(str(bag), "squat", tmp_path) for _ in range(2)]
    assert [outcome.code for outcome in outcomes] == [0, 0]
    assert len(outcomes[0].messages("repetitions")) == 3
    first, second = (without_wall_clock(outcome.lines) for outcome in outcomes)
    assert first == second


def test_of_a_bag_with_two_cameras_one_is_chosen(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    source = clip("squat_front_knees_in.mp4")
    bag = image_bag(
        tmp_path / "bag", source, "mcap", True, width=320, another="/left/compressed", count=100
    )
    refused = run_coach(str(bag), "squat", tmp_path)
    assert refused.code == 2
    assert "choose with image_topic: /camera/image_raw/compressed, /left" in refused.stderr
    chosen = run_coach(str(bag), "squat", tmp_path, "--image-topic", "/left/compressed")
    assert chosen.code == 0, chosen.stderr
    of = {each["header"]["frame_id"] for each in chosen.messages("repetitions")}
    assert of == {"/left/compressed"}


def test_two_replays_of_a_file_are_identical(
    clip: Callable[[str], Path], coach: Callable[[str, str], Outcome], tmp_path: Path
) -> None:
    again = run_coach(str(clip("squat_front_knees_in.mp4")), "squat", tmp_path)
    first = coach("squat_front_knees_in", "squat")
    assert len(first.lines) > 250
    assert without_wall_clock(again.lines) == without_wall_clock(first.lines)


def test_a_bag_of_skeletons_gives_what_its_images_gave(
    clip_frames: Callable[[str], Frames], coach: Callable[[str, str], Outcome], tmp_path: Path
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames("squat_front_knees_in"))
    replayed = run_coach(str(bag), "squat", tmp_path)
    direct = coach("squat_front_knees_in", "squat")
    assert replayed.code == 0, replayed.stderr
    assert replayed.repetition_errors() == direct.repetition_errors()
    assert replayed.scores() == pytest.approx(direct.scores(), abs=1e-4)


def test_a_single_mcap_file_is_a_bag(clip_frames: Callable[[str], Frames], tmp_path: Path) -> None:
    folder = clip_bag(tmp_path / "bag", clip_frames("squat_pulses_two_people"))
    (file,) = folder.glob("*.mcap")
    outcome = run_coach(str(file), "squat", tmp_path)
    assert outcome.code == 0
    assert len(outcome.messages("errors")) == 240
