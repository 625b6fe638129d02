"""Drawings with the errors of other drawings."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from apsa_training.augmentation.exchanged_errors import (
    Drawings,
    drawn_from,
    with_exchanged_errors,
)
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.data.window_set import WindowSet, joined, prepare
from support.samples import DRAWN, sample


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    recorded, drawn = prepare(sample()), load_drawn(DRAWN)
    seen = prepare(drawn, recorded.families)
    cut = replace(seen, as_coached=np.full(len(seen), True))
    return joined([recorded, seen, cut])


def test_a_drawing_is_found_with_its_recording(windows: WindowSet) -> None:
    rows = np.arange(len(windows))[::-1].copy()
    pairs = drawn_from(windows, rows)
    drawn, recorded = rows[pairs.drawn.numpy()], rows[pairs.recorded.numpy()]
    whole = windows.from_camera & ~windows.as_coached
    assert sorted(drawn.tolist()) == np.flatnonzero(whole).tolist()
    assert not windows.from_camera[recorded].any()
    assert (windows.recording[drawn] == windows.recording[recorded]).all()
    assert (windows.subject[drawn] == windows.subject[recorded]).all()


def test_a_drawing_whose_recording_is_not_among_the_rows_is_left_out(windows: WindowSet) -> None:
    assert not len(drawn_from(windows, np.flatnonzero(windows.from_camera)).drawn)


def test_only_drawings_change_and_only_by_errors_of_the_same_exercise() -> None:
    draw = torch.Generator().manual_seed(0)
    recorded = torch.randn(40, 4, 20, 3, generator=draw)
    family = torch.arange(40) % 2
    size = torch.arange(1.0, 41.0)
    errors = torch.where(family == 0, size, -size)[:, None, None, None]
    windows = torch.cat([recorded, recorded + errors])
    pairs = Drawings(torch.arange(40, 80), torch.arange(40))
    changed = with_exchanged_errors(windows, family.repeat(2), pairs, 0.5, draw)
    assert torch.equal(changed[:40], recorded)
    given = (changed[40:] - recorded)[:, 0, 0, 0].round()
    assert torch.equal(given.sign(), torch.where(family == 0, 1.0, -1.0))
    assert set(given.abs().tolist()) <= set(size.tolist())
    others = (given.abs() != size).float().mean()
    assert 0.3 < others < 0.7
    assert torch.equal(with_exchanged_errors(windows, family.repeat(2), pairs, 0.0, draw), windows)
