"""Puts this folder on the path, so that the tests below it share their made-up figures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
