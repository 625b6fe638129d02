"""Time of one hop of a SkeletonArray without the transport: from skeletons to skeletons.

python benchmarks/skeleton_hop.py
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import header, skeletons_from_msg, skeletons_to_msg
from apsa_perception.ros.skeleton_bytes import SkeletonReader
from apsa_perception.ros.skeleton_writer import SkeletonWriter

PEOPLE = (1, 4)
REPEATS = 200
ROUNDS = 5
SIZE = (640, 480)


def processor_ms(hop: Callable[[], object]) -> float:
    """Return milliseconds of processor time of a call, the least of several rounds."""
    hop()
    rounds = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(REPEATS):
            hop()
        rounds.append((time.process_time() - before) / REPEATS)
    return 1e3 * min(rounds)


def hop_ms_by_people() -> dict[str, dict[str, float]]:
    """Return the time by the number of people, with message objects and as the nodes do it.

    A subscriber only reads: it gets NumPy arrays of the joints, checked.
    """
    stamp, source = header(1_000_000_000, "camera"), "blazepose_full"
    writer, reader = SkeletonWriter(source), SkeletonReader(print)
    figures = {}
    for count in PEOPLE:
        people = [_somebody(number) for number in range(1, count + 1)]
        data = writer.write(people, stamp, SIZE)

        def by_objects(people: list[Skeleton] = people) -> list[Skeleton]:
            data = serialize_message(skeletons_to_msg(people, stamp, SIZE, source))
            return skeletons_from_msg(deserialize_message(data, SkeletonArray))

        def by_bytes(people: list[Skeleton] = people) -> list[Skeleton]:
            return reader.read(writer.write(people, stamp, SIZE)).skeletons

        figures[str(count)] = {
            "message_objects_ms": round(processor_ms(by_objects), 3),
            "bytes_ms": round(processor_ms(by_bytes), 3),
            "read_bytes_ms": round(processor_ms(partial(reader.read, data)), 3),
        }
    return figures


def _somebody(body_id: int) -> Skeleton:
    rng = np.random.default_rng(body_id)
    return Skeleton(
        stamp_ns=1_000_000_000,
        body_id=body_id,
        positions=rng.normal(scale=0.4, size=(20, 3)),
        pixels=rng.uniform(0.0, 480.0, (20, 2)),
        confidence=rng.random(20),
        observed=rng.random(20) < 0.8,
        image_size=SIZE,
        root=np.array([0.0, 0.0, 2.5]),
    )


if __name__ == "__main__":
    for people, times in hop_ms_by_people().items():
        print(people, times)
