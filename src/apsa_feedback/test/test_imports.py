"""What the import of a node costs: libraries only where they are needed."""

import subprocess
import sys

HEAVY = ("torch", "jinja2", "rosbags", "aiohttp", "matplotlib")


def test_the_feedback_node_imports_only_what_every_output_needs() -> None:
    code = (
        "import sys, apsa_feedback.nodes.feedback_node\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
