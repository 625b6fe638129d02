"""How often the coach speaks."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class CueSettings:
    """Checked settings of the cue policy. Times are seconds of stamps.

    Attributes:
        min_gap_s: between two cues; a more urgent cue about the execution does not wait.
        error_repeat_s: before the same error is named again.
        keep_s: how long a cue that has to wait is still worth saying.
        hint_after_s: nobody or too little seen for so long gives a hint.
        hint_repeat_s: before the same hint is given again.
        praise_after: repetitions in a row without a named error that earn praise.
        encourage_after: good repetitions in a row that earn encouragement; 0 = never.
        count_every: repetitions between two spoken counts; 0 = never.
    """

    min_gap_s: float
    error_repeat_s: float
    keep_s: float
    hint_after_s: float
    hint_repeat_s: float
    praise_after: int
    encourage_after: int
    count_every: int

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_s") and not 0.0 <= value <= 3600.0:
                raise ValueError(f"{each.name} is {value}; allowed are 0 to 3600 seconds")
        if self.praise_after < 1:
            raise ValueError(f"praise_after is {self.praise_after}; allowed are 1 and above")
        for name in ("encourage_after", "count_every"):
            if getattr(self, name) < 0:
                raise ValueError(
                    f"{name} is {getattr(self, name)}; allowed are 0 (never) and above"
                )
        if self.error_repeat_s < self.min_gap_s:
            raise ValueError(
                f"error_repeat_s ({self.error_repeat_s}) is below min_gap_s ({self.min_gap_s}); "
                "an error must not be repeated faster than cues follow each other"
            )
