"""One progress line on a terminal, one line a stage elsewhere."""

import sys
import time

_BAR = 30


class ProgressLine:
    """Progress of a job of several stages of about equal length, on standard error."""

    def __init__(self, stages: int) -> None:
        self._stages = stages
        self._stage = 0
        self._skipped = 0
        self._name = ""
        self._started = time.monotonic()

    def stage(self, name: str) -> None:
        """Begin the next stage."""
        self._stage += 1
        self._name = name
        if sys.stderr.isatty():
            self.update(0.0)
        else:
            print(f"[{self._stage}/{self._stages}] {name}", file=sys.stderr, flush=True)

    def skip(self, name: str) -> None:
        """Count a stage whose result an earlier run left behind."""
        self.stage(f"{name} (already there)")
        self._skipped += 1

    def update(self, share: float) -> None:
        """Show the finished share (0..1) of the current stage."""
        if not sys.stderr.isatty():
            return
        done = (self._stage - 1 + share) / self._stages
        worked = done * self._stages - self._skipped
        spent = time.monotonic() - self._started
        left = ""
        if worked > 0:
            left = f"{spent / worked * (1 - done) * self._stages / 60:.0f} min left"
        bar = ("#" * round(done * _BAR)).ljust(_BAR)
        line = f"\r[{bar}] {done:4.0%} {self._name} {left}\033[K"
        print(line, end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line."""
        if sys.stderr.isatty():
            print(file=sys.stderr)
