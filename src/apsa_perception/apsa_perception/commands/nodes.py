"""The executables of the nodes: Ctrl-C during their imports, too, ends them without a traceback."""

import sys
from functools import partial
from importlib import import_module


def start(module: str) -> None:
    """Import the module of a node and call its ``main``."""
    try:
        node = import_module(module)
    except KeyboardInterrupt:
        sys.exit(0)  # as at Ctrl-C later: ``ros.process.run``
    node.main()


video_source = partial(start, "apsa_perception.nodes.video_source")
bag_source = partial(start, "apsa_perception.nodes.bag_source")
pose_node = partial(start, "apsa_perception.nodes.pose_node")
humans_node = partial(start, "apsa_perception.nodes.humans_node")
assessment_node = partial(start, "apsa_perception.nodes.assessment_node")
