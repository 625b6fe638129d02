"""The tempo that is asked for in a set."""

import re
from dataclasses import dataclass

OUT, HOLD, BACK = "tempo_out", "tempo_hold", "tempo_back"
"""Names of the measured seconds of the phases."""

SOURCE = "tempo:"
"""What the source of an error begins with if its limit is what the tempo asks for."""

_TEXT = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class Tempo:
    """Seconds of the phases of a repetition.

    Attributes:
        out_s: from rest to the turning point.
        hold_s: at the turning point.
        back_s: from there back to rest.
    """

    out_s: float
    hold_s: float
    back_s: float

    @classmethod
    def parse(cls, text: str) -> "Tempo":
        """Read a tempo such as 3-1-2.

        Raises:
            ValueError: the text is something else.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(
                f"tempo is {text!r}; expected seconds out, hold and back, such as 3-1-2"
            )
        return cls(*(float(part) for part in found.groups()))

    @property
    def whole_s(self) -> float:
        """Seconds of a repetition."""
        return self.out_s + self.hold_s + self.back_s
