"""Where the shipped weights are."""

from importlib import import_module
from pathlib import Path

import apsa_perception

_PACKAGE = "apsa_perception"
_FILE = "models/apsa.safetensors"


def shipped_weights() -> Path:
    """Return the weight file of ``apsa_perception``.

    Looked for in the installed share folder, then in the checkout, where the folder ``models`` is
    beside the Python package.

    Raises:
        ValueError: the weights are in neither.
    """
    folders = [Path(str(apsa_perception.__file__)).resolve().parents[1]]
    try:
        ament = import_module("ament_index_python.packages")
        folders.insert(0, Path(ament.get_package_share_directory(_PACKAGE)))
    except (ImportError, LookupError):
        pass  # not installed: only the checkout is left
    for folder in folders:
        if (folder / _FILE).is_file():
            return folder / _FILE
    places = " or ".join(str(folder) for folder in folders)
    raise ValueError(f"shipped weights {_FILE} not found in {places}; give --weights FILE")
