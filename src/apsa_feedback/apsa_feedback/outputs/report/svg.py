"""SVG elements whose text is always escaped."""

from xml.etree import ElementTree

Element = ElementTree.Element


def tag(name: str, /, *children: "Element | str", **attributes: object) -> Element:
    """Return an element; ``_`` in attribute names becomes ``-``, a trailing one is dropped."""
    element = Element(
        name, {key.rstrip("_").replace("_", "-"): _text(v) for key, v in attributes.items()}
    )
    last: Element | None = None
    for child in children:
        if not isinstance(child, str):
            element.append(child)
            last = child
        elif last is None:
            element.text = (element.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return element


def markup(element: Element) -> str:
    """Return the element as markup, its text escaped."""
    return ElementTree.tostring(element, encoding="unicode", method="html")


def _text(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
