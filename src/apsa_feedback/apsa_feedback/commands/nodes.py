"""The executables of the nodes; see ``apsa_perception.commands.nodes``."""

from functools import partial

from apsa_perception.commands.nodes import start

console_node = partial(start, "apsa_feedback.nodes.console_node")
robot_simulator = partial(start, "apsa_feedback.nodes.robot_simulator")
feedback_node = partial(start, "apsa_feedback.nodes.feedback_node")
