"""A camera on one machine and the assessment on another: what a delayed, lossy network costs.

python3 scripts/bootstrap.py --with test -- python benchmarks/two_machines.py     (as root)

The sample is played as compressed images at 25 a second, with the launch files' graph: the
skeletons are found on the workstation (images cross the network) or on the robot (skeletons do).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import delayed_wire  # noqa: E402  (found by the path above)

CONDITIONS = ((0.0, 0.0), (0.02, 0.01), (0.02, 0.05))
"""Delay in one direction in seconds, and share of lost packets."""
PLACES = ("station", "tuned station", "robot")
"""Where the skeletons are found; tuned: with settings of the kernel for fragments."""
TOPIC = "/camera/image_raw/compressed"
FPS = 25.0
LIMIT_S = 90.0
_READY_S = 6.0


def robot(place: str, folder: Path) -> None:
    """Play the sample; find the skeletons if they are found here."""
    import rclpy
    from apsa_msgs.msg import SkeletonArray
    from sensor_msgs.msg import CompressedImage

    from apsa_perception.ros.conversion import header
    from apsa_perception.ros.qos import IMAGES, RESULTS
    from apsa_perception.sources.video import VideoReader
    from support.processes import processes

    with VideoReader(ROOT / "samples" / "squat.mp4") as video:
        pictures = [cv2.imencode(".jpg", rgb[:, :, ::-1])[1].tobytes() for _, rgb in video]
    print(f"{np.median([len(one) for one in pictures]) / 1e3:.0f} kB a picture", flush=True)
    with processes(folder / "robot", source=TOPIC) as graph:
        if place == "robot":
            graph.start("pose_node", consumers=[""])
        rclpy.init()
        node = rclpy.create_node("camera")
        publisher = node.create_publisher(CompressedImage, TOPIC, IMAGES)
        skeletons: list[bytes] = []
        if place == "robot":
            take = skeletons.append
            node.create_subscription(SkeletonArray, "/apsa/skeletons", take, RESULTS, raw=True)
        give_up = time.monotonic() + LIMIT_S
        while not (folder / "ready").exists() or not publisher.get_subscription_count():
            assert time.monotonic() < give_up, "nobody subscribes"
            time.sleep(0.1)
        time.sleep(_READY_S)
        start_s = time.monotonic()
        for number, picture in enumerate(pictures):
            stamp = header(node.get_clock().now().nanoseconds, "camera_optical_frame")
            publisher.publish(CompressedImage(header=stamp, format="jpeg", data=picture))
            due_s = start_s + (number + 1) / FPS
            while (left_s := due_s - time.monotonic()) > 0.0:
                rclpy.spin_once(node, timeout_sec=left_s)
        rclpy.spin_once(node, timeout_sec=0.5)
        sent = len(skeletons) if place == "robot" else len(pictures)
        (folder / "played").write_text(str(sent))
        time.sleep(8.0)


def station(place: str, folder: Path) -> None:
    """Run the rest of the graph; write what arrived."""
    import rclpy
    from apsa_msgs.msg import ExerciseErrorArray, Repetition
    from rclpy.qos import QoSProfile, ReliabilityPolicy
    from sensor_msgs.msg import CompressedImage

    from apsa_perception.ros.conversion import to_ns
    from apsa_perception.ros.qos import RESULTS
    from support.processes import processes

    pose = "false" if place == "robot" else "true"
    options = {"source": TOPIC, "exercise": "squat", "outputs": "none", "pose": pose}
    ages_s: list[float] = []
    repetitions: list[Repetition] = []
    images: list[bytes] = []
    with processes(folder / "station", **options) as graph:
        graph.start_all()
        rclpy.init()
        node = rclpy.create_node("listener")

        def take(message: ExerciseErrorArray) -> None:
            if message.scope == ExerciseErrorArray.LIVE:
                now_ns = node.get_clock().now().nanoseconds
                ages_s.append((now_ns - to_ns(message.header.stamp)) * 1e-9)

        node.create_subscription(ExerciseErrorArray, "/apsa/errors", take, RESULTS)
        node.create_subscription(Repetition, "/apsa/repetitions", repetitions.append, RESULTS)
        if place != "robot":
            queue = QoSProfile(depth=100, reliability=ReliabilityPolicy.BEST_EFFORT)
            node.create_subscription(CompressedImage, TOPIC, images.append, queue, raw=True)
        give_up = time.monotonic() + LIMIT_S
        while node.count_publishers("/apsa/errors") == 0 and time.monotonic() < give_up:
            rclpy.spin_once(node, timeout_sec=0.1)
        (folder / "ready").touch()
        while not (folder / "played").exists() and time.monotonic() < give_up:
            rclpy.spin_once(node, timeout_sec=0.1)
        end = time.monotonic() + 5.0
        while time.monotonic() < end:
            rclpy.spin_once(node, timeout_sec=0.1)
    found = {"frames": len(ages_s), "repetitions": len(repetitions)}
    found |= {"images": len(images)} if place != "robot" else {}
    if ages_s:
        median, late = np.percentile(ages_s, [50.0, 95.0])
        found |= {"age_median_s": round(float(median), 3), "age_95_s": round(float(late), 3)}
    (folder / "found.json").write_text(json.dumps(found))


def measured(place: str, delay_s: float, loss: float) -> dict[str, float]:
    """Play the sample once; return what arrived at the workstation."""
    delayed_wire.set_up()
    if place == "tuned station":
        delayed_wire.forget_fragments_early("station")
    here = [sys.executable, str(Path(__file__).resolve())]
    environment = {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET"}
    with tempfile.TemporaryDirectory() as name:
        wire = ["ip", "netns", "exec", "wire", *here, "wire", str(delay_s), str(loss)]
        carrier = subprocess.Popen(wire)
        machines = []
        try:
            for machine in ("station", "robot"):
                command = delayed_wire.in_namespace(machine, [*here, machine, place, name])
                machines.append(subprocess.Popen(command, env=environment))
            for process in machines:
                process.wait(3.0 * LIMIT_S)
        finally:
            for process in (*machines, carrier):
                process.kill()
                process.wait()
            delayed_wire.tear_down()
        sent = int(Path(name, "played").read_text())
        return {"sent": sent, **json.loads(Path(name, "found.json").read_text())}


def main() -> None:
    """Measure all conditions, or play the part that the arguments name."""
    match sys.argv[1:]:
        case ["wire", delay_s, loss]:
            delayed_wire.carry(float(delay_s), float(loss))
        case ["robot", place, folder]:
            delayed_wire.without_offloads("eth0")
            robot(place, Path(folder))
        case ["station", place, folder]:
            delayed_wire.without_offloads("eth0")
            station(place, Path(folder))
        case _:
            for delay_s, loss in CONDITIONS:
                for place in PLACES:
                    found = measured(place, delay_s, loss)
                    print(
                        f"{1e3 * delay_s:.0f} ms, {loss:.0%} lost, skeletons on {place}: {found}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
