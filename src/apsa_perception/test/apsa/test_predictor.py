"""The shipped network, as the assessment uses it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from apsa_perception.apsa.background import BackgroundModel
from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.apsa.sides import family
from apsa_perception.apsa.weights import compared, load_weights, save_weights
from apsa_perception.apsa.window import PHASES
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.joints import MIRROR, Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import DEFAULT_UP
from support.samples import WEIGHTS, drawn, judge, model, named, sample, spread

FAMILIES = {
    "deep_squat", "elbow_flexion", "hurdle_step", "inline_lunge", "shoulder_abduction",
    "shoulder_extension", "shoulder_flexion", "shoulder_forward_elevation", "shoulder_rotation",
    "shoulder_scaption", "side_lunge", "side_tap", "sit_to_stand", "squat", "straight_leg_raise",
}  # fmt: skip
IRDS_NAMES = {
    "elbow_flexion_left", "elbow_flexion_right", "shoulder_flexion_left",
    "shoulder_flexion_right", "shoulder_abduction_left", "shoulder_abduction_right",
    "shoulder_forward_elevation", "side_tap_left", "side_tap_right",
}  # fmt: skip


def test_shipped_model_says_what_it_is() -> None:
    assert model().name == "apsa"
    assert model().version
    assert {family(name) for name in model().exercises} == FAMILIES
    assert set(model().exercises) > IRDS_NAMES


def test_a_squat_is_not_told_from_sitting_down_but_from_everything_else() -> None:
    header = model().header
    told = compared(header.families, header.alike)
    names = np.array(header.families)
    for family_name in ("squat", "deep_squat", "sit_to_stand"):
        untold = names[~told[header.families.index(family_name)]]
        assert set(untold) == {"squat", "deep_squat", "sit_to_stand"} - {family_name}
    assert told[header.families.index("side_lunge")].all()


def test_real_repetitions_are_judged_as_their_raters_did() -> None:
    right = 0
    for sequence in sample().sequences:
        prediction = judge(sequence)
        assert 0.0 <= prediction.score <= 1.0
        assert 0.0 <= prediction.confidence <= 1.0
        assert prediction.abstained == bool(prediction.reason)
        right += (prediction.score > 0.5) == (sequence.correct == 1)
    assert right >= 10, "of 11 repetitions of people known to the network"


def test_relevances_are_shares() -> None:
    prediction = judge(named("204_18_2"))
    assert prediction.joint_relevance.shape == (20,)
    assert prediction.moment_relevance.shape == (PHASES,)
    for shares in (prediction.joint_relevance, prediction.moment_relevance):
        assert shares.min() >= 0.0
        assert shares.sum() == pytest.approx(1.0)


def test_sitting_is_no_reason_to_find_the_legs_relevant_for_an_arm() -> None:
    legs = [Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]
    prediction = judge(named("204_18_2"))
    assert prediction.joint_relevance[legs].sum() < 0.3


def test_a_mirrored_person_doing_the_other_side_gets_the_same_answer() -> None:
    sequence = named("204_18_2")
    one = judge(sequence)
    mirrored = sequence.positions[:, list(MIRROR)] * (-1, 1, 1)
    other = judge(sequence, positions=mirrored, exercise="shoulder_flexion_left")
    assert other.score == pytest.approx(one.score, abs=1e-5)
    assert np.allclose(other.joint_relevance, one.joint_relevance[list(MIRROR)], atol=1e-4)


@pytest.mark.parametrize("angle", [0.5, -0.8])
def test_the_camera_may_stand_anywhere_around_the_person(angle: float) -> None:
    sequence = named("206_18_4")
    c, s = np.cos(angle), np.sin(angle)
    turned = sequence.positions @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T
    assert judge(sequence, positions=turned).score == pytest.approx(judge(sequence).score, abs=1e-4)


def test_a_tilted_camera_with_known_up_gives_the_same_answer() -> None:
    sequence = named("206_18_4")
    tilt = np.array([[1, 0, 0], [0, 0.96, -0.28], [0, 0.28, 0.96]])
    tilted = judge(sequence, positions=sequence.positions @ tilt.T, up=tilt @ DEFAULT_UP)
    assert tilted.score == pytest.approx(judge(sequence).score, abs=1e-4)


def test_doing_nothing_is_not_correct() -> None:
    sequence = named("102_18_5")
    still = np.repeat(sequence.positions[:1], len(sequence.positions), axis=0)
    prediction = judge(sequence, positions=still)
    assert prediction.abstained or prediction.score < 0.5


def test_unknown_exercise_is_refused() -> None:
    with pytest.raises(KeyError, match="was not trained on 'plank'"):
        judge(named("102_18_0"), exercise="plank")


def test_hidden_moving_arm_is_not_judged() -> None:
    sequence = named("102_18_0")
    hidden = np.ones(sequence.observed.shape, dtype=bool)
    hidden[:, Joint.RIGHT_WRIST] = False
    prediction = judge(sequence, observed=hidden)
    assert prediction.abstained
    assert prediction.reason == Sentence.JOINTS_HIDDEN.text(joints="right wrist")
    assert (prediction.score, prediction.confidence) == (0.5, 0.0)


@pytest.mark.parametrize(
    ("exercise", "hidden", "missing"),
    [
        ("deep_squat", ["right_knee", "right_ankle"], ""),
        ("deep_squat", ["right_knee", "right_ankle", "right_elbow", "right_wrist"], ""),
        ("sit_to_stand", ["left_knee", "left_ankle"], ""),
        ("deep_squat", ["left_knee", "right_knee"], "left knee, right knee"),
        ("deep_squat", ["right_hip"], "right hip"),
        ("inline_lunge_left", ["right_knee"], "right knee"),
        ("shoulder_forward_elevation", ["right_wrist"], "right wrist"),
    ],
)
def test_the_far_leg_may_be_hidden_where_both_move_alike(
    exercise: str, hidden: list[str], missing: str
) -> None:
    sequence = named("102_18_0")
    observed = np.ones(sequence.observed.shape, dtype=bool)
    observed[:, [Joint[name.upper()] for name in hidden]] = False
    prediction = judge(sequence, observed=observed, exercise=exercise)
    assert prediction.joints_hidden == bool(missing)
    if missing:
        assert prediction.reason == Sentence.JOINTS_HIDDEN.text(joints=missing)


def test_hidden_legs_do_not_keep_an_arm_from_being_judged() -> None:
    sequence = named("102_18_0")
    hidden = np.ones(sequence.observed.shape, dtype=bool)
    hidden[:, [Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]] = False
    hidden[:, [Joint.LEFT_FOOT, Joint.RIGHT_FOOT]] = False
    prediction = judge(sequence, observed=hidden)
    assert "hidden" not in prediction.reason
    assert prediction.score == pytest.approx(judge(sequence).score, abs=0.35)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"confidence": np.full((54, 20), 0.1)}, "confidence of the moving joints is only 0.10"),
        ({"positions": np.full((54, 20, 3), np.nan)}, "NaN"),
        ({"stamps_s": np.linspace(1.0, 0.0, 54)}, "fewer than"),
        ({"stamps_s": np.r_[0.0, 0.5, np.linspace(0.4, 2.0, 52)]}, "does not increase"),
    ],
)
def test_poor_evidence_gives_no_answer(changes: dict[str, object], sentence: str) -> None:
    prediction = judge(named("102_18_0"), **changes)
    assert prediction.abstained
    assert re.search(sentence, prediction.reason)


def test_another_exercise_is_not_taken_for_this_one() -> None:
    accepted, asked, resembling = 0, 0, 0
    for sequence in sample().sequences:
        for other in model().exercises:
            if family(other) != family(sequence.exercise):
                prediction = judge(sequence, exercise=other)
                accepted += not prediction.abstained and prediction.score > 0.5
                asked += 1
                named_reason = prediction.reason.startswith("the movement resembles")
                assert bool(prediction.resembles) is named_reason
                resembling += prediction.resembles == family(sequence.exercise)
    assert accepted < 0.02 * asked
    assert resembling > 0


def test_damaged_and_foreign_files_are_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    shutil.copy(WEIGHTS, broken)
    broken.write_bytes(broken.read_bytes()[:2000])
    with pytest.raises(ValueError, match=r"broken\.safetensors cannot be read as a"):
        QualityModel.load(broken)
    with pytest.raises(ValueError, match=r"model file .* not found"):
        QualityModel.load(tmp_path / "none.safetensors")
    save_file({"a": torch.zeros(1)}, str(tmp_path / "other.safetensors"))
    with pytest.raises(ValueError, match="not an APSA model"):
        QualityModel.load(tmp_path / "other.safetensors")


def test_saved_weights_come_back_whole_and_readable(tmp_path: Path) -> None:
    whole, header = load_weights(WEIGHTS)
    copy = tmp_path / "copy.safetensors"
    save_weights(copy, whole, header)
    again, same = load_weights(copy)
    assert same == header
    networks = whole.network.state_dict().values(), again.network.state_dict().values()
    assert all(torch.equal(one, other) for one, other in zip(*networks, strict=True))
    for name, tensor in whole.refinement.tensors.items():
        assert (again.refinement.tensors[name] == tensor).all()
    assert copy.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["copy.safetensors"]


def test_the_side_of_a_one_sided_exercise_is_found() -> None:
    sequence = named("204_18_2")
    assert family(sequence.exercise) != sequence.exercise
    found, told = judge(sequence, exercise=family(sequence.exercise)), judge(sequence)
    assert found.score == pytest.approx(told.score)


def test_raising_one_arm_does_not_resemble_raising_both_if_the_other_one_is_hidden() -> None:
    (both,) = (one for one in drawn().sequences if one.family == "shoulder_forward_elevation")
    hidden = both.observed.copy()
    hidden[:, [Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_HAND]] = False
    seen = judge(both, exercise="shoulder_flexion_left")
    assert seen.resembles == "shoulder_forward_elevation"
    one = judge(both, observed=hidden, exercise="shoulder_flexion_left")
    assert not one.abstained
    assert not one.resembles


def test_joints_that_do_not_count_change_nothing() -> None:
    squat = sample().sequences[0]
    ignored = [Joint[name.upper()] for name in model().header.ignored["deep_squat"]]
    elsewhere = squat.positions.copy()
    elsewhere[:, ignored] += (0.0, -0.3, 0.2)
    one, other = (
        judge(squat, positions=p, exercise="deep_squat") for p in (squat.positions, elsewhere)
    )
    assert other.score == pytest.approx(one.score)
    assert not set(ignored) & set(model().essential_joints("deep_squat"))


@pytest.mark.parametrize("pitch_deg", [0.0, 15.0])
def test_skeletons_of_a_camera_are_refined_by_its_tilt(pitch_deg: float) -> None:
    refine = load_weights(WEIGHTS)[0].refinement.refine
    up = np.array([0.0, -np.cos(np.radians(pitch_deg)), -np.sin(np.radians(pitch_deg))])
    changes = []
    for sequence in (*sample().sequences, *spread().sequences[::4]):
        joints = refine(sequence.positions, up)
        sensor = judge(sequence, up=up, source="kinect_v2")
        camera = judge(sequence, up=up, source="mediapipe_pose_full")
        refined = judge(sequence, positions=joints, up=up, source="kinect_v2")
        slopes = [
            model().header.limits[name].slope for name in (Domain.CAMERA, Domain.DEPTH_SENSOR)
        ]
        logits = [np.log(each.score / (1.0 - each.score)) for each in (camera, refined)]
        assert logits[0] / slopes[0] == pytest.approx(logits[1] / slopes[1], abs=1e-4)
        changes.append(abs(camera.score - sensor.score))
    assert max(changes) > 0.1


def test_a_source_that_is_not_known_is_told_by_the_proportions() -> None:
    sensor = named("204_18_2")
    assert judge(sensor).score == judge(sensor, source="kinect_v2").score
    seen = drawn().sequences[0]
    assert judge(seen, up=seen.up).score == judge(seen, up=seen.up, source="mediapipe").score
    assert judge(seen, up=seen.up).score != judge(seen, up=seen.up, source="kinect_v2").score


@pytest.mark.parametrize("load", [QualityModel.load, BackgroundModel])
def test_an_exercise_may_be_judged_from_some_views_only(
    load: Callable[[Path], Any], tmp_path: Path
) -> None:
    content, header = load_weights(WEIGHTS)
    judged = {"squat": [View.SIDE], "deep_squat": ALL_VIEWS}
    limits = header.limits | {Domain.CAMERA: header.limits[Domain.CAMERA].judging(judged)}
    file = tmp_path / "views.safetensors"
    save_weights(file, content, replace(header, limits=limits))
    loaded = load(file)
    assert loaded.judged_views("squat", "mediapipe") == {View.SIDE}
    assert loaded.judged_views("deep_squat", "mediapipe") == ALL_VIEWS
    assert loaded.judged_views("sit_to_stand", "mediapipe") == set()
    assert loaded.judged_views("squat", "kinect_v2") == ALL_VIEWS


@pytest.mark.parametrize("load", [QualityModel.load, BackgroundModel])
def test_what_is_judged_depends_on_the_source(load: Callable[[Path], Any]) -> None:
    loaded = load(WEIGHTS)
    cameras = ("mediapipe_pose_full", "blazepose_lite", "blazepose_full", "blazepose_heavy")
    for source, known in (
        ("kinect_v2", True),
        ("something", True),
        *((camera, False) for camera in cameras),
    ):
        assert bool(loaded.judged_views("side_tap_left", source)) is known
        assert loaded.judged_views("shoulder_flexion_right", source)
        assert loaded.judged_views("squat", source)
        assert not loaded.judged_views("plank", source)
