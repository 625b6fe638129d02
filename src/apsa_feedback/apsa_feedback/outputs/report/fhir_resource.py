"""What the resources of a FHIR Bundle have in common: identity, codes, units and references."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

SYSTEM = "urn:apsa-coach"
"""The system of the codes and identifiers of this project."""

_UCUM = "http://unitsofmeasure.org"


def identified(kind: Any, key: str, name: str, **fields: Any) -> Any:
    """Return a resource with the same id in each export.

    Args:
        kind: class of the resource.
        key: what it is about.
        name: which one of these.
        fields: its content.

    Raises:
        ValueError: the content does not fit the resource.
    """
    return kind.model_validate(
        {"id": str(uuid5(NAMESPACE_URL, f"{SYSTEM}:{key}:{name}")), **fields}
    )


def code_of(code: str, title: str) -> dict[str, Any]:
    """Return a CodeableConcept with a code of this project."""
    return {"coding": [{"system": SYSTEM, "code": code, "display": title}], "text": title}


def reference(resource: Any) -> dict[str, str]:
    """Return a Reference to a resource of the same Bundle."""
    return {"reference": f"urn:uuid:{resource.id}"}


def quantity(value: float, unit: str, code: str) -> dict[str, Any]:
    """Return a Quantity.

    Args:
        value: the value in this unit.
        unit: the unit for people.
        code: the unit as UCUM has it.
    """
    return {"value": value, "unit": unit, "system": _UCUM, "code": code}
