"""Outputs are found by name; an exception of one does not affect the others."""

from pathlib import Path

import numpy as np
import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.base import NoSettings, OutputContext, find
from apsa_feedback.outputs.group import OutputGroup, chosen
from apsa_feedback.stream.views import ViewAssembler
from apsa_perception.model.codes import CuePriority
from support import lamp
from support.feedback_cases import book, error, live, ns, skeleton

CUE = CueResult(0, 1, CuePriority.FORM, "knee_valgus", "Push your knees outwards.", "en")
PICTURE = np.zeros((4, 4, 3), dtype=np.uint8)


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lamp.install(tmp_path, monkeypatch)


def test_an_installed_output_is_found_by_its_name() -> None:
    assert find("lamp").__name__ == "LampOutput"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("siren", "there is no output 'siren'; expected one of .*lamp"),
        ("absent", "the output 'absent' cannot be loaded"),
        ("wrong", "is not a subclass of Output"),
    ],
)
def test_an_output_that_cannot_be_had_is_named_in_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        find(name)
    assert "\n" not in str(caught.value)


def test_what_an_output_raises_does_not_reach_the_others() -> None:
    context = OutputContext(book(), NoSettings(), print)
    broken, sound = find("lamp").open(context), find("lamp").open(context)
    failures: list[str] = []
    group = OutputGroup(
        {"broken": broken, "sound": sound}, lambda name, error: failures.append(f"{name}: {error}")
    )
    group.show_cue(CUE)
    group.close()
    assert failures == ["broken: the bulb is broken", "sound: the bulb is broken"]
    assert sound.cues == [CUE]  # type: ignore[attr-defined]
    assert sound.closed == 1  # type: ignore[attr-defined]


def test_chosen_names_keep_their_order_and_blanks_mean_none() -> None:
    assert chosen(["screen", " speech", "screen"]) == ["screen", "speech"]
    assert chosen([""]) == []


def test_a_view_is_made_of_one_frame_only() -> None:
    views = ViewAssembler()
    views.add_picture(ns(0.0), lambda: PICTURE)
    views.add_frame(skeleton(0.0))
    view = views.view(live(0.0, error()))
    assert view is not None
    assert view.picture is PICTURE
    assert view.skeletons[0].stamp_ns == view.stamp_ns == 0
    assert views.view(live(0.04)) is None


def test_while_pictures_flow_a_frame_without_one_is_left_out() -> None:
    views = ViewAssembler()
    views.add_picture(ns(0.0), lambda: PICTURE)
    views.add_frame(skeleton(0.5))
    assert views.view(live(0.5)) is None
    views.add_frame(skeleton(2.0))
    view = views.view(live(2.0))
    assert view is not None
    assert view.picture is None


def test_a_picture_is_decoded_only_when_it_is_shown() -> None:
    decoded: list[int] = []
    views = ViewAssembler()
    for step in range(50):
        views.add_picture(step, lambda step=step: decoded.append(step) or PICTURE)  # type: ignore[misc]
    views.add_frame(skeleton(0.0))
    views.view(live(0.0))
    assert decoded == []
