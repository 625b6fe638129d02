"""Read the values of a small .xlsx sheet: a zip of XML, so no further package is needed."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_rows(path: Path) -> list[list[float | str]]:
    """Rows of the first sheet; empty cells are left out.

    Raises:
        ValueError: the file is no readable spreadsheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            sheet = min(name for name in names if name.startswith("xl/worksheets/sheet"))
            tree = ElementTree.fromstring(archive.read(sheet))
            shared: list[str] = []
            if "xl/sharedStrings.xml" in names:
                strings = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
                shared = ["".join(item.itertext()) for item in strings.iter(f"{_SPACE}si")]
            return [
                [value for cell in row.iter(f"{_SPACE}c") if (value := _value(cell, shared)) != ""]
                for row in tree.iter(f"{_SPACE}row")
            ]
    except (OSError, zipfile.BadZipFile, ElementTree.ParseError, ValueError, IndexError) as error:
        raise ValueError(f"{path.name} is not a readable spreadsheet") from error


def _value(cell: ElementTree.Element, shared: list[str]) -> float | str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(cell.itertext())
    text = cell.findtext(f"{_SPACE}v", "")
    if kind == "s":
        return shared[int(text)]
    return float(text) if kind == "n" and text else text
