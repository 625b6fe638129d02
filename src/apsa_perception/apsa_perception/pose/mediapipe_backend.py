"""Backend with MediaPipe Pose "full": optional, and what the default backend is compared with.

It is installed by ``requirements/oracle.txt``. Its weights are in the wheel.
"""

from pathlib import Path
from typing import Any

import mediapipe
import numpy as np
from mediapipe.framework.formats import landmark_pb2, rect_pb2
from mediapipe.python import packet_creator, packet_getter

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.model.stamps import microseconds_after
from apsa_perception.pose.blazepose import blazepose_to_canonical
from apsa_perception.pose.quiet import stderr_discarded
from apsa_perception.pose.region import limit_size

_GRAPH = "mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb"
_LANDMARKS = "pose_landmarks"
_WORLD_LANDMARKS = "pose_world_landmarks"


class MediaPipeBackend:
    """MediaPipe Pose 0.10.21, complexity 1, run as a graph instead of its Python class.

    That class assumes 30 frames a second instead of using stamps. The graph's own smoothing is off:
    it is a One-Euro filter as well, but runs before swapped sides are corrected. Tracking from
    frame to frame is on.
    """

    MODELS = ("full",)
    COMPLEXITY = 1
    """MediaPipe's number of the model."""
    name = "mediapipe_pose_full"

    def __init__(self, model: str = "full") -> None:
        if model not in self.MODELS:
            raise ValueError(f"pose model is '{model}'; expected one of {', '.join(self.MODELS)}")
        root = Path(mediapipe.__file__).parents[1]
        mediapipe.resource_util.set_resource_dir(str(root))
        self._packets: dict[str, Any] = {}
        self._last_us: int | None = None
        self._graph = mediapipe.CalculatorGraph(binary_graph_path=str(root / _GRAPH))
        for stream in (_LANDMARKS, _WORLD_LANDMARKS):
            self._graph.observe_output_stream(stream, self._packets.__setitem__, True)
        with stderr_discarded():
            _provoke_first_use_warning()
            self._start()

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        """Return the person in the picture, if any.

        Raises:
            StampError: the stamp is not at least a microsecond later than the last one.
        """
        self._last_us = stamp_us = microseconds_after(stamp_ns, self._last_us)
        packet = packet_creator.create_image_frame(
            limit_size(rgb), image_format=mediapipe.ImageFormat.SRGB
        )
        self._graph.add_packet_to_input_stream("image", packet.at(stamp_us))
        self._graph.wait_until_idle()
        if self._packets[_LANDMARKS].is_empty():
            return []
        height, width = rgb.shape[:2]
        picture = _landmark_array(self._packets[_LANDMARKS])
        world = _landmark_array(self._packets[_WORLD_LANDMARKS])
        return [
            blazepose_to_canonical(
                world=world[:, :3],
                pixels=picture[:, :2] * (width, height),
                visibility=picture[:, 3],
                image_size=(width, height),
            )
        ]

    def reset(self) -> None:
        """Forget earlier frames; the next stamp may have any value."""
        self._graph.close()
        self._last_us = None
        with stderr_discarded():
            self._start()

    def close(self) -> None:
        """Release the graph."""
        self._graph.close()

    def _start(self) -> None:
        self._graph.start_run(
            {
                "model_complexity": packet_creator.create_int(self.COMPLEXITY),
                "smooth_landmarks": packet_creator.create_bool(False),
                "use_prev_landmarks": packet_creator.create_bool(True),
                "enable_segmentation": packet_creator.create_bool(False),
                "smooth_segmentation": packet_creator.create_bool(False),
            }
        )
        self._graph.wait_until_idle()


def _landmark_array(packet: Any) -> FloatArray:
    """``(33, 4)`` x, y, z, visibility."""
    landmarks = packet_getter.get_proto(packet).landmark
    values = [(mark.x, mark.y, mark.z, mark.visibility) for mark in landmarks]
    return np.array(values, dtype=np.float64)


def _provoke_first_use_warning() -> None:
    """Trigger the warning of the graph's projection calculator, once per process.

    It would otherwise appear with the first person found, when stderr cannot be discarded because
    other threads may write to it.
    """
    graph = mediapipe.CalculatorGraph(
        graph_config="""
            input_stream: "marks" input_stream: "region" output_stream: "projected"
            node {
              calculator: "LandmarkProjectionCalculator"
              input_stream: "NORM_LANDMARKS:marks"
              input_stream: "NORM_RECT:region"
              output_stream: "NORM_LANDMARKS:projected"
            }
        """
    )
    graph.start_run()
    marks = landmark_pb2.NormalizedLandmarkList(landmark=[landmark_pb2.NormalizedLandmark(x=0.5)])
    region = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=1.0, height=1.0)
    for stream, message in (("marks", marks), ("region", region)):
        graph.add_packet_to_input_stream(stream, packet_creator.create_proto(message).at(0))
    graph.wait_until_idle()
    graph.close()
