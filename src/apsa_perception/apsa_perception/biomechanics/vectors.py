"""Vectors of two or three plain floats.

Arithmetic on a few numbers takes a tenth of the time of NumPy's, and a frame needs hundreds of
such steps.
"""

import math
from collections.abc import Sequence

Vector = Sequence[float]


def minus(to: Vector, start: Vector) -> tuple[float, float, float]:
    """Return the vector from one point in space to another."""
    return to[0] - start[0], to[1] - start[1], to[2] - start[2]


def plus(start: Vector, direction: Vector, times: float) -> tuple[float, float, float]:
    """Return ``start + times * direction`` in space."""
    return (
        start[0] + times * direction[0],
        start[1] + times * direction[1],
        start[2] + times * direction[2],
    )


def minus_2d(to: Vector, start: Vector) -> tuple[float, float]:
    """Return the vector from one point in a plane to another."""
    return to[0] - start[0], to[1] - start[1]


def dot(first: Vector, second: Vector) -> float:
    """Return the scalar product of two vectors in space."""
    return first[0] * second[0] + first[1] * second[1] + first[2] * second[2]


def cross(first: Vector, second: Vector) -> tuple[float, float, float]:
    """Return the vector product."""
    a, b, c = first
    x, y, z = second
    return b * z - c * y, c * x - a * z, a * y - b * x


def length(vector: Vector) -> float:
    """Return the length of a vector in space."""
    return math.sqrt(dot(vector, vector))


def without_part_along(vector: Vector, unit: Vector) -> tuple[float, float, float]:
    """Return the part of a vector that is orthogonal to a unit vector."""
    along = dot(vector, unit)
    return vector[0] - along * unit[0], vector[1] - along * unit[1], vector[2] - along * unit[2]
