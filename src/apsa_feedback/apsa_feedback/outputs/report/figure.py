"""How an exercise is done, as drawings: one that moves, and the start and turning point on paper.

Nothing in a report runs: the drawing moves by the animation of SVG itself.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from apsa_feedback.outputs.report.svg import Element, tag
from apsa_perception.model.joints import PARENTS, RIGHT_JOINTS, Joint

_HEAD_CM = 10
_MARGIN_CM = 16
_REST_S, _TURN_S, _HELD_S = 0.6, 0.2, 4.0
_FAR_DEG = 45
"""Turned by so much the right limbs are behind the left ones."""

_BONES = [(bone, parent) for bone, parent in PARENTS.items() if bone is not Joint.HEAD]

Body = Sequence[Sequence[float]]


def drawings(guide: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``moving`` and ``stills``, the start and the turning point; none without a figure.

    Args:
        guide: the exercise as ``apsa_feedback.outputs.guide.guide`` returns it.
    """
    cycles = guide["cycles"]
    if not cycles:
        return {"moving": None, "stills": []}
    return {
        "moving": _scene(guide, _moving(guide)),
        "stills": [
            _scene(guide, _body(body, guide["turned"])) for body in cycles[0][:: len(cycles[0]) - 1]
        ],
    }


def _scene(guide: Mapping[str, Any], figure: list[Element]) -> Element:
    """The floor, the prop and a figure; all scenes of a guide have the same scale."""
    bodies = [body for cycle in guide["cycles"] for body in cycle]
    points = [point for each in (*bodies, *guide["props"]) for point in each]
    left, right = (end(x for x, _ in points) for end in (min, max))
    top, bottom = (end(y for _, y in points) for end in (min, max))
    left, top = left - _MARGIN_CM, top - _MARGIN_CM
    size = (right + _MARGIN_CM - left, bottom + _MARGIN_CM - top)
    lying = any(body[Joint.HEAD][1] > -_HEAD_CM for body in bodies)
    ground = _HEAD_CM + 1 if lying else 4
    props = [
        tag("polyline", points=" ".join(f"{x},{y}" for x, y in line), class_="prop")
        for line in guide["props"]
    ]
    return tag(
        "svg",
        tag("path", d=f"M{left} {ground}h{size[0]}", class_="floor"),
        *props,
        *figure,
        viewBox=f"{left} {top} {size[0]} {size[1]}",
        class_="figure",
        aria_hidden="true",
    )


def _body(body: Body, turned: float) -> list[Element]:
    far, near = _limbs(body, turned)
    x, y = body[Joint.HEAD]
    head = tag("circle", cx=x, cy=y, r=_HEAD_CM, class_="head")
    return [tag("path", d=far, class_="far"), tag("path", d=near, class_="near"), head]


def _limbs(body: Body, turned: float) -> tuple[str, str]:
    """Path data of the limbs behind and in front."""
    far: list[str] = []
    near: list[str] = []
    for bone, parent in _BONES:
        behind = turned >= _FAR_DEG and bone in RIGHT_JOINTS
        (x1, y1), (x2, y2) = body[parent], body[bone]
        (far if behind else near).append(f"M{x1} {y1}L{x2} {y2}")
    return "".join(far), "".join(near)


def _moving(guide: Mapping[str, Any]) -> list[Element]:
    """The body from the start to the turning point and back, for each side in turn."""
    turned, cycles = guide["turned"], guide["cycles"]
    way_s = guide["seconds"] / 2.0
    held_s = _HELD_S if guide["hold"] else _TURN_S
    whole_s = len(cycles) * (_REST_S + 2.0 * way_s + held_s)
    moments: list[tuple[float, Body]] = []
    at = 0.0
    for cycle in cycles:
        shares = [_moment(i / (len(cycle) - 1)) * way_s for i in range(len(cycle))]
        out = [(at + _REST_S + share, body) for share, body in zip(shares, cycle, strict=True)]
        turn = at + _REST_S + way_s + held_s
        back = [(turn + way_s - share, body) for share, body in zip(shares, cycle, strict=True)]
        moments += [(at, cycle[0]), *out, *reversed(back)]
        at = turn + way_s
    times = ";".join(f"{min(when / whole_s, 1.0):.4f}" for when, _ in moments)

    def animated(name: str, values: Sequence[object]) -> Element:
        return tag(
            "animate",
            attributeName=name,
            dur=f"{whole_s:.2f}s",
            repeatCount="indefinite",
            keyTimes=times,
            values=";".join(str(value) for value in values),
        )

    first = _body(cycles[0][0], turned)
    limbs = [_limbs(body, turned) for _, body in moments]
    for index, path in enumerate(first[:2]):
        path.append(animated("d", [pair[index] for pair in limbs]))
    for axis, name in enumerate(("cx", "cy")):
        first[2].append(animated(name, [body[Joint.HEAD][axis] for _, body in moments]))
    return first


def _moment(share: float) -> float:
    """Share of the time at which a share of a smooth way is reached."""
    return 0.5 - math.sin(math.asin(1.0 - 2.0 * share) / 3.0)
