"""Adds the checksum to a weight file that was written without one; the tensors stay the same.

python tools/checksum_weights.py FILE
"""

import sys
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save

from apsa_perception.apsa.weight_file import CHECKSUM_KEY, checksum


def add_checksum(path: Path) -> None:
    """Write the file again, with its checksum."""
    with safe_open(str(path), framework="pt") as file:
        metadata = {key: text for key, text in file.metadata().items() if key != CHECKSUM_KEY}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    metadata[CHECKSUM_KEY] = checksum(save(tensors, metadata))
    path.write_bytes(save(tensors, metadata))


if __name__ == "__main__":
    add_checksum(Path(sys.argv[1]))
