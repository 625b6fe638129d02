"""Body frame and canonical window of recorded repetitions."""

from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.apsa.sides import family
from apsa_perception.apsa.window import PHASES, canonical_window
from apsa_perception.model.body_frame import mirror_body, to_body_frame
from apsa_perception.model.joints import MIRROR, Joint
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.data.sequences import MotionSequence
from support.figures import repeat, squat
from support.recordings import recorded
from support.samples import named


def turned(positions: np.ndarray, angle: float) -> np.ndarray:
    """Turn about the camera's vertical (y down)."""
    c, s = np.cos(angle), np.sin(angle)
    return positions @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T


def window_of(sequence: MotionSequence, **changes: object) -> np.ndarray:
    arguments: dict[str, object] = {
        "positions": sequence.positions,
        "stamps_s": sequence.stamps_s,
        "observed": np.ones(sequence.observed.shape, dtype=bool),
        "exercise": sequence.exercise,
        "up": DEFAULT_UP,
    }
    return canonical_window(**(arguments | changes)).positions  # type: ignore[arg-type]


def test_body_frame_has_x_forward_y_left_z_up() -> None:
    body = to_body_frame(named("102_18_6").positions, DEFAULT_UP)
    assert body[:, Joint.LEFT_SHOULDER, 1].min() > 0 > body[:, Joint.RIGHT_SHOULDER, 1].max()
    assert body[:, Joint.NECK, 2].min() > 0.3
    assert body[:, Joint.LEFT_WRIST, 0].max() > 0.2, "elevation brings the hands to the front"
    assert np.abs(body[:, Joint.PELVIS]).max() < 1e-12


def test_body_frame_is_a_rotation() -> None:
    positions = named("102_18_0").positions
    body = to_body_frame(positions, DEFAULT_UP)
    lengths = np.linalg.norm(positions - positions[:, :1], axis=-1)
    assert np.allclose(np.linalg.norm(body, axis=-1), lengths)


@pytest.mark.parametrize("angle", [0.4, -0.8, 2.0])
def test_body_frame_forgets_where_the_person_faces(angle: float) -> None:
    positions = named("204_18_2").positions
    body = to_body_frame(positions, DEFAULT_UP)
    assert np.allclose(to_body_frame(turned(positions, angle), DEFAULT_UP), body, atol=1e-9)


def test_a_few_mixed_up_frames_do_not_turn_the_body() -> None:
    positions = named("102_18_0").positions.copy()
    body = to_body_frame(positions, DEFAULT_UP)
    positions[5:10] = positions[5:10][:, list(MIRROR)]
    mixed = to_body_frame(positions, DEFAULT_UP)
    assert np.abs(mixed[20:] - body[20:]).max() < 0.02


def test_body_frame_needs_a_body() -> None:
    with pytest.raises(ValueError, match="facing direction"):
        to_body_frame(np.zeros((5, 20, 3)), DEFAULT_UP)


def test_mirroring_twice_changes_nothing() -> None:
    body = to_body_frame(named("102_18_0").positions, DEFAULT_UP)
    assert np.array_equal(mirror_body(mirror_body(body)), body)
    assert np.array_equal(mirror_body(body)[:, Joint.LEFT_WRIST, 2], body[:, Joint.RIGHT_WRIST, 2])


def test_window_holds_neither_frame_rate_nor_duration_nor_size() -> None:
    sequence = named("102_18_0")
    window = window_of(sequence)
    assert window.shape == (PHASES, 20, 3)
    slower = window_of(sequence, stamps_s=sequence.stamps_s * 3)
    assert np.allclose(slower, window)
    bigger = window_of(sequence, positions=sequence.positions * 1.1)
    assert np.allclose(bigger, window)
    times = np.linspace(0, sequence.stamps_s[-1], 4 * len(sequence.stamps_s))
    dense = np.stack(
        [
            np.interp(times, sequence.stamps_s, column)
            for column in sequence.positions.reshape(len(sequence.positions), -1).T
        ],
        axis=1,
    ).reshape(-1, 20, 3)
    resampled = window_of(
        sequence, positions=dense, stamps_s=times, observed=np.ones(dense.shape[:2], dtype=bool)
    )
    assert np.abs(resampled - window).max() < 0.02


def test_resampling_follows_the_clock_not_the_frames() -> None:
    sequence = named("102_18_0")
    keep = np.r_[0:20, 20 : len(sequence.stamps_s) - 1 : 3, len(sequence.stamps_s) - 1]
    thinned = window_of(
        sequence,
        positions=sequence.positions[keep],
        stamps_s=sequence.stamps_s[keep],
        observed=np.ones((len(keep), 20), dtype=bool),
    )
    assert np.abs(thinned - window_of(sequence)).max() < 0.1


def test_right_sided_exercises_are_mirrored_to_the_left() -> None:
    sequence = named("102_18_0")
    assert sequence.exercise == "elbow_flexion_right"
    window = window_of(sequence)
    moved = np.ptp(window, axis=0).max(axis=-1)
    assert moved[Joint.LEFT_WRIST] > 3 * moved[Joint.RIGHT_WRIST]


def test_family_drops_the_side_only() -> None:
    assert family("elbow_flexion_left") == family("elbow_flexion_right") == "elbow_flexion"
    assert family("shoulder_forward_elevation") == "shoulder_forward_elevation"


def test_short_gaps_are_bridged_and_long_ones_make_the_joint_invalid() -> None:
    sequence = named("102_18_0")
    frames = len(sequence.stamps_s)
    observed = np.ones((frames, 20), dtype=bool)
    observed[10:14, Joint.RIGHT_WRIST] = False
    observed[5:, Joint.LEFT_KNEE] = False
    positions = sequence.positions.copy()
    positions[10:14, Joint.RIGHT_WRIST] += 1.0
    window = canonical_window(
        positions, sequence.stamps_s, observed, "elbow_flexion_right", DEFAULT_UP
    )
    assert (
        np.abs(
            window.positions[:, Joint.LEFT_WRIST] - window_of(sequence)[:, Joint.LEFT_WRIST]
        ).max()
        < 0.15
    )
    assert not window.joint_valid[Joint.RIGHT_KNEE], "the window is mirrored"
    assert window.joint_valid[Joint.LEFT_WRIST]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stamps_s": np.zeros(54)}, "stamps_s"),
        ({"positions": np.full((54, 20, 3), np.nan)}, "NaN"),
        ({"positions": np.zeros((54, 19, 3))}, "positions has shape"),
    ],
)
def test_bad_windows_are_refused_in_one_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        window_of(named("102_18_0"), **changes)


def test_a_round_from_standing_to_standing_is_that_from_seat_to_seat() -> None:
    standing = recorded(repeat(lambda stamp, way: [squat(stamp, way)], 1, rest_s=0.6))
    seated = recorded(repeat(lambda stamp, way: [squat(stamp, 1.0 - way)], 1, rest_s=0.0))
    standing = replace(standing, family="sit_to_stand")
    seated = replace(seated, family="sit_to_stand")
    heights = [
        window_of(one)[:, Joint.PELVIS, 2] - window_of(one)[:, Joint.LEFT_ANKLE, 2]
        for one in (standing, seated)
    ]
    for own in heights:
        assert own[16] == pytest.approx(own.max(), abs=0.02)
        assert min(own[0], own[-1]) == pytest.approx(own.min(), abs=0.02)
    whole = window_of(replace(standing, family="squat"))
    assert (whole[:, Joint.PELVIS, 2] - whole[:, Joint.LEFT_ANKLE, 2]).argmin() in range(12, 20)
