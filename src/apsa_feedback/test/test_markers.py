"""Markers for RViz and Foxglove, and the configurations that show them."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import yaml

from support.feedback_cases import error, live, skeleton

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import ExerciseErrorArray, ExerciseQuality, Measure
from rclpy.qos import ReliabilityPolicy
from visualization_msgs.msg import Marker

from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.nodes.markers import ERROR, INFERRED, SEEN, markers
from apsa_feedback.stream.views import View
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.ros.qos import IMAGES, RESULTS
from support.paths import ROOT

CONFIG = ROOT / "config"
TOPICS = {"markers", "overlay", "errors", "quality", "cue", "session"}


def test_bones_joints_and_errors_are_in_the_frame_of_the_skeletons() -> None:
    frame = skeleton(2.0, Joint.LEFT_ANKLE)
    wrong = replace(error(), joints=(Joint.LEFT_KNEE,))
    shown = markers(View(frame.stamp_ns, frame.skeletons, live=live(2.0, wrong)), "optical").markers
    assert [marker.ns for marker in shown] == ["", "bones", "joints", "errors"]
    assert shown[0].action == Marker.DELETEALL
    assert {marker.header.frame_id for marker in shown} == {"optical"}
    assert {marker.header.stamp.sec for marker in shown} == {2}
    assert len(shown[1].points) == 2 * (JOINT_COUNT - 1)
    colours = shown[2].colors
    assert (colours[Joint.LEFT_KNEE], colours[Joint.LEFT_ANKLE]) == (ERROR, INFERRED)
    assert colours[Joint.RIGHT_KNEE] == SEEN
    assert shown[3].text == "knee_valgus"


def test_errors_are_shown_on_the_person_who_is_judged_only() -> None:
    frame = skeleton(2.0, body_id=9)
    shown = markers(View(frame.stamp_ns, frame.skeletons, live=live(2.0, error())), "f").markers
    assert [marker.ns for marker in shown] == ["", "bones", "joints"]
    assert ERROR not in shown[2].colors


def test_people_with_a_root_stand_at_it_and_do_not_overlap() -> None:
    one, other = (skeleton(2.0, body_id=body).skeletons[0] for body in (1, 2))
    beside = replace(other, root=np.array([1.0, 0.0, 3.0]))
    shown = markers(View(one.stamp_ns, (one, beside)), "f").markers
    joints = {each.id: each.points[Joint.PELVIS] for each in shown if each.ns == "joints"}
    assert [joints[1].x, joints[1].z] == one.positions[Joint.PELVIS, [0, 2]].tolist()
    apart = other.positions[Joint.PELVIS] + beside.root
    assert [joints[2].x, joints[2].y, joints[2].z] == apart.tolist()


def test_the_configurations_show_topics_that_are_published() -> None:
    rviz = yaml.safe_load((CONFIG / "rviz" / "coach.rviz").read_text())
    displays = rviz["Visualization Manager"]["Displays"]
    named = {display["Topic"]["Value"] for display in displays if "Topic" in display}
    layout = (CONFIG / "foxglove" / "coach.json").read_text()
    panels = set(json.loads(layout)["configById"])
    assert panels == set(re.findall(r'"(?:first|second)": "([^"]+)"', layout))
    named |= set(re.findall(r"/apsa/\w+", layout))
    assert named == {f"/apsa/{topic}" for topic in TOPICS}
    assert "markers" in (FeedbackNode.__doc__ or "")


def test_the_layout_plots_fields_and_measures_that_exist() -> None:
    kinds = {"errors": ExerciseErrorArray, "quality": ExerciseQuality}
    panels = json.loads((CONFIG / "foxglove" / "coach.json").read_text())["configById"].values()
    plotted = [path["value"] for panel in panels for path in panel.get("paths", ())]
    assert plotted
    for value in plotted:
        topic, field = re.match(r"/apsa/(\w+)\.(\w+)", value).groups()
        assert hasattr(kinds[topic](), field), value
        measure = re.search(r'\.measures\[:\]\{name=="(\w+)"\}\.(\w+)$', value)
        if measure:
            assert measure[1] in MEASURES
            assert hasattr(Measure(), measure[2])


def test_rviz_asks_for_what_is_published_reliably_or_not() -> None:
    rviz = yaml.safe_load((CONFIG / "rviz" / "coach.rviz").read_text())
    asked = {
        display["Topic"]["Value"]: (display["Topic"]["Reliability Policy"],
                                    display["Topic"]["Durability Policy"])
        for display in rviz["Visualization Manager"]["Displays"]
        if "Topic" in display
    }  # fmt: skip
    offered = {"/apsa/markers": RESULTS, "/apsa/overlay": IMAGES}
    for topic, profile in offered.items():
        reliability, durability = asked[topic]
        may_be_reliable = profile.reliability is ReliabilityPolicy.RELIABLE
        assert reliability == "Best Effort" or may_be_reliable
        assert durability == "Volatile"
