"""Numbers of people through crossings, occlusion, and leaving and coming back."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.pose.appearance import Appearance, appearance_of
from apsa_perception.pose.bone_lengths import BONES
from apsa_perception.pose.filters import OneEuroSettings
from apsa_perception.pose.people_tracker import REMEMBERED_S, Observation, PeopleTracker
from support.pose_bodies import INTRINSICS, PERIOD_NS, pose, standing

PERIOD_S = PERIOD_NS * 1e-9
COLOURS = [
    (200, 40, 40),
    (40, 60, 190),
    (40, 150, 60),
    (230, 230, 230),
    (30, 30, 30),
    (210, 180, 40),
]
Path = Callable[[float], tuple[float, float] | None]
"""Place x, z in metres at a time in seconds; None: not found."""

_RANDOM = np.random.default_rng(5)


def at(x: float, z: float) -> CanonicalPose:
    """A person standing there, with the jitter of a pose model."""
    jitter = _RANDOM.normal(0.0, 0.01, standing().shape)
    return pose(standing() + jitter, (x, 0.0, z))


def dressed(colour: tuple[int, int, int]) -> Appearance:
    """What a picture of a person in this colour, with its noise, shows."""
    noise = _RANDOM.normal(0.0, 12.0, (480, 640, 3))
    picture: RgbImage = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
    looks = appearance_of(picture, pose(standing()))
    assert looks is not None
    return looks


LOOKS = [dressed(colour) for colour in COLOURS]


def follow(
    *paths: Path, seconds: float, clothes: Iterable[int] | None = None, plain: float = 0.0
) -> list[list[int]]:
    """Run the tracker on people; return the numbers that each of them had, in order.

    Where two people are within 0.4 m across the view, the farther one is not found. From second
    2 until ``plain`` nobody sees what they wear.
    """
    worn = list(clothes or range(len(paths)))
    tracker = PeopleTracker(OneEuroSettings())
    numbers: list[list[int]] = [[] for _ in paths]
    for index in range(round(seconds / PERIOD_S)):
        places = [path(index * PERIOD_S) for path in paths]
        seen: list[tuple[int, Observation]] = []
        for who, place in enumerate(places):
            if place is None:
                continue
            front = [o for o in places if o and o[1] < place[1] and abs(o[0] - place[0]) < 0.4]
            if front:
                continue
            looks = LOOKS[worn[who]] if not 2.0 <= index * PERIOD_S < plain else None
            seen.append((who, Observation(at(*place), looks)))
        _RANDOM.shuffle(seen)  # type: ignore[arg-type]
        tracks = tracker.update([one for _, one in seen], (index + 1) * PERIOD_NS)
        for track in tracks:
            who = min(seen, key=lambda each: abs(each[1].pose.pixels[1] - track.centre).sum())[0]
            numbers[who].append(track.body_id)
    return numbers


def kept(numbers: list[list[int]]) -> bool:
    """Whether each person had one number, and no two the same."""
    had = [set(each) for each in numbers]
    return all(len(each) == 1 for each in had) and len(set().union(*had)) == len(numbers)


def walk(start: float, end: float, z: float, seconds: float) -> Path:
    return lambda t: (start + (end - start) * min(t / seconds, 1.0), z)


def stand(x: float, z: float = 3.0) -> Path:
    return lambda t: (x, z)


def absent(path: Path, since: float, until: float) -> Path:
    return lambda t: None if since <= t < until else path(t)


def test_six_people_keep_their_numbers() -> None:
    paths = [walk(x, x + 0.3, 4.0, 3.0) for x in np.linspace(-1.5, 1.2, 6)]
    assert kept(follow(*paths, seconds=3.0))


@pytest.mark.parametrize("seconds", [1.5, 4.0])
def test_two_who_cross_keep_their_numbers(seconds: float) -> None:
    paths = walk(-1, 1, 3.0, seconds), walk(1, -1, 3.6, seconds)
    assert kept(follow(*paths, seconds=seconds + 1))


def test_two_dressed_alike_keep_their_numbers_when_they_cross() -> None:
    paths = walk(-1, 1, 3.0, 2.0), walk(1, -1, 3.6, 2.0)
    assert kept(follow(*paths, seconds=3.0, clothes=[1, 1]))


def test_six_people_who_change_places_keep_their_numbers() -> None:
    places = np.linspace(-1.6, 1.6, 6)
    paths = [walk(x, -x, 3.4 + 0.25 * i, 4.0) for i, x in enumerate(places)]
    assert kept(follow(*paths, seconds=5.0))


def test_somebody_hidden_for_two_seconds_or_away_keeps_their_number() -> None:
    helper = lambda t: (np.interp(t, [0, 2, 4, 6], [-1.5, 0.0, 0.0, 1.5]), 2.4)  # noqa: E731
    assert kept(follow(stand(0.0), helper, seconds=7.0))
    for away_s in (2.0, REMEMBERED_S - 2.0):
        assert kept(follow(absent(stand(0.0), 2.0, 2.0 + away_s), seconds=3.0 + away_s))


@pytest.mark.parametrize("away_s", [1.0, 6.0])
def test_somebody_who_comes_back_keeps_their_number(away_s: float) -> None:
    there = absent(walk(0.0, -1.4, 3.0, 2.0), 2.0, 2.0 + away_s)
    assert kept(follow(there, stand(1.0), seconds=4.0 + away_s))


def test_somebody_else_who_comes_later_is_a_new_person() -> None:
    patient, other = absent(stand(0.0), 2.0, 99.0), absent(stand(0.0), 0.0, 6.0)
    assert kept(follow(patient, other, seconds=8.0))


def test_who_comes_back_after_a_long_time_is_a_new_person() -> None:
    (numbers,) = follow(absent(stand(0.0), 2.0, REMEMBERED_S + 3.0), seconds=REMEMBERED_S + 5.0)
    assert set(numbers) == {1, 2}


@pytest.mark.parametrize(("clothes", "exchanged"), [([0, 1], False), ([1, 1], True)])
def test_numbers_that_the_clothes_contradict_are_exchanged_back(
    clothes: list[int], exchanged: bool
) -> None:
    """Side by side, nobody's clothes seen, they change places within a picture."""

    def one(t: float) -> tuple[float, float]:
        way = float(np.interp(t, [0.0, 1.0, 2.0, 4.0, 5.0], [0.9, 0.9, 0.1, 0.1, 0.9]))
        return (-way if t < 3.0 else way), 3.0

    other: Path = lambda t: (-one(t)[0], 3.0)  # noqa: E731
    numbers = follow(one, other, seconds=7.0, clothes=clothes, plain=4.5)
    before = [each[10] for each in numbers]
    mixed_up, after = ([each[round(t / PERIOD_S) - 15] for each in numbers] for t in (4.2, 7.0))
    assert mixed_up == before[::-1]
    assert after == (before[::-1] if exchanged else before)


@pytest.mark.faults
def test_the_lengths_of_bones_stay_with_a_person_whose_number_was_exchanged() -> None:
    """A tall and a small person change places within a picture, nobody's clothes seen."""
    tracker, shank = (
        PeopleTracker(OneEuroSettings()),
        BONES.index((Joint.LEFT_KNEE, Joint.LEFT_ANKLE)),
    )
    sizes = (1.15, 0.9)
    true_m = {
        n: size * np.linalg.norm(np.diff(standing()[list(BONES[shank])], axis=0))
        for n, size in enumerate(sizes, 1)
    }
    left, known_m = [], []
    for index in range(round(5.5 / PERIOD_S)):
        t = index * PERIOD_S
        way = float(np.interp(t, [0.0, 1.0, 2.0, 4.0, 5.0], [0.9, 0.9, 0.1, 0.1, 0.9]))
        seen = [
            Observation(
                pose(size * standing(), (way if (who == 1) is (t < 3.0) else -way, 0.0, 3.0)),
                None if 2.0 <= t < 4.5 else LOOKS[who],
            )
            for who, size in enumerate(sizes)
        ]
        tracks = tracker.update(seen, (index + 1) * PERIOD_NS)
        for track in tracks:
            track.correction.correct(track.pose, (index + 1) * PERIOD_NS, INTRINSICS)
        if tracks:
            left.append(min(tracks, key=lambda track: track.centre[0]).body_id)
            medians = {track.body_id: track.correction.lengths.median for track in tracks}
            known_m.append({n: one[shank] for n, one in medians.items() if one is not None})
    assert (left[20], left[-30], left[-1]) == (1, 1, 2), "exchanged once the clothes are seen"
    assert known_m[-1] == pytest.approx(true_m, abs=0.005)


def test_clothes_are_compared_by_colour_and_light() -> None:
    again = [dressed(colour) for colour in COLOURS]
    for index, looks in enumerate(LOOKS):
        alike = [looks.similarity(other) for other in again]
        assert int(np.argmax(alike)) == index
        assert alike[index] > 0.97
        assert sorted(alike)[-2] < 0.7


def test_clothes_outside_the_picture_are_unknown() -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    assert appearance_of(picture, pose(standing(), (3.0, 0.0, 3.0))) is None
    assert appearance_of(picture, pose(standing(), (0.0, 0.0, 500.0))) is None
    legless = pose(standing())
    legless.observed[12:] = False
    looks = appearance_of(picture, legless)
    assert looks is not None
    assert looks.lower is None
    whole = appearance_of(picture, pose(standing()))
    assert whole is not None
    assert whole.similarity(looks) == pytest.approx(1.0)
