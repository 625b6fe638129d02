"""Who is who: the tracks of all people in view, and the numbers they keep."""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.pose.appearance import Appearance
from apsa_perception.pose.filters import OneEuroSettings
from apsa_perception.pose.known_person import (
    PATIENCE_S,
    KnownPerson,
    can_be,
    farness,
    place_after,
    recognised,
)
from apsa_perception.pose.track import CONFIRM_S, Track

REMEMBERED_S = 60.0
"""How long somebody who has left is remembered: a rest between two sets."""

EXCHANGED = 0.12
"""How much less two people must resemble themselves than each other to have been mixed up."""

DOUBT_S = 1.5
"""How long after two people were in each other's way their numbers may be exchanged."""

LOOKS_M = 0.5
"""Metres of distance that count as much as completely different clothes."""

HIDDEN_M = 0.3
"""The same for a track that was not found in the last picture: of two people at one place it is the
one behind."""

ALONE_LOOKS_S = 0.2
"""Time between two looks at the clothes of somebody who is alone."""

MEMORY_TIME_S = 3.0
"""Time constant of what is remembered of a person's looks."""

_CLEAR = 0.5
"""Least distance across the view of two trunks, as a share of their lengths, to show both."""


class Observation(NamedTuple):
    """A person in a picture.

    Attributes:
        pose: the joints, with pixels of a view that does not change its size.
        looks: what they wear; None if it is unknown or does not matter.
    """

    pose: CanonicalPose
    looks: Appearance | None


class PeopleTracker:
    """Follows people from picture to picture.

    A person gets a number after ``CONFIRM_S`` without interruption. A track ends when its person is
    lost for ``MAX_GAP_S`` or found where they cannot have moved to. Later detections start a new
    track with reset filters; its person keeps their number if place, size and clothes are those of
    somebody who is missing. Where the clothes show that two people were mixed up while they
    crossed, their numbers are exchanged. The lengths of bones belong to the number.

    Args:
        settings: settings of the smoothing.
    """

    def __init__(self, settings: OneEuroSettings) -> None:
        self._settings = settings
        self._tracks: list[Track] = []
        self._people: dict[int, KnownPerson] = {}
        self._numbers = itertools.count(1)
        self._last_ns: int | None = None
        self._looked_ns = 0

    def wants_looks(self, count: int, stamp_ns: int) -> bool:
        """Whether the clothes of the people in a picture matter.

        Of somebody who is alone they are taken now and then, because that takes time.

        Args:
            count: how many people are in the picture.
            stamp_ns: its stamp.
        """
        alone = count == len(self._tracks) == 1 and self._tracks[0].clear_s >= DOUBT_S
        since_ns = stamp_ns - self._looked_ns
        return not alone or since_ns >= to_nanoseconds(ALONE_LOOKS_S)

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next picture on."""
        self._settings = settings
        for track in self._tracks:
            track.use_settings(settings)

    def update(self, people: Sequence[Observation], stamp_ns: int) -> list[Track]:
        """Return the tracks of the people in a picture that have numbers, ordered by them."""
        found = self._assign(people, stamp_ns)
        period_s = 0.0 if self._last_ns is None else to_seconds(stamp_ns - self._last_ns)
        self._last_ns = stamp_ns
        hidden = [track for track in self._tracks if not _in_clear(track, self._tracks)]
        for track in hidden:
            track.hide(stamp_ns)
        for track, one in zip(found, people, strict=True):
            if one.looks is not None and track not in hidden:
                track.look(one.looks, stamp_ns)
                self._looked_ns = stamp_ns
        self._forget(stamp_ns)
        self._name(found)
        self._correct(found)
        named = [track for track in found if track.body_id]
        for track in named:
            self._remember(track, period_s)
        return sorted(named, key=lambda track: track.body_id)

    def _assign(self, people: Sequence[Observation], stamp_ns: int) -> list[Track]:
        """Assign each person to the nearest track or a new one; return their tracks in order."""
        known = [track for track in self._tracks if not track.is_lost(stamp_ns)]
        pairs = [
            (distance + self._strangeness(track, one), t, p)
            for t, track in enumerate(known)
            for p, one in enumerate(people)
            if (distance := track.distance(one.pose, stamp_ns)) is not None
        ]
        track_of: dict[int, Track] = {}
        for _, t, p in sorted(pairs):
            if p not in track_of and known[t] not in track_of.values():
                known[t].update(people[p].pose, stamp_ns)
                track_of[p] = known[t]
        for p, one in enumerate(people):
            if p not in track_of:
                track_of[p] = Track(one.pose, stamp_ns, self._settings)
        found = [track_of[p] for p in range(len(people))]
        self._tracks = found + [t for t in known if t.confirmed and t not in found]
        return found

    def _strangeness(self, track: Track, one: Observation) -> float:
        """Metres to add to a distance: the clothes differ, or the track was hidden."""
        hidden = 0.0 if track.last_ns == self._last_ns else HIDDEN_M
        person = self._people.get(track.body_id)
        looks = person.looks if person else track.looks
        if looks is None or one.looks is None:
            return hidden
        return hidden + LOOKS_M * (1.0 - looks.similarity(one.looks))

    def _forget(self, stamp_ns: int) -> None:
        """Forget people who left long ago."""
        since = stamp_ns - to_nanoseconds(REMEMBERED_S)
        self._people = {n: one for n, one in self._people.items() if one.seen_ns >= since}

    def _name(self, found: list[Track]) -> None:
        """Give confirmed tracks the number of whoever came back, or the next one."""
        nameless = [track for track in found if track.confirmed and not track.body_id]
        missing = set(self._people) - {track.body_id for track in found}
        scores = sorted(
            (
                (score - farness(self._people[number], *place), -number, index)
                for index, track in enumerate(nameless)
                for number in missing
                for place in [place_after(self._people[number], track)]
                if (score := recognised(track, self._people[number], *place)) is not None
            ),
            reverse=True,
        )
        for _, negative, index in scores:
            if -negative in missing and not nameless[index].body_id:
                self._hand_over(-negative, nameless[index])
                missing.discard(-negative)
        for track in nameless:
            hidden = track.looks is None and track.age_s < PATIENCE_S
            awaited = hidden and any(
                can_be(self._people[n], *place_after(self._people[n], track)) for n in missing
            )
            if not track.body_id and not awaited:
                track.body_id = next(self._numbers)

    def _hand_over(self, number: int, track: Track) -> None:
        """Continue a person with this track instead of the one that lost them."""
        for other in self._tracks:
            if other.body_id == number:
                other.body_id = 0
        self._tracks = [one for one in self._tracks if one.body_id or one.last_ns == track.last_ns]
        track.body_id = number

    def _correct(self, found: list[Track]) -> None:
        """Exchange the numbers of people who were mixed up, as their clothes show."""
        clear = [
            track
            for track in found
            if track.body_id in self._people and CONFIRM_S <= track.clear_s < DOUBT_S
        ]
        for one, other in itertools.combinations(clear, 2):
            kept = self._likeness(one, one.body_id) + self._likeness(other, other.body_id)
            changed = self._likeness(one, other.body_id) + self._likeness(other, one.body_id)
            if changed > kept + EXCHANGED:
                one.body_id, other.body_id = other.body_id, one.body_id
        missing = set(self._people) - {track.body_id for track in found}
        for track in clear:
            own = self._likeness(track, track.body_id)
            scores = [
                (score, number)
                for number in missing
                if (score := recognised(track, self._people[number], track.pose, track.last_ns))
                is not None
                and score > own + EXCHANGED
            ]
            if scores:
                _, number = max(scores)
                missing.discard(number)
                missing.add(track.body_id)
                self._hand_over(number, track)

    def _likeness(self, track: Track, number: int) -> float:
        looks = self._people[number].looks
        return looks.similarity(track.looks) if looks and track.looks else 0.5

    def _remember(self, track: Track, period_s: float) -> None:
        looks = track.looks
        person = self._people.get(track.body_id)
        if person is not None and person.looks is not None:
            sure = looks is not None and track.clear_s >= DOUBT_S
            weight = 1.0 - math.exp(-period_s / MEMORY_TIME_S)
            looks = person.looks.blended(looks, weight) if looks and sure else person.looks
        if person is not None:  # of the person, whichever track they had before
            track.correction.lengths = person.lengths
        self._people[track.body_id] = KnownPerson(
            looks, track.centre, track.metres_per_pixel, track.last_ns, track.correction.lengths
        )


def _in_clear(track: Track, others: Sequence[Track]) -> bool:
    """Whether no other person's trunk is before or behind that of the track."""
    length = _trunk_px(track.pose)
    return all(
        abs(other.centre[0] - track.centre[0]) > _CLEAR * (length + _trunk_px(other.pose)) / 2.0
        or abs(other.centre[1] - track.centre[1]) > (length + _trunk_px(other.pose)) / 2.0
        for other in others
        if other is not track
    )


def _trunk_px(pose: CanonicalPose) -> float:
    return float(np.hypot(*(pose.pixels[Joint.NECK] - pose.pixels[Joint.PELVIS])))
