"""The parameters of the assessment node, read and changed from the feedback node."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rcl_interfaces.msg import ParameterType
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.node import Node
from rclpy.parameter import Parameter, parameter_value_to_python

from apsa_perception.model.sentences import Sentence

_NODE = "assessment_node"

Done = Callable[[str], None]
"""Called with an empty text, or with the sentence why it was refused."""


class AssessmentParameters:
    """Reads and sets parameters of that node; the answers come in the node's thread.

    Args:
        node: node to call from.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._set = node.create_client(SetParameters, f"{_NODE}/set_parameters")
        self._get = node.create_client(GetParameters, f"{_NODE}/get_parameters")

    def set(self, values: Mapping[str, Any], done: Done) -> None:
        """Set parameters, of which the first that is refused gives the reason."""
        if not self._set.service_is_ready():
            done(Sentence.NODE_MISSING.text())
            return
        parameters = [Parameter(name, value=value) for name, value in values.items()]
        request = SetParameters.Request(parameters=[one.to_parameter_msg() for one in parameters])

        def answered(future: Any) -> None:
            results = future.result().results
            reason = next((one.reason for one in results if not one.successful), "")
            done(reason.removeprefix(f"{_NODE}: "))  # else no translation of it is found

        self._set.call_async(request).add_done_callback(answered)

    def read(self, names: Iterable[str], take: Callable[[Mapping[str, Any]], None]) -> None:
        """Call back with the values of parameters; with none if the node is not available."""
        asked = list(names)
        if not self._get.service_is_ready():
            take({})
            return

        def answered(future: Any) -> None:
            found = zip(asked, future.result().values, strict=True)
            take(
                {
                    name: parameter_value_to_python(value)
                    for name, value in found
                    if value.type != ParameterType.PARAMETER_NOT_SET
                }
            )

        request = GetParameters.Request(names=asked)
        self._get.call_async(request).add_done_callback(answered)

    def close(self) -> None:
        """Destroy the clients."""
        for client in (self._set, self._get):
            self._node.destroy_client(client)
