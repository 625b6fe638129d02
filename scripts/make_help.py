"""Prints the targets and variables of the Makefile; needs the standard library only.

python3 scripts/make_help.py Makefile
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src" / "apsa_perception"), str(ROOT / "src" / "apsa_feedback")]

from apsa_feedback.bringup.options import OPTIONS  # noqa: E402  (found by the path above)


def targets(makefile: str) -> dict[str, str]:
    """Return the descriptions of the targets."""
    return dict(re.findall(r"^([\w-]+):[^#\n]*## (.+)$", makefile, re.MULTILINE))


def variables(makefile: str) -> dict[str, str]:
    """Return the descriptions of the variables: those of the coach and those of the file."""
    coach = {option.variable: option.help for option in OPTIONS if option.variable}
    return coach | dict(re.findall(r"^## ([A-Z_]+): (.+)$", makefile, re.MULTILINE))


def text(makefile: str) -> str:
    """Return the help."""
    lines = ["Targets:"]
    lines += [f"  {name:16} {help}" for name, help in targets(makefile).items()]
    lines += ["", "Variables, such as make coach SOURCE=clip.mp4 EXERCISE=squat:"]
    lines += [f"  {name:16} {help}" for name, help in variables(makefile).items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(text(Path(sys.argv[1]).read_text(encoding="utf-8")))
