"""Skeletons and their errors as markers, for RViz and Foxglove."""

from geometry_msgs.msg import Point, Vector3
from rclpy.node import Node
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, MarkerArray

from apsa_feedback.stream.views import View
from apsa_perception.model.joints import PARENTS, Joint
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import header
from apsa_perception.ros.qos import RESULTS, publisher

BONE = ColorRGBA(r=0.85, g=0.88, b=0.92, a=1.0)
SEEN = ColorRGBA(r=0.42, g=0.76, b=0.96, a=1.0)
INFERRED = ColorRGBA(r=0.5, g=0.5, b=0.5, a=0.5)
ERROR = ColorRGBA(r=1.0, g=0.6, b=0.1, a=1.0)
_BONE_M, _JOINT_M, _TEXT_M = 0.02, 0.05, 0.09


class Markers:
    """Publishes ``markers`` (visualization_msgs/MarkerArray) while there are subscribers.

    Args:
        node: node to publish from.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._publisher = publisher(node, MarkerArray, "markers", RESULTS)

    def show(self, view: View, frame_id: str) -> None:
        """Publish a frame, in the frame of its skeletons."""
        if self._publisher.get_subscription_count():
            self._publisher.publish(markers(view, frame_id))

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_lifecycle_publisher(self._publisher)


def markers(view: View, frame_id: str) -> MarkerArray:
    """Return markers that replace those of the previous frame.

    For each person, bones are lines and joints are spheres: observed blue, inferred grey, part of
    an error orange. The names of the errors are above the head of the exerciser. Who has a root
    stands at it; others have their pelvis at the origin.
    """
    stamp = header(view.stamp_ns, frame_id)
    found = [Marker(header=stamp, action=Marker.DELETEALL)]
    errors = view.live.errors if view.live else ()
    for skeleton in view.skeletons:
        judged = view.live is not None and view.live.body_id == skeleton.body_id
        marked = {joint for error in errors for joint in error.joints} if judged else set()
        found += [_bones(stamp, skeleton), _joints(stamp, skeleton, marked)]
        if judged and errors:
            found.append(_text(stamp, skeleton, ", ".join(error.name for error in errors)))
    return MarkerArray(markers=found)


def _bones(stamp: Header, skeleton: Skeleton) -> Marker:
    points = [_point(skeleton, each) for bone in PARENTS.items() for each in bone]
    return _marker(stamp, "bones", skeleton, Marker.LINE_LIST, _BONE_M, points=points, color=BONE)


def _joints(stamp: Header, skeleton: Skeleton, marked: set[Joint]) -> Marker:
    colours = [
        ERROR if joint in marked else SEEN if skeleton.observed[joint] else INFERRED
        for joint in Joint
    ]
    points = [_point(skeleton, joint) for joint in Joint]
    return _marker(
        stamp, "joints", skeleton, Marker.SPHERE_LIST, _JOINT_M, points=points, colors=colours
    )


def _text(stamp: Header, skeleton: Skeleton, text: str) -> Marker:
    marker = _marker(
        stamp, "errors", skeleton, Marker.TEXT_VIEW_FACING, _TEXT_M, text=text, color=ERROR
    )
    marker.pose.position = _point(skeleton, Joint.HEAD)
    up = skeleton.positions[Joint.HEAD] - skeleton.positions[Joint.NECK]
    for axis, way in zip("xyz", up, strict=True):
        setattr(marker.pose.position, axis, getattr(marker.pose.position, axis) + float(way))
    return marker


def _marker(
    stamp: Header, name: str, skeleton: Skeleton, kind: int, size: float, **content: object
) -> Marker:
    marker = Marker(header=stamp, ns=name, id=skeleton.body_id, type=kind, **content)
    marker.scale = Vector3(x=size, y=size, z=size)
    marker.pose.orientation.w = 1.0
    return marker


def _point(skeleton: Skeleton, joint: Joint) -> Point:
    place = skeleton.positions[joint]
    if skeleton.root is not None:
        place = place + skeleton.root
    x, y, z = place.tolist()
    return Point(x=x, y=y, z=z)
